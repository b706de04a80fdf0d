/**
 * The report is a fold over facts. Every rule below picks the greatest of a set by a total order, so facts may arrive
 * late, twice, in any order and from any worker: the answer is the same.
 *
 * Per segment: the greatest outcome (accepted > refused > unconfirmed > lapsed > suppressed > cancelled) and the
 * greatest receipt (delivered > failed > UNKNOWN > interim > no receipt came); equal rank: the later one, then bytes.
 * `resent` outcomes are no outcome of a segment, they mark it: what
 * a later copy was refused for says nothing of an earlier one, so only acceptance or a receipt decides such a segment. A real receipt proves acceptance by itself. That we stopped waiting is no receipt: it ends a segment that is still
 * pending, and changes nothing else. Per recipient: see `recipientStatus`.
 */
import { receiptRank, statusOfStat } from '../smpp/states.ts'
import { NO_RECEIPT, type OutcomeKind, type OutcomeRow, type PageFacts, type ReceiptRow } from './facts.ts'
import type { Status } from './summary.ts'

/** Parts of each message, per batch of the page. */
export interface FoldShape {
  batches: readonly (readonly number[])[]
}

export interface FoldOptions {
  /** `message`: the gateway sends one receipt for all parts, so one delivered part speaks for the message. */
  receipts: 'part' | 'message'
}

export interface SegmentFold {
  part: number
  status: Status
  /** Why, for statuses that have a reason: `smpp:<status>`, `err:<code>`, `stat:<word>` or a word of ours. */
  code: string | null
  outcome: OutcomeRow | null
  receipt: ReceiptRow | null
  /** Another copy was submitted of what may have been sent: the subscriber may have it twice. */
  resent: boolean
  /** Outcomes of copies that were accepted under other ids than that of `outcome`. */
  otherCopies: readonly OutcomeRow[]
}

export interface RecipientFold {
  batch: number
  i: number
  status: Status
  code: string | null
  segments: SegmentFold[]
}

const OUTCOME_RANK: Record<Exclude<OutcomeKind, 'resent'>, number> = {
  accepted: 6,
  refused: 5,
  unconfirmed: 4,
  lapsed: 3,
  suppressed: 2,
  cancelled: 1,
}

const FAILED: ReadonlySet<Status> = new Set([
  'undelivered',
  'expired',
  'rejected',
  'refused',
  'suppressed',
  'cancelled',
])

/** The status of every recipient of the page, in plan order. */
export function foldRecipients(shape: FoldShape, facts: PageFacts, options: FoldOptions): RecipientFold[] {
  const best = new SegmentBests(shape)
  for (const slice of facts.slices) {
    if (slice.kind === 'outcomes') for (const row of slice.rows) best.offerOutcome(row)
    else for (const row of slice.rows) best.offerReceipt(row)
  }
  return best.recipients(options)
}

/** The greatest outcome and receipt of each segment of a page, at a flat index. */
class SegmentBests {
  readonly #shape: FoldShape
  /** Per batch, the flat index of each message's first segment, and one past the last. */
  readonly #starts: number[][] = []
  readonly #outcomes: (OutcomeRow | undefined)[]
  readonly #receipts: (ReceiptRow | undefined)[]
  /** Segments whose receipt nobody waits for any more. */
  readonly #givenUp: Uint8Array
  readonly #resent: Uint8Array
  /** By segment, accepted outcomes by id, when there are several: only resent segments have them. */
  readonly #copies = new Map<number, Map<string, OutcomeRow>>()

  constructor(shape: FoldShape) {
    this.#shape = shape
    let next = 0
    for (const messages of shape.batches) {
      const starts = new Array<number>(messages.length + 1)
      for (let i = 0; i < messages.length; i++) {
        starts[i] = next
        next += messages[i]!
      }
      starts[messages.length] = next
      this.#starts.push(starts)
    }
    this.#outcomes = new Array(next)
    this.#receipts = new Array(next)
    this.#givenUp = new Uint8Array(next)
    this.#resent = new Uint8Array(next)
  }

