import type { Claim } from '../../shared/ledger/facts.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Ledger } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'

/** The wait between two attempts grows up to so many times the first one. */
const LONGEST_WAITS = 5

interface Ending {
  claim: Claim
  done: (isWritten: boolean) => void
}

/**
 * Writes down that batches are finished, many in one request: it needs no condition, since the outcome of every
 * message is durable before it is asked for (docs/adr/0006), and nobody waits for it. What is asked for while a
 * request is on its way goes with the next.
 */
export class FinishedClaims {
  readonly #ledger: Ledger
  readonly #clock: Clock
  readonly #timing: Timing
  readonly #log: Log
  readonly #abort = new AbortController()
  #collecting: Ending[] = []
  #isRunning = false

  constructor(options: { ledger: Ledger; clock: Clock; timing: Timing; log: Log }) {
    this.#ledger = options.ledger
    this.#clock = options.clock
    this.#timing = options.timing
    this.#log = options.log
  }

  /** Resolves to true when it is durable, however long that takes; to false only after {@link destroy}. */
  finish(claim: Claim): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#collecting.push({ claim, done: resolve })
    if (!this.#isRunning) void this.#run()
    return promise
  }

  /** Gives up what is not written: for a process about to die anyway. */
  destroy(): void {
    this.#abort.abort()
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#collecting.length > 0) {
      await this.#clock.sleep(this.#timing.lingerMs, this.#abort.signal)
      const endings = this.#collecting.splice(0)
      const isWritten = await this.#write(endings.map(({ claim }) => claim))
      for (const { done } of endings) done(isWritten)
    }
    this.#isRunning = false
  }

  async #write(claims: Claim[]): Promise<boolean> {
    const { signal } = this.#abort
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        await this.#ledger.finish(claims)
        return true
      } catch (cause) {
        const waitMs = this.#timing.retryBaseMs * Math.min(attempt, LONGEST_WAITS)
        this.#log.warn('finished batches not written down yet', {
          ...{ batches: claims.length, attempt, waitMs, cause: String(cause) },
        })
        await this.#clock.sleep(waitMs, signal)
      }
    }
    return false
  }
}
