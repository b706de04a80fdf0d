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
 * A bind as the sender sees it: a line of segments that belong to it, because all parts of a message go over one
 * bind, and a pause the SMSC asked for.
 */
export class Link {
  readonly port: SubmitPort
  #line: SegmentTask[] = []
  pausedUntilMs = 0

  constructor(port: SubmitPort) {
    this.port = port
  }

  get isEmpty(): boolean {
    return this.#line.length === 0
  }

  get first(): SegmentTask | undefined {
    return this.#line[0]
  }

  next(): SegmentTask | undefined {
    return this.#line.shift()
  }

  putFirst(...segments: SegmentTask[]): void {
    this.#line.unshift(...segments)
  }

  putLast(segment: SegmentTask): void {
    this.#line.push(segment)
  }

  /** Takes the segments of some messages out of the line, in order. */
  remove(which: (task: MessageTask) => boolean): SegmentTask[] {
    const removed = this.#line.filter((segment) => which(segment.task))
    if (removed.length > 0) this.#line = this.#line.filter((segment) => !which(segment.task))
    return removed
  }
}
