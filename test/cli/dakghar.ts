import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

export const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url))

/** What a run of the CLI came to. */
export class Finished {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string

  constructor(exitCode: number | null, stdout: string, stderr: string) {
    this.exitCode = exitCode
    this.stdout = stdout
    this.stderr = stderr
  }

  /** Standard output as one JSON value per line. */
  get json(): unknown[] {
    const lines = this.stdout.trimEnd().split('\n')
    return lines.map((line): unknown => JSON.parse(line))
  }
}

/** Runs the CLI as a shell would, with `stdin` piped in; `env` instead of this process's. */
export async function dakghar(
  args: string[],
  stdin: string | Uint8Array = '',
  env: NodeJS.ProcessEnv = process.env,
): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...args], { env })
  // A command that refuses its arguments never reads: the pipe then breaks, as in any shell.
  child.stdin.on('error', () => {})
  child.stdin.end(stdin)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return new Finished(exitCode, stdout, stderr)
}
