/**
 * The oracle: the SMSC's own account against the platform's (design §6). Pure, so that each invariant has a test that
 * shows it failing. Promises are named by their numbers there.
 */
import { idKey } from '../../shared/smpp/message-id.ts'
import { SECRET_WORD } from './campaigns.ts'
import type { Observation, PageSeen } from './observation.ts'
import { batchName } from './recorded-ports.ts'
import type { Attempt } from './smsc.ts'

export const INVARIANTS = [
  'at rest',
  '1 receipts kept',
  '2 no lost batch',
  '3 each accounted once',
  '3 nothing twice',
  '4 unconfirmed, not lost',
  '4 true reports',
  '6 one bind, in order',
  'cancel obeyed',
  '10 nothing private logged',
] as const
export type Invariant = (typeof INVARIANTS)[number]

export interface Violation {
  invariant: Invariant
  what: string
  /** A number or `campaign#page#batch`. */
  about: string | null
}

export function violations(seen: Observation): Violation[] {
  const of = (invariant: Invariant, found: Iterable<Omit<Violation, 'invariant'>>): Violation[] =>
    [...found].map((violation) => ({ invariant, ...violation }))
  return [
    ...of('at rest', atRest(seen)),
    ...of('1 receipts kept', receiptsKept(seen)),
    ...of('2 no lost batch', noLostBatch(seen)),
    ...of('3 each accounted once', accountedOnce(seen)),
    ...of('3 nothing twice', nothingTwice(seen)),
    ...of('4 unconfirmed, not lost', nothingLost(seen)),
    ...of('4 true reports', trueReports(seen)),
    ...of('6 one bind, in order', oneBindInOrder(seen)),
    ...of('cancel obeyed', cancelObeyed(seen)),
    ...of('10 nothing private logged', nothingPrivate(seen)),
  ]
}

type Found = Generator<Omit<Violation, 'invariant'>>

function* atRest({ failures, campaigns }: Observation): Found {
  for (const what of failures) yield { what, about: null }
  for (const { id, state, settledAt, launch } of campaigns) {
    const over = state === 'settled' || (state === 'cancelled' && (settledAt !== null || launch === null))
    if (!over) yield { what: `campaign ${id} is ${state} and never settled`, about: null }
  }
}

/** Every receipt the SMSC was told it may forget is in the ledger. */
function* receiptsKept({ accepted, pages, keptAside }: Observation): Found {
  const placed = new Set<string>()
  for (const { facts } of pages) {
    for (const slice of facts.slices) {
      if (slice.kind === 'receipts') for (const row of slice.rows) placed.add(idKey(row[3]))
    }
  }
  for (const { receiptAckedAt, receiptId, to } of accepted) {
    const key = idKey(receiptId)
    if (receiptAckedAt === null || placed.has(key) || keptAside.has(key)) continue
    yield { what: `receipt ${receiptId} was acknowledged and is nowhere`, about: to }
  }
}

/** No batch left the queue unless every segment had its outcome, or it was parked. */
function* noLostBatch({ lostCopies, pages }: Observation): Found {
  for (const { batch, state, segmentsWithoutOutcome } of lostCopies) {
    const what = `last copy deleted with ${segmentsWithoutOutcome} segments open, claim ${state}`
    yield { what, about: batch }
  }
  for (const { facts } of pages) {
    for (const claim of facts.claims) {
      if (claim.state !== 'finished') yield { what: `claim stays ${claim.state}`, about: batchName(claim) }
    }
  }
}

/** Each recipient has one status, none is still queued, and the report adds up to them. */
function* accountedOnce({ pages }: Observation): Found {
  for (const { campaign, page, fed, recipients, lines, summary } of pages) {
    if (!fed) continue
    const counts: Record<string, number> = {}
    for (const { batch, i, status, segments } of recipients) {
      counts[status] = (counts[status] ?? 0) + 1
      const to = lines[batch]?.messages.find((message) => message.i === i)?.to ?? null
      const open = segments.filter((segment) => segment.status === 'queued').length
      if (open > 0) yield { what: `${open} of ${segments.length} parts have no fact at all`, about: to }
    }
    const reported = JSON.stringify(sorted(summary?.statuses ?? {}))
    if (reported !== JSON.stringify(sorted(counts))) {
      const what = `page ${page} of ${campaign} reports ${reported}, its facts say ${JSON.stringify(counts)}`
      yield { what, about: null }
    }
  }
}

const sorted = (counts: Record<string, number>) => Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))

/**
 * Under policy hold a segment that reached the SMSC and was not refused never comes again; under resend it may, and is
 * reported as resent.
 */
function* nothingTwice(seen: Observation): Found {
  const resent = resentSegments(seen)
  const kept = seen.attempts.filter(({ fate, record }) => fate !== 'refused' && !resent.has(nameOf(record)))
  for (const [segment, again] of Map.groupBy(kept, ({ record }) => `${record.to} part ${record.part}`)) {
    if (again.length > 1) {
      yield { what: `${segment} reached the SMSC ${again.length} times`, about: again[0]!.record.to }
    }
  }
}

