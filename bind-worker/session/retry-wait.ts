import type { Timing } from '../../shared/timing.ts'
import { backoffMs, spreadMs } from '../pacing/backoff.ts'
import type { BindRefusal } from './bind-pdu.ts'

/** How one attempt to bind went: refused, failed before the SMSC was asked, or bound for some time. */
export type Attempt =
  | { kind: 'refused'; why: BindRefusal }
  | { kind: 'failed' }
  | { kind: 'bound'; forMs: number }

/** A bind that lasted this many times the first wait counts as a success; one cut at once is one more failure. */
const LIVED_FACTOR = 10

/** How long a bind waits before its next attempt, by how the earlier ones went. Pure: chance is passed in. */
export class RetryWait {
  readonly #timing: Timing
  #failures = 0
  #wasCutAtOnce = false

  constructor(timing: Timing) {
    this.#timing = timing
  }

  /** Attempts in a row that led to no bind worth the name, the last one included. */
  get failures(): number {
    return this.#failures
  }

  /** Whether the last session there was did not last. */
  get wasCutAtOnce(): boolean {
    return this.#wasCutAtOnce
  }

  /** @param random in [0, 1). */
  after(attempt: Attempt, random: number): number {
    const timing = this.#timing
    const lived = attempt.kind === 'bound' && attempt.forMs >= LIVED_FACTOR * timing.reconnectBaseMs
    this.#failures = lived ? 1 : this.#failures + 1
    if (attempt.kind === 'bound') this.#wasCutAtOnce = !lived
    if (attempt.kind === 'refused') {
      // The next turn comes when there are credentials worth trying.
      if (attempt.why === 'wrongCredentials') return 0
      if (attempt.why === 'alreadyBound') return spreadMs(timing.alreadyBoundRetryMs, random)
      if (attempt.why === 'throttled') return spreadMs(timing.throttlePauseMs, random)
    }
    return backoffMs(this.#failures, timing, random)
  }
}
