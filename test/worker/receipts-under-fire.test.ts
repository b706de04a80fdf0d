/** Receipts as gateways send them when they are at their worst, through the receiver by clocks that stand still. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { ReceiptRow } from '../../shared/ledger/facts.ts'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import { type PduFields, STATUS } from '../../shared/smpp/codec.ts'
import { TIMING } from '../../shared/timing.ts'
import { CAMPAIGN, route } from './factories.ts'
import { closeReceivers, receiverSetUp as setUp, TO } from './receiver.factory.ts'

afterEach(closeReceivers)

const { ESME_ROK, ESME_RX_T_APPN } = STATUS
const DELIVRD = 'id:77 stat:DELIVRD err:000'
const MINUTE_MS = 60_000
/** As in the receiver. */
const MAX_BACKLOG_ROWS = 40_000
const MAX_MESSAGES = 1_000

/** What the report says of message 7 of batch 2, to which these receipts are. */
function statusAfter(rows: readonly ReceiptRow[]): string {
  const shape = { batches: [[], [], Array<number>(8).fill(1)] }
  const slice = { campaign: CAMPAIGN, page: 0, owner: 'one', n: 0, kind: 'receipts' as const, rows }
  return foldRecipients(shape, { claims: [], slices: [slice] }, { receipts: 'part' }).at(-1)!.status
}

describe('a receipt', () => {
  it.each<[how: string, fields: PduFields]>([
    ['as text', { esm_class: 4, short_message: Buffer.from(DELIVRD) }],
    ['in TLVs only', { esm_class: 4, receipted_message_id: Buffer.from('77\0'), message_state: 2 }],
    ['in TLVs only, not flagged by esm_class', { receipted_message_id: Buffer.from('77'), message_state: 2 }],
    ['in message_payload', { esm_class: 4, message_payload: Buffer.from(DELIVRD) }],
    ['not flagged by esm_class', { esm_class: 0, short_message: Buffer.from(DELIVRD) }],
    ['labelled UCS-2 and being ASCII', { esm_class: 4, data_coding: 8, short_message: Buffer.from(DELIVRD) }],
    ['labelled GSM and being UCS-2', { esm_class: 4, data_coding: 0, short_message: ucs2(DELIVRD) }],
    [
      'labelled as nothing there is',
      { esm_class: 4, data_coding: 0xf5, short_message: Buffer.from(DELIVRD) },
    ],
    [
      'behind a user data header',
      { esm_class: 0x44, short_message: Buffer.from(`\x05\x00\x03\x4d\x01\x01${DELIVRD}`) },
    ],
    [
      'with its id in the TLV and another in the text',
      {
        ...{ esm_class: 4, receipted_message_id: Buffer.from('77'), message_state: 2 },
        short_message: Buffer.from('id:12 stat:DELIVRD err:000'),
      },
    ],
  ])('%s is written under its message', async (_how, fields) => {
    const { deliver, remember, settled, rows, answers, queue } = setUp()
    remember('77')
    remember('12', '919000000000', { i: 6 })
    deliver(fields)
    await settled()
    expect((await rows()).map(([, i, , id, stat]) => [i, id, stat])).toEqual([[7, '77', 'DELIVRD']])
    expect(answers).toEqual([ESME_ROK])
    expect(queue.bodies('inbound')).toEqual([])
  })

  it('sent again because its acknowledgement was lost goes where the first went, and changes nothing', async () => {
    const { receipt, remember, settled, pass, rows, receiver, answers } = setUp()
    remember('77')
    receipt(DELIVRD)
    await settled()
    await pass(5 * MINUTE_MS)
    receipt(DELIVRD)
    await settled()
    const all = await rows()
    expect(all).toHaveLength(2)
    expect([statusAfter(all.slice(0, 1)), statusAfter(all)]).toEqual(['delivered', 'delivered'])
    expect(receiver.counts).toEqual({ placed: 2, keptAside: 0, turnedAway: 0 })
    expect(answers).toEqual([ESME_ROK, ESME_ROK])
  })

  it('of an id whose final receipt came long ago is another message’s, and kept aside', async () => {
    const { receipt, remember, settled, pass, rows, receiver } = setUp()
    remember('77')
    receipt(DELIVRD)
    await pass(11 * MINUTE_MS)
    receipt(DELIVRD)
    await settled()
    expect(await rows()).toHaveLength(1)
    expect(receiver.counts.keptAside).toBe(1)
  })

  it('that is interim waits for the final one however long it takes', async () => {
    const { receipt, remember, settled, pass, rows } = setUp()
    remember('77')
    receipt('id:77 stat:ACCEPTD err:000')
    await pass(30 * MINUTE_MS)
    receipt(DELIVRD)
    await settled()
    expect((await rows()).map((row) => row[4])).toEqual(['ACCEPTD', 'DELIVRD'])
  })

  it.each([
    ['ENROUTE after DELIVRD', ['DELIVRD', 'ENROUTE'], 'delivered'],
    ['ACCEPTD after UNDELIV', ['UNDELIV', 'ACCEPTD'], 'undelivered'],
    ['UNDELIV after DELIVRD', ['DELIVRD', 'UNDELIV'], 'delivered'],
    ['DELIVRD after UNKNOWN', ['UNKNOWN', 'DELIVRD'], 'delivered'],
    ['UNKNOWN after DELIVRD', ['DELIVRD', 'UNKNOWN'], 'delivered'],
  ])('out of order, %s, says the same', async (_order, words, status) => {
    const { receipt, remember, settled, pass, rows, receiver } = setUp()
    remember('77')
    for (const word of words) {
      receipt(`id:77 stat:${word} err:000`)
      await pass(1_000)
    }
    await settled()
    expect(statusAfter(await rows())).toBe(status)
    expect(receiver.counts.keptAside).toBe(0)
  })

  it('that overtook its response is looked for again, and counted once', async () => {
    const { receipt, remember, settled, receiver } = setUp()
    receipt(DELIVRD)
    remember('77')
    await settled()
    expect(receiver.counts).toEqual({ placed: 1, keptAside: 0, turnedAway: 0 })
  })

  it('whose response waits in a socket while the process stood still is placed when that is read', async () => {
    const { receipt, remember, settled, receiver } = setUp()
    receipt(DELIVRD)
    // After a stall the timer comes first, in a turn of its own; the sockets are read behind it.
    vi.advanceTimersByTime(TIMING.lingerMs)
    remember('77')
    await settled()
    expect(receiver.counts).toEqual({ placed: 1, keptAside: 0, turnedAway: 0 })
  })
})

