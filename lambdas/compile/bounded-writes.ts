/** Writes that run side by side, a few at a time; whoever starts one waits while there are too many. */
export class BoundedWrites {
  readonly #most: number
  readonly #inFlight = new Set<Promise<void>>()
  #failure: { error: unknown } | null = null

  constructor(most: number) {
    this.#most = most
  }

  /** Resolves when the write has begun. @throws what an earlier write threw. */
  async start(write: () => Promise<void>): Promise<void> {
    while (this.#inFlight.size >= this.#most) await Promise.race(this.#inFlight)
    this.#throwFailure()
    const running = write()
      .catch((error: unknown) => {
        this.#failure ??= { error }
      })
      .finally(() => this.#inFlight.delete(running))
    this.#inFlight.add(running)
  }

  /** Resolves when all writes have ended. @throws what the first failed one threw. */
  async drain(): Promise<void> {
    await Promise.all(this.#inFlight)
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error
  }
}
