import { type ChildProcess, fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { ChildFailed } from './errors.ts'

export interface Exit {
  code: number | null
  signal: NodeJS.Signals | null
}

export interface ChildOptions {
  name: string
  /** Relative to the repository. */
  module: string
  argv?: readonly string[]
  env: Readonly<Record<string, string | undefined>>
  /** Every line it prints. */
  onLine?: (name: string, line: string) => void
}

const REPOSITORY = new URL('../../', import.meta.url)
const DIE_WITH_PARENT = new URL('./die-with-parent.ts', import.meta.url).href
/** Lines kept for the message when it fails. */
const LAST_LINES = 20

/**
 * A process of the platform. It leads a process group of its own, so that Ctrl-C reaches only the parent, which stops
 * the others in order; and it dies when the parent does.
 */
export class Child {
  readonly name: string
  readonly exited: Promise<Exit>
  readonly #process: ChildProcess
  readonly #lastLines: string[] = []
  /** Rejects when the process has ended. */
  readonly #failure: Promise<never>
  readonly #started: Promise<Record<string, unknown>>
  readonly #firstLine: Promise<string>
  #questions = 0

  constructor(options: ChildOptions) {
    this.name = options.name
    this.#process = fork(fileURLToPath(new URL(options.module, REPOSITORY)), options.argv ?? [], {
      env: options.env,
      // Not the parent's: vitest's and the profiler's are not meant for the platform.
      execArgv: ['--import', DIE_WITH_PARENT],
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.exited = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => resolve({ code, signal }))
    })
    this.#failure = new Promise((_, reject) => {
      // `close` comes after `exit`, with everything it printed read.
      this.#process.once('close', (code, signal) => {
        reject(new ChildFailed(this.name, signal ?? `exit code ${code}`, this.#lastLines))
      })
    })
    this.#started = this.#message((message) => message.kind === 'started')
    this.#firstLine = this.#readLines(options.onLine)
    // Whoever does not wait for one of them must not be ended by its failure.
    for (const promise of [this.#failure, this.#started, this.#firstLine]) promise.catch(() => {})
  }

  /** Resolves with the `{kind: 'started', …}` it sends when it is ready. @throws ChildFailed */
  started(): Promise<Record<string, unknown>> {
    return this.#started
  }

  /** Resolves with the first line it prints. @throws ChildFailed */
  firstLine(): Promise<string> {
    return this.#firstLine
  }

  /** Sends a request with an id of its own and resolves with the answer that carries it. @throws ChildFailed */
  ask(request: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    const id = ++this.#questions
    const answer = this.#message((message) => message.id === id)
    this.#process.send({ ...request, id })
    return answer
  }

  /** The last lines it printed. */
  lastLines(): readonly string[] {
    return this.#lastLines
  }

  kill(signal: NodeJS.Signals): void {
    this.#process.kill(signal)
  }

  /** SIGTERM, and SIGKILL when it has not ended after `graceMs`. */
  async stop(graceMs: number): Promise<Exit> {
    this.#process.kill('SIGTERM')
    const impatience = setTimeout(() => this.#process.kill('SIGKILL'), graceMs)
    const exit = await this.exited
    clearTimeout(impatience)
    return exit
  }

  #message(wanted: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    const message = new Promise<Record<string, unknown>>((resolve) => {
      const listener = (message: unknown) => {
        if (typeof message !== 'object' || message === null || !wanted(message as never)) return
        this.#process.off('message', listener)
        resolve(message as Record<string, unknown>)
      }
      this.#process.on('message', listener)
    })
    return Promise.race([message, this.#failure])
  }

  #readLines(onLine: ChildOptions['onLine']): Promise<string> {
    const first = new Promise<string>((resolve) => {
      for (const stream of [this.#process.stdout!, this.#process.stderr!]) {
        createInterface({ input: stream }).on('line', (line) => {
          if (stream === this.#process.stdout) resolve(line)
          this.#lastLines.push(line)
          if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift()
          onLine?.(this.name, line)
        })
      }
    })
    return Promise.race([first, this.#failure])
  }
}
