import { describe, expect, it } from 'vitest'
import { awaitedReceipts } from '../../shared/ledger/awaited.ts'
import type { PageFacts, Slice } from '../../shared/ledger/facts.ts'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import { foldPage } from '../../shared/ledger/fold-page.ts'
import { outcome, outcomes, receipt, receipts, T0 } from './facts.factory.ts'

const facts = (...slices: Slice[]): PageFacts => ({ claims: [], slices })
const ONE = { batches: [[1]] }
const THREE_PARTS = { batches: [[3]] }

/** Status and reason of the only recipient of the page. */
function fold(slices: Slice[], shape = ONE, mode: 'part' | 'message' = 'part') {
  const [recipient] = foldRecipients(shape, facts(...slices), { receipts: mode })
  return { status: recipient!.status, code: recipient!.code }
}

describe('a single segment', () => {
  it.each([
    ['nothing known yet', [], 'queued', null],
    ['accepted by the SMSC', [outcomes(outcome('accepted', { id: 'm1' }))], 'sent', null],
    ['refused at submit', [outcomes(outcome('refused', { id: '11' }))], 'refused', 'smpp:11'],
    [
      'cut off with its bind',
      [outcomes(outcome('refused', { id: 'multipart_cut' }))],
      'refused',
      'multipart_cut',
    ],
    ['sent without a response', [outcomes(outcome('unconfirmed'))], 'unconfirmed', null],
    ['not sent before its expiry', [outcomes(outcome('lapsed'))], 'expired', 'not_sent'],
    ['suppressed late', [outcomes(outcome('suppressed', { id: 'list' }))], 'suppressed', 'list'],
    ['cancelled', [outcomes(outcome('cancelled'))], 'cancelled', null],
  ])('%s', (_name, slices, status, code) => {
    expect(fold(slices)).toEqual({ status, code })
  })

  it.each([
    ['DELIVRD', '000', 'delivered', null],
    ['UNDELIV', '069', 'undelivered', 'err:069'],
    ['UNDELIV', '000', 'undelivered', 'stat:UNDELIV'],
    ['DELETED', '', 'undelivered', 'stat:DELETED'],
    ['EXPIRED', '027', 'expired', 'err:027'],
    ['REJECTD', '633', 'rejected', 'err:633'],
    ['ENROUTE', '000', 'sent', null],
    ['UNKNOWN', '000', 'sent', null],
  ])('accepted, then a receipt %s err:%s', (stat, err, status, code) => {
    expect(fold([outcomes(outcome('accepted')), receipts(receipt(stat, { err }))])).toEqual({ status, code })
  })

  it('takes a receipt without any outcome as proof that it was accepted', () => {
    expect(fold([receipts(receipt('DELIVRD'))]).status).toBe('delivered')
    expect(fold([receipts(receipt('ENROUTE'))]).status).toBe('sent')
  })

  it('lets a receipt overrule an outcome that knew less', () => {
    expect(fold([outcomes(outcome('unconfirmed')), receipts(receipt('DELIVRD'))]).status).toBe('delivered')
    expect(fold([outcomes(outcome('refused', { id: '8' })), receipts(receipt('DELIVRD'))]).status).toBe(
      'delivered',
    )
  })

  it('lets a late response resolve what was unconfirmed', () => {
    const late = outcomes(outcome('unconfirmed', { at: T0 + 60_000 }), outcome('accepted', { at: T0 + 20 }))
    expect(fold([late]).status).toBe('sent')
  })

  it('never lets an intermediate or unknown word take a final receipt back', () => {
    const late = receipts(
      receipt('DELIVRD'),
      receipt('ENROUTE', { at: T0 + 9_000 }),
      receipt('UNKNOWN', { at: T0 + 9_999 }),
    )
    expect(fold([late]).status).toBe('delivered')
  })

  it('believes the later of two failures', () => {
    const two = receipts(
      receipt('EXPIRED', { at: T0 + 5_000 }),
      receipt('UNDELIV', { at: T0 + 4_000, err: '001' }),
    )
    expect(fold([two])).toEqual({ status: 'expired', code: 'stat:EXPIRED' })
  })

  it('stops waiting when told that no receipt came, and forgets that when one does', () => {
    const gaveUp = receipts(receipt('NO_RECEIPT', { at: T0 + 90_000_000 }))
    expect(fold([outcomes(outcome('accepted')), gaveUp]).status).toBe('no_receipt')
    expect(fold([outcomes(outcome('unconfirmed')), gaveUp]).status).toBe('unconfirmed')
    expect(fold([receipts(receipt('ENROUTE')), gaveUp]).status).toBe('no_receipt')
    expect(fold([receipts(receipt('UNKNOWN', { at: T0 + 99_000_000 })), gaveUp]).status).toBe('no_receipt')
    expect(fold([receipts(receipt('UNDELIV', { err: '069' })), gaveUp]).code).toBe('err:069')
    expect(fold([outcomes(outcome('accepted')), gaveUp, receipts(receipt('DELIVRD'))]).status).toBe(
      'delivered',
    )
  })
})

