import { Round } from './round.ts'

export interface AdaptiveLimitOptions {
  /** Segments in flight it starts with and never goes below. */
  min: number
  max: number
  /** How long after a refusal for being too fast the window that met it is tried again. */
  regainMs: number
}

/**
 * How many segments of one bind may await their response: enough to keep the SMSC busy, not so many that they queue
 * there.
 *
 * By Little's law what is in flight is the rate times the mean latency. Up to some window more in flight means a
 * higher rate; beyond it the rate stays and the latency grows, because the rest waits in the SMSC's queue. Where that
 * knee lies differs by a hundred between gateways and changes over the day, so it is looked for, one *round* (see
 * `round.ts`) after the other:
 *
 * - A queue delays every response, a slow one only itself. So the queue is seen in the quick responses: their latency
 *   (the round's first quartile) less the least one known, the *base*. Against the mean latency that is, by the same
 *   law, the share of what is in flight which merely waits. A few very slow responses move it hardly at all.
 * - Less than {@link LITTLE} of it waits: the window grows, doubling at first and after refusals, then by a quarter.
 *   More than {@link MUCH}: it shrinks by what waits. Between the two it stays, and the SMSC never runs dry.
 * - It changes only when it was used: a sender held back by its token bucket learns nothing about the window.
 * - The base is what a link without a queue takes, and gets forgotten: unseen for {@link BASE_LASTS_MS}, the window is
 *   lowered for one round to where no queue can be, and what is measured then is the new base. Should three cuts in a
 *   row not have brought the latency down, the base was wrong, and is replaced at once.
 * - Refused for being too fast (0x58 ESME_RTHROTTLED, 0x14 ESME_RMSGQFUL), the window is halved, and for `regainMs`
 *   stays below the one that was refused, starting from three quarters. What was in flight already is not counted
 *   again, and refusals without a round of success between them count as one storm with one ceiling.
 *
 * One response that is slow, or never comes, changes nothing: a dead SMSC leaves the window full, which stops us anyway.
 *
 * Ideas from TCP: the queue in segments as the thing to steer by (Brakmo, Peterson, "TCP Vegas", 1995), a forgotten
 * minimum found again by draining (Cardwell et al., "BBR", 2016), halving and a remembered ceiling on refusal (RFC
 * 5681, RFC 9438).
 */
export class AdaptiveLimit {
  readonly #options: AdaptiveLimitOptions
  #window: number
  #doubling = true
  #round: Round
  #baseMs = Number.POSITIVE_INFINITY
  #baseSeenAtMs: number
  /** The window to go back to while it is lowered to look for the base. */
  #windowBeforeLooking: number | null = null
  #cutsInARow = 0
  #refused: { window: number; atMs: number } | null = null
  #succeededSinceRefusal = true

  constructor(options: AdaptiveLimitOptions, nowMs: number) {
    this.#options = options
    this.#window = options.min
    this.#round = new Round(nowMs)
    this.#baseSeenAtMs = nowMs
  }

