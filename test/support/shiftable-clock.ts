import { systemClock } from '../../aws/system-clock.ts'
import type { Clock } from '../../shared/ports.ts'

export interface ShiftableClock extends Clock {
  /** Moves what `now()` says; sleeps stay real. For expiry dates against an emulator that runs in real time. */
  shift(ms: number): void
}

export function shiftableClock(): ShiftableClock {
  let offsetMs = 0
  return {
    ...systemClock,
    now: () => systemClock.now() + offsetMs,
    shift(ms) {
      offsetMs += ms
    },
  }
}
