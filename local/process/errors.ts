import { DakgharError } from '../../shared/errors.ts'

/** Thrown when a process of the platform ended by itself; the message carries the last it printed. */
export class ChildFailed extends DakgharError {
  constructor(name: string, exit: string, output: readonly string[]) {
    const said = output.length > 0 ? ` It last said:\n${output.join('\n')}` : ''
    super('child_failed', `The process "${name}" ended by itself (${exit}).${said}`)
  }
}
