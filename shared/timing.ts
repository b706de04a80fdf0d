/**
 * Every duration the platform waits for, in one place, so that tests and the demo run the same code on a faster
 * clock: `scaled(timing, 0.02)` turns a 30 s lease into 600 ms. Units are in the names.
 */
export interface Timing {
  /** A claim's lease, renewed while held; a takeover waits {@link Timing.takeoverGraceMs} past its end. */
  leaseMs: number
  leaseRenewMs: number
  /** The owner stops this long before its lease ends, by its own monotonic clock. */
  leaseFenceMs: number
  takeoverGraceMs: number
  /** How long an SQS copy stays invisible while a worker holds it; renewed at half of it. */
  visibilityMs: number
  /** Facts wait at most this long for company before they are written. */
  lingerMs: number
  /** A receipt not durable after this long is answered ESME_RX_T_APPN (0x64); the SMSC sends it again. */
  receiptDurableMs: number
  /** Settle notices of one page: at most every max(this, page age / 7). */
  noticeFloorMs: number
  controlPollMs: number
  heartbeatMs: number
  /** How often a worker puts its numbers out for the dashboard. */
  measureMs: number
  /** SIGTERM: how long answers are awaited before the window is given up (Fargate allows 120 s in all). */
  drainMs: number
  reconnectBaseMs: number
  reconnectCapMs: number
  /** Waits after a refused bind: wrong credentials want an operator, the others time. */
  badCredentialsRetryMs: number
  /** How often binds that wait because their credentials were refused look whether the secret was changed. */
  secretLookMs: number
  alreadyBoundRetryMs: number
  connectTimeoutMs: number
  bindTimeoutMs: number
  /** An enquire_link unanswered this long means the link is dead. */
  enquireTimeoutMs: number
  /** How long a throttled bind pauses (0x58); operators ask for 60 s. */
  throttlePauseMs: number
  /** First wait of a short retry of a temporary refusal; doubles. */
  retryBaseMs: number
  /** First age of a page at which pending ids are looked up among unplaced receipts; doubles each time. */
  unplacedLookupMs: number
  /** A message without final receipt is given up at validity plus this. */
  noReceiptGraceMs: number
  schedulerMs: number
  /** An unclaimed batch may be fed again only this long after it was fed. */
  refeedMs: number
}

export const TIMING: Readonly<Timing> = {
  leaseMs: 30_000,
  leaseRenewMs: 10_000,
  leaseFenceMs: 5_000,
  takeoverGraceMs: 5_000,
  visibilityMs: 60_000,
  lingerMs: 40,
  receiptDurableMs: 5_000,
  noticeFloorMs: 2_000,
  controlPollMs: 500,
  heartbeatMs: 5_000,
  measureMs: 60_000,
  drainMs: 60_000,
  reconnectBaseMs: 1_000,
  reconnectCapMs: 60_000,
  badCredentialsRetryMs: 60_000,
  secretLookMs: 5_000,
  alreadyBoundRetryMs: 30_000,
  connectTimeoutMs: 10_000,
  bindTimeoutMs: 10_000,
  enquireTimeoutMs: 10_000,
  throttlePauseMs: 60_000,
  retryBaseMs: 1_000,
  unplacedLookupMs: 10_000,
  noReceiptGraceMs: 24 * 3_600_000,
  schedulerMs: 60_000,
  refeedMs: 3_600_000,
}

/** The same proportions on a faster (factor < 1) or slower clock; every duration stays at least 1 ms. */
export function scaled(timing: Readonly<Timing>, factor: number): Timing {
  const entries = Object.entries(timing).map(([name, ms]) => [name, Math.max(1, Math.round(ms * factor))])
  return Object.fromEntries(entries) as unknown as Timing
}
