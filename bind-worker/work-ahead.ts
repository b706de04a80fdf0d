/**
 * How much work is claimed and reserved before it is sent. Long against a claim's round trip, so the wire never waits;
 * short, because what a crash leaves reserved and unsent can only be called unconfirmed.
 */
const WORK_AHEAD_MS = 250

export interface WorkAhead {
  /** Messages reserved at a time. */
  reserve: number
  /** Messages of a lane that are claimed and wait: below it another batch is claimed. */
  lowWater: number
  /** Copies of batches of a lane kept ready, unclaimed. */
  prefetch: number
}

/** @param tps segments per second of the task. */
export function workAhead(tps: number): WorkAhead {
  const messages = (tps * WORK_AHEAD_MS) / 1_000
  return {
    reserve: clamp(messages, 1, 100),
    lowWater: clamp(messages, 50, 4_000),
    prefetch: clamp(tps / 20, 2, 40),
  }
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, Math.ceil(value)))
