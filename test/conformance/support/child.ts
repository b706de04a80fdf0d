import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { until } from '../../support/until.ts'

const START_MS = 30_000

export interface ChildSpec {
  command: string
  args: readonly string[]
  cwd?: string
  /** What it prints, on stdout or stderr, once it can be used. */
  ready: RegExp
}

/**
 * A program of a peer. Nothing here cleans up after a failure: `run.sh` ends the whole namespace or process group of
 * a peer, and with it programs that programs have started.
 */
export class Child {
  readonly #process: ChildProcess
  #output = ''

  private constructor({ command, args, cwd }: ChildSpec) {
    this.#process = spawn(command, args, { ...(cwd && { cwd }), stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text
      })
    }
    this.#process.on('error', (error) => {
      this.#output += `${command}: ${error.message}\n`
    })
  }

  /** @throws when it ends, or prints nothing that matches `ready` in half a minute; with what it printed. */
  static async start(spec: ChildSpec): Promise<Child> {
    const child = new Child(spec)
    try {
      await until(() => spec.ready.test(child.output) || child.#ended, START_MS)
    } catch {}
    if (!spec.ready.test(child.output) || child.#ended) {
      throw new Error(`${spec.command} ${spec.args.join(' ')} did not start:\n${child.output.slice(-2_000)}`)
    }
    return child
  }

  /** Everything it has printed so far. */
  get output(): string {
    return this.#output
  }

  get isRunning(): boolean {
    return !this.#ended
  }

  get #ended(): boolean {
    const { exitCode, signalCode, pid } = this.#process
    return exitCode !== null || signalCode !== null || pid === undefined
  }

  /** Resolves when it is gone, with its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (!this.#ended) {
      const exited = once(this.#process, 'exit')
      this.#process.kill(signal)
      await exited
    }
    return this.#process.exitCode
  }
}
