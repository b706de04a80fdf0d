import type { ScenarioEvent } from './scenario.ts'

export interface DueEvent {
  event: ScenarioEvent
  /** When it should have begun: now, or a little earlier. */
  dueMs: number
}

interface Upcoming {
  event: ScenarioEvent
  /** Infinity for what waits for messages. */
  dueMs: number
}

/** What of a scenario begins when. Time, since the start, and the count of accepted messages are passed in. */
export class Schedule {
  #upcoming: Upcoming[]

  constructor(events: readonly ScenarioEvent[]) {
    this.#upcoming = events.map((event) => ({ event, dueMs: firstOf(event) }))
  }

  /** Accepted messages that something begins at; Infinity when nothing waits for messages. */
  get nextSubmitted(): number {
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...this.#upcoming.map(({ event }) =>
        'when' in event ? event.when.submitted : Number.POSITIVE_INFINITY,
      ),
    )
  }

  /** What begins by now and has not been given yet, earliest first; a repeated event once for every period. */
  take(nowMs: number, submitted: number): DueEvent[] {
    const due: DueEvent[] = []
    const left: Upcoming[] = []
    for (const { event, dueMs } of this.#upcoming) {
      if ('when' in event) {
        if (submitted >= event.when.submitted) due.push({ event, dueMs: nowMs })
        else left.push({ event, dueMs })
      } else if ('every' in event) {
        let next = dueMs
        for (; next <= nowMs; next += event.every) due.push({ event, dueMs: next })
        left.push({ event, dueMs: next })
      } else if (dueMs <= nowMs) due.push({ event, dueMs })
      else left.push({ event, dueMs })
    }
    this.#upcoming = left
    return due.sort((a, b) => a.dueMs - b.dueMs)
  }
}

function firstOf(event: ScenarioEvent): number {
  if ('at' in event) return event.at
  return 'every' in event ? event.every : Number.POSITIVE_INFINITY
}
