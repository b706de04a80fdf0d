import { systemClock } from '../../aws/system-clock.ts'
import type { Clock } from '../../shared/ports.ts'

/**
 * The clocks of the processes of a run: one wall clock each, whose jumps live in memory that all threads share. Time
 * that passes is everybody's, and so is the queue's and the tables' own clock, which never jumps.
 */
export class Jumps {
  readonly shared: Int32Array<SharedArrayBuffer>

  constructor(shared = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT))) {
    this.shared = shared
  }

  jump(process: number, ms: number): void {
    Atomics.add(this.shared, process, ms)
  }

  clockOf(process: number): Clock {
    const { shared } = this
    return { ...systemClock, now: () => systemClock.now() + Atomics.load(shared, process) }
  }
}

/** The functions share a clock; each worker has its own. */
export const FUNCTIONS_CLOCK = 0
export const workerClock = (slot: number): number => slot + 1