  /** Segments that may be in flight now. */
  get window(): number {
    return Math.floor(this.#window)
  }

  /**
   * A segment was accepted.
   *
   * @param nowMs monotonic, like every time here.
   * @param latencyMs from submit_sm to its response.
   * @param inFlight how many were in flight until now, this one included.
   */
  onAccepted(nowMs: number, latencyMs: number, inFlight: number): void {
    this.#round.add(nowMs, latencyMs, inFlight)
    if (!this.#round.isComplete(nowMs, this.#window)) return
    this.#learn(this.#round, nowMs)
    this.#round = new Round(nowMs)
  }

  /** A segment was refused for being too fast. */
  onRefused(nowMs: number, latencyMs: number): void {
    if (this.#refused && nowMs - latencyMs < this.#refused.atMs) return
    const window = this.#succeededSinceRefusal ? this.#window : this.#refused!.window
    this.#refused = { window, atMs: nowMs }
    this.#succeededSinceRefusal = false
    this.#windowBeforeLooking = null
    this.#doubling = true
    this.#set(this.#window / 2, nowMs)
    this.#round = new Round(nowMs)
  }

  #learn(round: Round, nowMs: number): void {
    this.#succeededSinceRefusal = true
    const quickMs = round.quickMs()
    if (this.#windowBeforeLooking !== null) {
      this.#setBase(quickMs, nowMs)
      this.#set(this.#windowBeforeLooking, nowMs)
      this.#windowBeforeLooking = null
      return
    }
    if (quickMs < this.#baseMs) this.#setBase(quickMs, nowMs)
    else if (quickMs <= this.#baseMs * SAME_FACTOR + SAME_MS) this.#baseSeenAtMs = nowMs

    const isStale = nowMs - this.#baseSeenAtMs > BASE_LASTS_MS
    if (round.mostInFlight < USED_SHARE * this.window) {
      // The queue, if there is one, is not of our making.
      if (isStale) this.#setBase(quickMs, nowMs)
      return
    }
    const waitingShare = Math.max(0, quickMs - this.#baseMs - JITTER_MS) / round.meanMs
    this.#steer(waitingShare, quickMs, nowMs)
    if (!isStale) return
    this.#windowBeforeLooking = this.#window
    this.#set(this.#window * (1 - waitingShare) * LOOKING_SHARE, nowMs)
  }

  #steer(waitingShare: number, quickMs: number, nowMs: number): void {
    if (waitingShare <= Math.max(MUCH, MUCH_SEGMENTS / this.window)) {
      this.#cutsInARow = 0
      if (waitingShare >= Math.max(LITTLE, LITTLE_SEGMENTS / this.window)) this.#doubling = false
      else this.#set(this.#window * (this.#doubling ? 2 : GROWTH), nowMs)
      return
    }
    this.#doubling = false
    if (++this.#cutsInARow > CUTS_BELIEVED) {
      this.#cutsInARow = 0
      this.#setBase(quickMs, nowMs)
      return
    }
    this.#set(this.#window * Math.max(DEEPEST_CUT, 1 - waitingShare), nowMs)
  }

  #setBase(baseMs: number, nowMs: number): void {
    this.#baseMs = baseMs
    this.#baseSeenAtMs = nowMs
  }

  #set(window: number, nowMs: number): void {
    const { min, max } = this.#options
    this.#window = Math.max(min, Math.min(max, this.#ceiling(nowMs), window))
  }

  /** Grows back from three quarters of the window that was refused to all of it in `regainMs`, and on at that pace. */
  #ceiling(nowMs: number): number {
    if (!this.#refused) return Number.POSITIVE_INFINITY
    const { window, atMs } = this.#refused
    return window * (CEILING_SHARE + ((1 - CEILING_SHARE) * (nowMs - atMs)) / this.#options.regainMs)
  }
}

/** Shares of what is in flight that wait in the SMSC's queue: below the first there is room, above the second too much. */
const LITTLE = 0.1
const MUCH = 0.25
/** In a narrow window the shares are fractions of a segment: so many may always wait. */
const LITTLE_SEGMENTS = 2
const MUCH_SEGMENTS = 4
const GROWTH = 1.25
/** A cut is never deeper, because what a round says is an estimate. */
const DEEPEST_CUT = 0.7
/** A queue of ours is gone after so many cuts; latency that stayed up has another cause. */
const CUTS_BELIEVED = 3
/** A window never filled to this share does not limit. */
const USED_SHARE = 0.8
/** Event loops and networks delay by so much without any queue at the SMSC. */
const JITTER_MS = 4
/** Latency this near the base is the base. Well below what {@link LITTLE} allows, else it would creep upwards. */
const SAME_FACTOR = 1.05
const SAME_MS = 1
/** BBR's figure. Looking costs a round or two at three quarters of the rate. */
const BASE_LASTS_MS = 10_000
const LOOKING_SHARE = 0.75
const CEILING_SHARE = 0.75
