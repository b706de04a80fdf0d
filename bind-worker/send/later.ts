import type { MessageTask } from './tasks.ts'

interface Entry {
  task: MessageTask
  place: 'first' | 'last'
  dueMs: number
}

/**
 * Messages that were refused for a passing reason and of which nothing is at the SMSC, until their next try. They hold
 * no slot of a window and no bind: one that is refused again and again delays nobody else.
 */
export class Later {
  /** In the order they are due. */
  readonly #entries: Entry[] = []

  add(task: MessageTask, place: 'first' | 'last', dueMs: number): void {
    const before = this.#entries.findLastIndex((entry) => entry.dueMs <= dueMs)
    this.#entries.splice(before + 1, 0, { task, place, dueMs })
  }

  /** Infinity when nothing waits. */
  get nextDueMs(): number {
    return this.#entries[0]?.dueMs ?? Number.POSITIVE_INFINITY
  }

  /** Takes out what is due. */
  due(nowMs: number): Entry[] {
    const waiting = this.#entries.findIndex(({ dueMs }) => dueMs > nowMs)
    return this.#entries.splice(0, waiting < 0 ? this.#entries.length : waiting)
  }

  remove(which: (task: MessageTask) => boolean): MessageTask[] {
    const removed = this.#entries.filter(({ task }) => which(task))
    for (const entry of removed) this.#entries.splice(this.#entries.indexOf(entry), 1)
    return removed.map(({ task }) => task)
  }
}