describe('receipts nobody knows', () => {
  it('are kept, counted, and listed by number, the newest first', async () => {
    const { receipt, settled, ledger, receiver, answers } = setUp()
    receipt('id:a1 stat:DELIVRD err:000')
    await settled()
    receipt('id:a2 stat:UNDELIV err:069')
    await settled()
    const kept = await ledger.unplacedByNumber(route().id, TO)
    expect(kept.map(({ id, stat }) => `${id} ${stat}`)).toEqual(['a2 UNDELIV', 'a1 DELIVRD'])
    expect(receiver.counts).toEqual({ placed: 0, keptAside: 2, turnedAway: 0 })
    expect(answers).toEqual([ESME_ROK, ESME_ROK])
  })
})

describe('a ledger that does not keep up', () => {
  it('has receipts turned away at once from 40,000 on, so that memory stays bounded, and none is lost', async () => {
    const { deliverMany, remember, settled, pass, ledger, writer, receiver, answers, rows } = setUp()
    remember('77')
    ledger.down = true
    deliverMany(MAX_BACKLOG_ROWS + 100, DELIVRD)
    expect(answers).toEqual(Array(100).fill(ESME_RX_T_APPN))
    expect([writer.receiptBacklog, receiver.unanswered]).toEqual([MAX_BACKLOG_ROWS, MAX_BACKLOG_ROWS])
    await pass(TIMING.receiptDurableMs * 1.5)
    expect(answers).toHaveLength(MAX_BACKLOG_ROWS + 100)
    expect([writer.receiptBacklog, receiver.unanswered]).toEqual([MAX_BACKLOG_ROWS, 0])
    expect(receiver.counts.turnedAway).toBe(MAX_BACKLOG_ROWS + 100)

    ledger.down = false
    await pass(10_000)
    deliverMany(1, DELIVRD)
    await settled()
    expect(answers.at(-1)).toBe(ESME_ROK)
    expect(await rows()).toHaveLength(MAX_BACKLOG_ROWS + 1)
  })

  it('filled by receipts leaves outcomes their room', () => {
    const { deliverMany, remember, ledger, writer } = setUp()
    remember('77')
    ledger.down = true
    deliverMany(MAX_BACKLOG_ROWS, DELIVRD)
    expect(writer.backlog).toBe(0)
  })

  it('filled by outcomes takes receipts all the same', () => {
    const { deliverMany, remember, ledger, writer, answers } = setUp()
    remember('77')
    ledger.down = true
    const page = { campaign: CAMPAIGN, page: 0 }
    for (let n = 0; n < 2 * MAX_BACKLOG_ROWS; n++) writer.outcome(page, [2, 7, 1, 1, 'accepted', '77', 0, 0])
    deliverMany(1, DELIVRD)
    expect(answers).toEqual([])
    expect([writer.backlog, writer.receiptBacklog]).toEqual([2 * MAX_BACKLOG_ROWS, 1])
  })
})

describe('a storm of messages from subscribers', () => {
  it('is turned away beyond what is on its way to the queue, and stops no receipt', async () => {
    const { deliver, receipt, remember, settled, queue, answers } = setUp()
    remember('77')
    const sent = Promise.withResolvers<void>()
    queue.send = () => sent.promise
    for (let n = 0; n < MAX_MESSAGES + 5; n++) deliver({ esm_class: 0, short_message: Buffer.from('STOP') })
    await settled()
    expect(answers).toEqual(Array(5).fill(ESME_RX_T_APPN))
    receipt(DELIVRD)
    await settled()
    expect(answers.at(-1)).toBe(ESME_ROK)
    sent.resolve()
    await settled()
    expect(answers).toHaveLength(MAX_MESSAGES + 6)
    deliver({ esm_class: 0, short_message: Buffer.from('STOP') })
    await settled()
    expect(answers.at(-1)).toBe(ESME_ROK)
  })
})

describe('a receiver that is closed', () => {
  it('leaves no timer behind, not even of a receipt that waits for its response', () => {
    const { receipt, receiver } = setUp()
    receipt(DELIVRD)
    expect(vi.getTimerCount()).toBeGreaterThan(1)
    receiver.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

function ucs2(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}
