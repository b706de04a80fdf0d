/**
 * Time that passes only when nothing is left to do at the present moment: four hours of receipts take as long as the
 * work in them. Timers and the wall clock of the process are replaced by it, so the platform's own code runs in it with
 * all its durations as they are; only how long the machine takes for something does not count.
 */
import { systemClock } from '../aws/system-clock.ts'
import type { EpochMs } from '../shared/ids.ts'
import type { Clock } from '../shared/ports.ts'

/** Turns of the event loop in which nothing moved, after which nothing is expected to move any more. */
const QUIET_TURNS = 4

export class SimulatedTime {
  readonly clock: Clock
  #now: EpochMs
  readonly #moved: () => number
  readonly #timers = new Set<SimulatedTimer>()
  #underWay = 0

  /** `moved` grows while octets are on their way inside this process: time must wait for them. */
  constructor(start: EpochMs, moved: () => number) {
    this.#now = start
    this.#moved = moved
    const now = () => this.#now
    this.clock = { now, monotonicMs: now, sleep: systemClock.sleep }
  }

  /** Replaces the clock and the timers of this process. */
  install(): void {
    const { clearTimeout: clearReal } = globalThis
    const clear = (timer: unknown) => {
      if (timer instanceof SimulatedTimer) this.#timers.delete(timer)
      else clearReal(timer as NodeJS.Timeout)
    }
    const arm = (everyMs: number | null, afterMs: number, callback: () => void) => {
      const timer = new SimulatedTimer(this.#now + atLeastOne(afterMs), everyMs, callback, this.#timers)
      this.#timers.add(timer)
      return timer
    }
    type Callback = (...args: unknown[]) => void
    const replacements = {
      setTimeout: (callback: Callback, ms = 0, ...args: unknown[]) => arm(null, ms, () => callback(...args)),
      setInterval: (callback: Callback, ms = 0, ...args: unknown[]) => arm(ms, ms, () => callback(...args)),
      clearTimeout: clear,
      clearInterval: clear,
    }
    Object.assign(globalThis, replacements)
    Date.now = () => this.#now
  }

  /** Lets no time pass until the work has ended. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#underWay++
    try {
      return await work
    } finally {
      this.#underWay--
    }
  }

  /** Lets time pass until the work has ended. */
  async until<T>(work: Promise<T>): Promise<T> {
    let isOver = false
    const end = () => {
      isOver = true
    }
    work.then(end, end)
    for (;;) {
      await this.#quiet()
      if (isOver) return work
      this.#passToNextTimer()
    }
  }

  async #quiet(): Promise<void> {
    let moved = this.#moved()
    for (let turns = 0; turns < QUIET_TURNS; turns++) {
      await new Promise(setImmediate)
      const movedNow = this.#moved()
      if (this.#underWay > 0 || movedNow !== moved) turns = -1
      moved = movedNow
    }
  }

  #passToNextTimer(): void {
    let next = Number.POSITIVE_INFINITY
    for (const { dueAt } of this.#timers) next = Math.min(next, dueAt)
    if (next === Number.POSITIVE_INFINITY)
      throw new Error('Time stands still: nothing is under way and no timer is set.')
    this.#now = Math.max(this.#now, next)
    for (const timer of [...this.#timers])
      if (timer.dueAt <= this.#now && this.#timers.has(timer)) timer.fire()
  }
}

const atLeastOne = (ms: number): number => Math.max(1, Math.floor(ms) || 1)

/** What `setTimeout` and `setInterval` answer, as far as it is used here. */
class SimulatedTimer {
  dueAt: EpochMs
  readonly #everyMs: number | null
  readonly #callback: () => void
  readonly #armed: Set<SimulatedTimer>

  constructor(dueAt: EpochMs, everyMs: number | null, callback: () => void, armed: Set<SimulatedTimer>) {
    this.dueAt = dueAt
    this.#everyMs = everyMs
    this.#callback = callback
    this.#armed = armed
  }

  fire(): void {
    if (this.#everyMs === null) this.#armed.delete(this)
    else this.dueAt += atLeastOne(this.#everyMs)
    this.#callback()
  }

  ref(): this {
    return this
  }

  /** Nobody waits for the process to end. */
  unref(): this {
    return this
  }
}
