/** When receipts come in India: most in seconds, some in minutes, a few in hours. Pure. */

interface Share {
  /** Of all messages. */
  share: number
  /** Anything in between, equally likely: the widest spread, for which facts are packed the worst. */
  fromMs: number
  toMs: number
}

const SHARES: readonly Share[] = [
  { share: 0.7, fromMs: 2_000, toMs: 8_000 },
  { share: 0.22, fromMs: 8_000, toMs: 300_000 },
  { share: 0.08, fromMs: 300_000, toMs: 4 * 3_600_000 },
]

export const MEAN_RECEIPT_DELAY_MS = SHARES.reduce(
  (sum, { share, fromMs, toMs }) => sum + (share * (fromMs + toMs)) / 2,
  0,
)
/** No receipt comes later. */
export const LAST_RECEIPT_MS = SHARES.at(-1)!.toMs

/** @param random in [0, 1). */
export function drawReceiptDelayMs(random: () => number): number {
  let left = random()
  for (const { share, fromMs, toMs } of SHARES) {
    if (left < share) return fromMs + (toMs - fromMs) * (left / share)
    left -= share
  }
  return LAST_RECEIPT_MS
}
