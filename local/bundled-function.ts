import { Child } from './process/child.ts'

/** A function that runs from its bundle in a process of its own, with the environment it was given and no other. */
export class BundledFunction {
  readonly #child: Child

  constructor(name: string, file: string, env: Readonly<Record<string, string>>) {
    this.#child = new Child({ name, module: 'local/process/bundled-function.ts', argv: [file], env })
  }

  /** Resolves when the bundle is loaded, with the milliseconds that took. @throws ChildFailed */
  async loaded(): Promise<number> {
    return Number((await this.#child.started()).loadMs)
  }

  /** @throws whatever the function does, and ChildFailed when its process ends. */
  async invoke(event: unknown, timeoutSeconds: number): Promise<unknown> {
    await this.loaded()
    const { answer, error } = await this.#child.ask({ event, timeoutSeconds })
    if (error !== undefined) throw new Error(String(error))
    return answer
  }

  async stop(): Promise<void> {
    await this.#child.stop(5_000)
  }
}
