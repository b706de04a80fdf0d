import { describe, expect, it } from 'vitest'
import type { OutcomeRow, ReceiptRow, Slice } from '../../shared/ledger/facts.ts'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import { foldPage } from '../../shared/ledger/fold-page.ts'
import type { SubmitRecord } from '../../simulator/truth.ts'
import { aLaunchedCampaign } from '../campaign/campaign.factory.ts'
import { CAMPAIGN, planLine } from '../worker/factories.ts'
import { SECRET_WORD } from './campaigns.ts'
import { INVARIANTS, type Invariant, violations } from './invariants.ts'
import type { Observation } from './observation.ts'
import type { Attempt } from './smsc.ts'

const LINE = planLine([1, 2])
const [SHORT, LONG] = LINE.messages.map(({ to }): string => to) as [string, string]

function record(to: string, part: number, fields: Partial<SubmitRecord> = {}): SubmitRecord {
  const id = `${to.slice(-4)}-${part}`
  return {
    ...{ messageId: id, receiptId: id, systemId: 'chaos', bind: 1, at: 0, source: 'DAKGHR', to, part },
    ...{
      dataCoding: 0,
      esmClass: 0,
      ref: 7,
      total: 1,
      octets: '',
      entityId: 'e',
      templateId: 't',
      chain: null,
    },
    ...{
      validityPeriod: '',
      registeredDelivery: 1,
      stat: 'DELIVRD',
      err: '000',
      receiptsSent: 1,
      scrub: null,
      responded: true,
    },
    receiptAckedAt: 1,
    ...fields,
  }
}

const RECORDS = [record(SHORT, 1), record(LONG, 1), record(LONG, 2)]
const OUTCOMES: OutcomeRow[] = [
  [0, 0, 1, 1, 'accepted', RECORDS[0]!.messageId, 0, 1],
  [0, 1, 1, 2, 'accepted', RECORDS[1]!.messageId, 0, 1],
  [0, 1, 2, 2, 'accepted', RECORDS[2]!.messageId, 0, 1],
]
const RECEIPTS: ReceiptRow[] = [
  [0, 0, 1, RECORDS[0]!.receiptId, 'DELIVRD', '000', null, 2],
  [0, 1, 1, RECORDS[1]!.receiptId, 'DELIVRD', '000', null, 2],
  [0, 1, 2, RECORDS[2]!.receiptId, 'DELIVRD', '000', null, 2],
]

interface Change {
  records?: SubmitRecord[]
  attempts?: Attempt[]
  outcomes?: OutcomeRow[]
  receipts?: ReceiptRow[]
  state?: 'finished' | 'parked'
  over?: Partial<Observation>
}

/** A run in which a short message and one of two parts were sent and delivered, with something changed. */
function observed(change: Change = {}): Observation {
  const { records = RECORDS, outcomes = OUTCOMES, receipts = RECEIPTS, state = 'finished' } = change
  const slice = { campaign: CAMPAIGN, page: 0, owner: 'boot', n: 0 }
  const slices: Slice[] = [
    { ...slice, kind: 'outcomes', rows: outcomes },
    { ...slice, kind: 'receipts', rows: receipts },
  ]
  const claim = {
    ...{ campaign: CAMPAIGN, page: 0, batch: 0, state, owner: 'boot' as never, gen: 2, crashes: 0 },
    ...{ leaseUntil: 0, reserved: '11', lineHash: '', parked: null },
  }
  const facts = { claims: [claim], slices }
  const shape = { batches: [[1, 2]] }
  return {
    campaigns: [{ ...aLaunchedCampaign({ id: CAMPAIGN, state: 'settled' }) }],
    pages: [
      {
        ...{ campaign: CAMPAIGN, page: 0, fed: true, lines: [LINE], facts },
        recipients: foldRecipients(shape, facts, { receipts: 'part' }),
        summary: foldPage(shape, facts, { receipts: 'part', asOf: 3 }),
      },
    ],
    attempts: change.attempts ?? records.map((one, n) => ({ atMs: n, record: one, fate: 'accepted' })),
    ...{ accepted: records, keptAside: new Set(), lostCopies: [], cancelled: [], failures: [] },
    logLines: ['info worker started {}'],
    ...change.over,
  }
}

const attempt = (one: SubmitRecord, fate: Attempt['fate'] = 'accepted'): Attempt => ({
  ...{ atMs: 0, record: one, fate },
})
const broken = (change: Change): Invariant[] => [
  ...new Set(violations(observed(change)).map(({ invariant }) => invariant)),
]

