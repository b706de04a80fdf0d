import type { RouteConfig } from '../../shared/contracts/route.ts'
import { classify } from '../../shared/smpp/status-class.ts'
import type { Timing } from '../../shared/timing.ts'
import { AdaptiveLimit } from '../pacing/adaptive-limit.ts'

/** A window refused by 0x58 or 0x14 costs a pause; it is tried again after so many of them. */
const REGAIN_PAUSES = 5

/** The window of one session: fixed when the route gives one size, else adapted to what the SMSC answers. */
export class BindWindow {
  readonly #overrides: RouteConfig['statusOverrides']
  readonly #limit: AdaptiveLimit | null
  readonly #fixed: number

  constructor(
    route: Pick<RouteConfig, 'window' | 'statusOverrides'>,
    timing: Pick<Timing, 'throttlePauseMs'>,
    nowMs: number,
  ) {
    const { min, max } = route.window
    this.#overrides = route.statusOverrides
    this.#fixed = max
    this.#limit =
      min < max
        ? new AdaptiveLimit({ min, max, regainMs: REGAIN_PAUSES * timing.throttlePauseMs }, nowMs)
        : null
  }

  get size(): number {
    return this.#limit?.window ?? this.#fixed
  }

  /**
   * A segment was answered in time. What is refused for itself is often refused before it reaches any queue, so its
   * latency says nothing of the queue.
   *
   * @param inFlight how many were until now, this one included.
   */
  onResponse(nowMs: number, status: number, latencyMs: number, inFlight: number): void {
    if (!this.#limit) return
    if (status === 0) {
      this.#limit.onAccepted(nowMs, latencyMs, inFlight)
      return
    }
    const statusClass = classify(status, this.#overrides).class
    if (statusClass === 'throttled' || statusClass === 'queueFull') this.#limit.onRefused(nowMs, latencyMs)
  }
}
