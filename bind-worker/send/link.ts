import type { MessageTask, SegmentTask } from './tasks.ts'

/** What the sender needs of a bind; `bind-worker/session/bind.ts` is one. */
export interface SubmitPort {
  /** Bound, with room in its window, and the peer reads what we write. */
  readonly canSubmit: boolean
  /** Writes one submit_sm; its answer comes back with the segment. Null when it could not be written after all. */
  submit(octets: Buffer, segment: SegmentTask): number | null
  /** Drops the connection and binds again. */
  rebind(reason: string): void
}

/**
 * A bind as the sender sees it: the segments that belong to it, because all parts of a message go over one bind, and a
 * pause the SMSC asked for. Segments that were refused go again before those that were never written, each in the
 * order of their first time, so the parts of a message stay in order.
 */
export class Link {
  readonly port: SubmitPort
  #again: SegmentTask[] = []
  #unwritten: SegmentTask[] = []
  pausedUntilMs = 0

  constructor(port: SubmitPort) {
    this.port = port
  }

  get isEmpty(): boolean {
    return this.#again.length === 0 && this.#unwritten.length === 0
  }

  get first(): SegmentTask | undefined {
    return this.#again[0] ?? this.#unwritten[0]
  }

  next(): SegmentTask | undefined {
    return this.#again.shift() ?? this.#unwritten.shift()
  }

  /** Makes the bind the one of a message: its segments wait here, in order, before those of any message after it. */
  take(segments: readonly SegmentTask[]): void {
    this.#unwritten.push(...segments)
  }

  /** Has a segment of this bind go again, or go after all. */
  putBack(segment: SegmentTask): void {
    if (segment.order === 0) {
      this.#unwritten.unshift(segment)
      return
    }
    const before = this.#again.findLastIndex((other) => other.order < segment.order)
    this.#again.splice(before + 1, 0, segment)
  }

  pause(untilMs: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, untilMs)
  }

  /** Takes segments out, in order. */
  remove(which: (segment: SegmentTask) => boolean): SegmentTask[] {
    const removed = [...this.#again, ...this.#unwritten].filter(which)
    if (removed.length === 0) return removed
    this.#again = this.#again.filter((segment) => !which(segment))
    this.#unwritten = this.#unwritten.filter((segment) => !which(segment))
    return removed
  }

  /** Takes messages out of which nothing reached the SMSC: they may go another way, or not at all. */
  recall(which: (task: MessageTask) => boolean): MessageTask[] {
    const recalled = this.remove(({ task }) => task.begunSegments === 0 && which(task))
    return [...new Set(recalled.map((segment) => segment.task))]
  }
}