  /** Rows that name no segment of the page are not this page's and change nothing. */
  #range(batch: number, i: number, part: number): [first: number, end: number] {
    const starts = this.#starts[batch]
    const first = starts?.[i]
    const end = starts?.[i + 1]
    if (first === undefined || end === undefined) return [0, 0]
    if (part === 0) return [first, end]
    const at = first + part - 1
    return part > 0 && at < end ? [at, at + 1] : [0, 0]
  }

  offerOutcome(row: OutcomeRow): void {
    const [first, end] = this.#range(row[0], row[1], row[2])
    if (row[4] === 'resent') {
      this.#resent.fill(1, first, end)
      return
    }
    for (let at = first; at < end; at++) {
      const standing = this.#outcomes[at]
      if (standing?.[4] === 'accepted' && row[4] === 'accepted') this.#noteCopies(at, standing, row)
      if (standing === undefined || outcomeOrder(row, standing) > 0) this.#outcomes[at] = row
    }
  }

  offerReceipt(row: ReceiptRow): void {
    const [first, end] = this.#range(row[0], row[1], row[2])
    if (row[4] === NO_RECEIPT) {
      this.#givenUp.fill(1, first, end)
      return
    }
    for (let at = first; at < end; at++) {
      const standing = this.#receipts[at]
      if (standing === undefined || receiptOrder(row, standing) > 0) this.#receipts[at] = row
    }
  }

  #noteCopies(at: number, ...rows: [OutcomeRow, OutcomeRow]): void {
    if (rows[0][5] === rows[1][5]) return
    const copies = this.#copies.get(at) ?? new Map<string, OutcomeRow>()
    this.#copies.set(at, copies)
    for (const row of rows) {
      const standing = copies.get(row[5])
      if (standing === undefined || outcomeOrder(row, standing) > 0) copies.set(row[5], row)
    }
  }

  /** In the order of their bytes, so that no fold depends on which came first. */
  #otherCopies(at: number, outcome: OutcomeRow | null): readonly OutcomeRow[] {
    const copies = this.#copies.get(at)
    return copies ? [...copies.values()].filter((row) => row[5] !== outcome?.[5]).sort(byBytes) : NONE
  }

  recipients(options: FoldOptions): RecipientFold[] {
    const recipients: RecipientFold[] = []
    for (const [batch, messages] of this.#shape.batches.entries()) {
      const starts = this.#starts[batch]!
      for (let i = 0; i < messages.length; i++) {
        const segments: SegmentFold[] = []
        for (let part = 1; part <= messages[i]!; part++) {
          const at = starts[i]! + part - 1
          const [outcome, receipt] = [this.#outcomes[at] ?? null, this.#receipts[at] ?? null]
          const resent = this.#resent[at] === 1
          const { status, code } = segmentStatus(outcome, receipt, resent)
          const ended = status === 'sent' && this.#givenUp[at] === 1
          segments.push({
            ...{ part, status: ended ? 'no_receipt' : status, code, outcome, receipt },
            resent,
            otherCopies: this.#otherCopies(at, outcome),
          })
        }
        recipients.push({ batch, i, ...recipientStatus(segments, options), segments })
      }
    }
    return recipients
  }
}

const NONE: readonly OutcomeRow[] = []

const rankOf = ([, , , , kind]: OutcomeRow): number => (kind === 'resent' ? 0 : OUTCOME_RANK[kind])

function outcomeOrder(a: OutcomeRow, b: OutcomeRow): number {
  return rankOf(a) - rankOf(b) || a[7] - b[7] || byBytes(a, b)
}

function receiptOrder(a: ReceiptRow, b: ReceiptRow): number {
  return receiptRank(a[4]) - receiptRank(b[4]) || a[7] - b[7] || byBytes(a, b)
}

/** Rows that still tie are ordered by their text, so that no fold depends on which came first. */
function byBytes(a: readonly unknown[], b: readonly unknown[]): number {
  const left = JSON.stringify(a)
  const right = JSON.stringify(b)
  return left < right ? -1 : left > right ? 1 : 0
}

function segmentStatus(
  outcome: OutcomeRow | null,
  receipt: ReceiptRow | null,
  resent: boolean,
): { status: Status; code: string | null } {
  if (receipt) {
    const status = statusOfStat(receipt[4])
    if (status === 'pending') return { status: 'sent', code: null }
    return { status, code: status === 'delivered' ? null : receiptCode(receipt) }
  }
  if (!outcome) return { status: 'queued', code: null }
  if (resent && outcome[4] !== 'accepted') return { status: 'unconfirmed', code: null }
  switch (outcome[4]) {
    case 'accepted':
      return { status: 'sent', code: null }
    case 'refused':
      return { status: 'refused', code: /^\d+$/.test(outcome[5]) ? `smpp:${outcome[5]}` : outcome[5] }
    case 'unconfirmed':
      return { status: 'unconfirmed', code: null }
    case 'lapsed':
      return { status: 'expired', code: 'not_sent' }
    case 'suppressed':
      return { status: 'suppressed', code: outcome[5] || null }
    case 'cancelled':
      return { status: 'cancelled', code: outcome[5] || null }
    case 'resent':
      return { status: 'queued', code: null }
  }
}

/** The operator's error code when it says something, else the word. */
function receiptCode(receipt: ReceiptRow): string {
  const err = receipt[5]
  return /^0*$/.test(err) ? `stat:${receipt[4]}` : `err:${err}`
}

/**
 * The lowest failed part decides; all delivered → delivered (one is enough where the gateway receipts the message
 * once); else unconfirmed if any; else what the others still wait for.
 */
function recipientStatus(
  segments: readonly SegmentFold[],
  options: FoldOptions,
): { status: Status; code: string | null } {
  const failed = segments.find((segment) => FAILED.has(segment.status))
  if (failed) return { status: failed.status, code: failed.code }
  const count = (status: Status) =>
    segments.reduce((n, segment) => n + (segment.status === status ? 1 : 0), 0)
  const delivered = count('delivered')
  if (delivered === segments.length || (options.receipts === 'message' && delivered > 0)) {
    return { status: 'delivered', code: null }
  }
  if (count('unconfirmed') > 0) return { status: 'unconfirmed', code: null }
  if (count('queued') === segments.length) return { status: 'queued', code: null }
  if (count('sent') + count('queued') > 0) return { status: 'sent', code: null }
  return { status: 'no_receipt', code: null }
}
