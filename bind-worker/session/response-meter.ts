import type { Heartbeat } from '../../shared/contracts/records.ts'
import { latencyBucket, percentileMs } from '../../shared/ledger/latency.ts'

/** How fast segments are answered, and how many a second: over the last ten to twenty seconds. */
export class ResponseMeter {
  #before: Slot | null = null
  #slot: Slot

  constructor(nowMs: number) {
    this.#slot = newSlot(nowMs)
  }

  record(nowMs: number, latencyMs: number): void {
    this.#turn(nowMs)
    this.#slot.answered++
    const bucket = latencyBucket(latencyMs)
    this.#slot.histogram[bucket] = (this.#slot.histogram[bucket] ?? 0) + 1
  }

  /** Latencies are null when nothing was answered lately. */
  figures(nowMs: number): Pick<Heartbeat, 'latencyP50Ms' | 'latencyP95Ms' | 'perSecond'> {
    this.#turn(nowMs)
    const slots = this.#before ? [this.#before, this.#slot] : [this.#slot]
    const histogram: Record<number, number> = {}
    for (const slot of slots) {
      for (const [bucket, count] of Object.entries(slot.histogram)) {
        histogram[Number(bucket)] = (histogram[Number(bucket)] ?? 0) + count
      }
    }
    const answered = slots.reduce((sum, slot) => sum + slot.answered, 0)
    const forMs = Math.max(SHORTEST_MS, nowMs - slots[0]!.startedAtMs)
    return {
      latencyP50Ms: percentileMs(histogram, 0.5),
      latencyP95Ms: percentileMs(histogram, 0.95),
      perSecond: Math.round((answered * 10_000) / forMs) / 10,
    }
  }

  #turn(nowMs: number): void {
    const agoMs = nowMs - this.#slot.startedAtMs
    if (agoMs < SLOT_MS) return
    this.#before = agoMs < 2 * SLOT_MS ? this.#slot : newSlot(nowMs - SLOT_MS)
    this.#slot = newSlot(nowMs)
  }
}

interface Slot {
  readonly startedAtMs: number
  answered: number
  readonly histogram: Record<number, number>
}

const newSlot = (startedAtMs: number): Slot => ({ startedAtMs, answered: 0, histogram: {} })

const SLOT_MS = 10_000
/** The first answers of a bind are not extrapolated to a second. */
const SHORTEST_MS = 1_000