describe('a segment that was sent again', () => {
  const copies = outcomes(
    outcome('unconfirmed'),
    outcome('resent', { sub: T0 + 60_000 }),
    outcome('accepted', { id: 'first', at: T0 + 61_000 }),
    outcome('accepted', { id: 'second', sub: T0 + 60_000, at: T0 + 62_000 }),
  )

  it('is what its copies came to, and marked as resent', () => {
    const [recipient] = foldRecipients(ONE, facts(copies), { receipts: 'part' })
    expect(recipient).toMatchObject({ status: 'sent', segments: [{ resent: true }] })
    expect(recipient!.segments[0]!.outcome?.[5]).toBe('second')
  })

  it('is counted once, however many copies there were', () => {
    const twice = outcomes(outcome('resent'), outcome('resent', { at: T0 + 5 }))
    const options = { receipts: 'part', asOf: T0 } as const
    const summary = foldPage(ONE, facts(copies, twice), options)
    expect(summary.segments).toMatchObject({ planned: 1, accepted: 1, resent: 1 })
  })

  it('is unconfirmed when a copy was refused: the one before may have been accepted', () => {
    const refused = outcomes(outcome('resent'), outcome('refused', { id: '11' }))
    expect(fold([refused])).toEqual({ status: 'unconfirmed', code: null })
  })

  it('waits for the receipts of every copy that was accepted', () => {
    const recipients = foldRecipients(ONE, facts(copies), { receipts: 'part' })
    expect(awaitedReceipts(recipients)).toEqual([
      { batch: 0, i: 0, part: 1, id: 'second', submittedAt: T0 + 60_000 },
      { batch: 0, i: 0, part: 1, id: 'first', submittedAt: T0 },
    ])
  })
})

describe('a message of several parts', () => {
  const accepted = outcomes(...[1, 2, 3].map((part) => outcome('accepted', { part, parts: 3 })))
  const part = (n: number, stat: string, err = '000') => receipt(stat, { part: n, err })

  it('is delivered when every part is', () => {
    expect(fold([accepted, receipts(part(1, 'DELIVRD'), part(2, 'DELIVRD'))], THREE_PARTS).status).toBe(
      'sent',
    )
    expect(
      fold([accepted, receipts(part(1, 'DELIVRD'), part(2, 'DELIVRD'), part(3, 'DELIVRD'))], THREE_PARTS)
        .status,
    ).toBe('delivered')
  })

  it('is delivered with one receipt where the gateway receipts the message once', () => {
    expect(fold([accepted, receipts(part(3, 'DELIVRD'))], THREE_PARTS, 'message').status).toBe('delivered')
  })

  it('fails as its lowest failed part does', () => {
    const mixed = receipts(part(1, 'DELIVRD'), part(3, 'EXPIRED', '027'), part(2, 'UNDELIV', '069'))
    expect(fold([accepted, mixed], THREE_PARTS)).toEqual({ status: 'undelivered', code: 'err:069' })
  })

  it('is unconfirmed when a part is and none failed', () => {
    const mixed = outcomes(
      outcome('accepted', { part: 1, parts: 3 }),
      outcome('unconfirmed', { part: 2, parts: 3 }),
      outcome('accepted', { part: 3, parts: 3 }),
    )
    expect(fold([mixed, receipts(part(1, 'DELIVRD'))], THREE_PARTS).status).toBe('unconfirmed')
  })

  it('is no_receipt when nothing more can come and a part never got its receipt', () => {
    const none = receipts(part(1, 'DELIVRD'), part(2, 'DELIVRD'), receipt('NO_RECEIPT', { part: 3 }))
    expect(fold([accepted, none], THREE_PARTS).status).toBe('no_receipt')
  })

  it('takes part 0 as every part', () => {
    expect(fold([outcomes(outcome('cancelled', { part: 0, parts: 3 }))], THREE_PARTS).status).toBe(
      'cancelled',
    )
  })
})

describe('facts that are not this page’s', () => {
  it('change nothing', () => {
    const strangers = [
      outcomes(
        outcome('refused', { batch: 7 }),
        outcome('refused', { i: 1 }),
        outcome('refused', { part: 2, parts: 2 }),
      ),
      receipts(receipt('UNDELIV', { part: -1 })),
    ]
    expect(fold(strangers).status).toBe('queued')
  })
})