const BREAKS: readonly [what: string, change: Change, invariant: Invariant][] = [
  ['a run that did not come to rest', { over: { failures: ['two copies queued'] } }, 'at rest'],
  [
    'a campaign that never settles',
    { over: { campaigns: [aLaunchedCampaign({ state: 'sent' })] } },
    'at rest',
  ],
  ['a receipt that was acknowledged and is nowhere', { receipts: RECEIPTS.slice(1) }, '1 receipts kept'],
  [
    'a copy deleted before its batch had ended',
    { over: { lostCopies: [{ batch: 'c#0#0', state: 'held', segmentsWithoutOutcome: 3 }] } },
    '2 no lost batch',
  ],
  ['a batch that stays parked', { state: 'parked' }, '2 no lost batch'],
  [
    'a recipient without any fact',
    { records: RECORDS.slice(1), outcomes: OUTCOMES.slice(1), receipts: RECEIPTS.slice(1) },
    '3 each accounted once',
  ],
  [
    'a segment that reached the SMSC twice',
    { attempts: [...RECORDS.map((one) => attempt(one)), attempt(RECORDS[0]!, 'swallowed')] },
    '3 nothing twice',
  ],
  [
    'an accepted segment reported refused',
    {
      records: [record(SHORT, 1, { receiptAckedAt: null }), ...RECORDS.slice(1)],
      outcomes: [[0, 0, 1, 1, 'refused', '8', 0, 1], ...OUTCOMES.slice(1)],
      receipts: RECEIPTS.slice(1),
    },
    '4 unconfirmed, not lost',
  ],
  [
    'a delivery the SMSC knows nothing of',
    { records: [record(SHORT, 1, { stat: 'UNDELIV' }), ...RECORDS.slice(1)] },
    '4 true reports',
  ],
  [
    'parts over two binds',
    { records: [...RECORDS.slice(0, 2), record(LONG, 2, { bind: 2 })] },
    '6 one bind, in order',
  ],
  [
    'parts that begin in the wrong order',
    { attempts: [RECORDS[0]!, RECORDS[2]!, RECORDS[1]!].map((one) => attempt(one)) },
    '6 one bind, in order',
  ],
  [
    'parts of different particulars',
    { records: [...RECORDS.slice(0, 2), record(LONG, 2, { ref: 8 })] },
    '6 one bind, in order',
  ],
  [
    'a message begun after everybody saw the cancel',
    { over: { cancelled: [{ campaign: CAMPAIGN, atMs: -10, seenByMs: -5 }] } },
    'cancel obeyed',
  ],
  ['a number in the log', { over: { logLines: [`warn sent to ${SHORT}`] } }, '10 nothing private logged'],
  ['a text in the log', { over: { logLines: [`warn ${SECRET_WORD}`] } }, '10 nothing private logged'],
]

describe('the oracle', () => {
  it('has nothing against a run in which everything went well', () => {
    expect(violations(observed())).toEqual([])
  })

  it.each(BREAKS)('finds %s', (_what, change, invariant) => {
    expect(broken(change)).toContain(invariant)
  })

  it('has a case for each of its invariants', () => {
    expect(new Set(BREAKS.map(([, , invariant]) => invariant))).toEqual(new Set(INVARIANTS))
  })

  it('takes a receipt kept aside for a receipt kept', () => {
    const outcomes: OutcomeRow[] = [[0, 0, 1, 1, 'unconfirmed', '', 0, 1], ...OUTCOMES.slice(1)]
    const over = { keptAside: new Set([RECORDS[0]!.receiptId]) }
    expect(broken({ outcomes, receipts: RECEIPTS.slice(1), over })).toEqual([])
  })

  it('lets a segment come twice that is reported as resent, under policy resend only', () => {
    const copy = record(SHORT, 1, { bind: 2, messageId: 'copy', receiptId: 'copy', receiptAckedAt: null })
    const attempts = [...RECORDS, copy].map((one) => attempt(one))
    const outcomes: OutcomeRow[] = [...OUTCOMES, [0, 0, 1, 1, 'resent', '', 0, 1]]
    const change = { records: [...RECORDS, copy], attempts, outcomes }
    const campaigns = [aLaunchedCampaign({ id: CAMPAIGN, state: 'settled', policy: 'resend' })]
    expect(broken({ ...change, over: { campaigns } })).toEqual([])
    expect(broken(change)).toContain('3 nothing twice')
    expect(broken({ ...change, outcomes: OUTCOMES, over: { campaigns } })).toContain('3 nothing twice')
  })

  it('lets a segment that was refused come again', () => {
    const attempts = [attempt(RECORDS[0]!, 'refused'), ...RECORDS.map((one) => attempt(one))]
    expect(broken({ attempts })).toEqual([])
  })
})