/** What the SMSC accepted is reported accepted (a receipt proves it too), or unconfirmed. */
function* nothingLost(seen: Observation): Found {
  const reported = reportedSegments(seen.pages)
  for (const { to, part } of seen.accepted) {
    const segment = reported.get(`${to}.${part}`)
    const known = segment && (segment.outcome?.[4] === 'accepted' || segment.receipt !== null)
    if (known || segment?.status === 'unconfirmed') continue
    yield { what: `part ${part} was accepted and is reported ${segment?.status ?? 'nowhere'}`, about: to }
  }
}

const nameOf = ({ to, part }: Pick<Attempt['record'], 'to' | 'part'>): string => `${to}.${part}`

/** Segments of campaigns under policy resend that are reported as resent. */
function resentSegments({ campaigns, pages }: Observation): Set<string> {
  const resending = new Set(campaigns.filter(({ policy }) => policy === 'resend').map(({ id }) => id))
  const reported = reportedSegments(pages.filter(({ campaign }) => resending.has(campaign)))
  return new Set([...reported].filter(([, { resent }]) => resent).map(([name]) => name))
}

/** Nothing is reported accepted or delivered that the SMSC did not accept or deliver, in one of its copies. */
function* trueReports(seen: Observation): Found {
  const truth = Map.groupBy(seen.accepted, nameOf)
  for (const [name, { status, outcome, receipt, to }] of reportedSegments(seen.pages)) {
    const copies = truth.get(name) ?? []
    if (outcome?.[4] === 'accepted' && !copies.some(({ messageId }) => messageId === outcome[5])) {
      const ids = copies.map(({ messageId }) => messageId).join(', ')
      yield { what: `${name} is reported accepted as ${outcome[5]}, the SMSC has ${ids}`, about: to }
    }
    if (status === 'delivered' && !copies.some(({ stat }) => stat === 'DELIVRD')) {
      const said = copies.map(({ stat }) => stat).join(', ')
      yield { what: `${name} is reported delivered, the SMSC says ${said}`, about: to }
    }
    if (receipt && !copies.some(({ receiptId }) => receiptId === receipt[3])) {
      yield { what: `${name} got the receipt of another message, ${receipt[3]}`, about: to }
    }
  }
}

function reportedSegments(pages: readonly PageSeen[]) {
  const segments = new Map<string, PageSeen['recipients'][number]['segments'][number] & { to: string }>()
  for (const { recipients, lines } of pages) {
    for (const { batch, i, segments: parts } of recipients) {
      const to = lines[batch]?.messages.find((message) => message.i === i)?.to ?? ''
      for (const segment of parts) segments.set(`${to}.${segment.part}`, { ...segment, to })
    }
  }
  return segments
}

/** The parts of a message that were not refused went over one bind, began in order, and carry the same particulars. */
function* oneBindInOrder(seen: Observation): Found {
  const resent = resentSegments(seen)
  for (const [to, ofMessage] of Map.groupBy(seen.attempts, ({ record }) => record.to)) {
    // A message that went again as a whole may have gone over another bind.
    const kept = ofMessage.filter(({ fate, record }) => fate !== 'refused' && !resent.has(nameOf(record)))
    const binds = new Set(kept.map(({ record }) => record.bind))
    if (binds.size > 1) yield { what: `parts went over binds ${[...binds].join(', ')}`, about: to }
    const particulars = new Set(
      kept.map(({ record }) => [record.ref, record.total, record.entityId, record.templateId].join(' ')),
    )
    if (particulars.size > 1) yield { what: `parts differ: ${[...particulars].join(' | ')}`, about: to }
    for (const overOneBind of Map.groupBy(ofMessage, ({ record }) => record.bind).values()) {
      const order = firstAttempts(overOneBind)
      const isInOrder = order.every((part, index) => part === index + 1)
      if (!isInOrder) yield { what: `parts began in the order ${order.join(', ')}`, about: to }
    }
  }
}

const firstAttempts = (attempts: readonly Attempt[]): number[] => [
  ...new Set(attempts.map(({ record }) => record.part)),
]

/** Once the workers have seen a cancel, no message of the campaign begins. */
function* cancelObeyed({ cancelled, pages, attempts }: Observation): Found {
  for (const { campaign, atMs, seenByMs } of cancelled) {
    const numbers = new Set(
      pages
        .filter((page) => page.campaign === campaign)
        .flatMap(({ lines }) => lines.flatMap(({ messages }) => messages.map(({ to }) => String(to)))),
    )
    const begun = new Set<string>()
    for (const { atMs: sentMs, record } of attempts) {
      if (!numbers.has(record.to) || begun.has(record.to)) continue
      begun.add(record.to)
      if (sentMs <= seenByMs) continue
      yield { what: `begun ${(sentMs - atMs).toFixed(0)} ms after the cancel`, about: record.to }
    }
  }
}

function* nothingPrivate({ logLines, pages }: Observation): Found {
  const numbers = new Set(
    pages.flatMap(({ lines }) => lines.flatMap(({ messages }) => messages.map(({ to }) => to.slice(-10)))),
  )
  for (const line of logLines) {
    const number = line.match(/\d{10,}/g)?.find((digits) => numbers.has(digits.slice(-10)))
    if (number) yield { what: `a number is in the log: ${line}`, about: number }
    if (line.includes(SECRET_WORD)) yield { what: `text is in the log: ${line}`, about: null }
  }
}
