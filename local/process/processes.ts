import { Child, type ChildOptions } from './child.ts'
import { ChildFailed } from './errors.ts'

/** In which order the processes stop: those that take in work, those that finish it, those the others need. */
const STOP_ORDER: readonly (readonly string[])[] = [
  ['api', 'functions'],
  ['bind-worker'],
  ['simulator'],
  ['emulators'],
]

/** What a process may take to finish; the worker drains its window (Fargate would give it 120 s). */
const STOP_GRACE_MS = 30_000

/** The processes of one platform: started one by one, stopped in order, and none may end unnoticed. */
export class Processes {
  /** Rejects when a process ends that was not asked to. */
  readonly failed: Promise<never>
  readonly #running = new Set<Child>()
  readonly #expected = new WeakSet<Child>()
  readonly #onLine: ChildOptions['onLine']
  #fail: (error: Error) => void = () => {}

  constructor(onLine?: ChildOptions['onLine']) {
    this.#onLine = onLine
    this.failed = new Promise((_, reject) => {
      this.#fail = reject
    })
    this.failed.catch(() => {})
  }

  start(options: ChildOptions): Child {
    const child = new Child({ ...options, ...(this.#onLine && { onLine: this.#onLine }) })
    this.#running.add(child)
    child.exited.then(({ code, signal }) => {
      this.#running.delete(child)
      if (!this.#expected.has(child)) {
        this.#fail(new ChildFailed(child.name, signal ?? `exit code ${code}`, child.lastLines()))
      }
    })
    return child
  }

  /** Its end is no failure. */
  expectEnd(child: Child): void {
    this.#expected.add(child)
  }

  async stop(): Promise<void> {
    for (const child of this.#running) this.expectEnd(child)
    for (const names of STOP_ORDER) {
      const group = [...this.#running].filter((child) => names.includes(child.name))
      await Promise.all(group.map((child) => child.stop(STOP_GRACE_MS)))
    }
  }
}
