import { describe, expect, it } from 'vitest'
import type { Pdu } from '../../../shared/smpp/codec.ts'
import { receiptOf } from '../../../shared/smpp/receipt-pdu.ts'
import { decodeUcs2 } from '../../../shared/sms/ucs2.ts'
import { DLT_FAMILIES, DLT_FAMILY_NAMES } from '../../../simulator/faults/dlt-codes.ts'
import type { FaultInput } from '../../../simulator/faults/fault.ts'
import { receiptDate } from '../../../simulator/receipt-pdu.ts'
import type { Simulator } from '../../../simulator/server.ts'
import { until } from '../../support/until.ts'
import { simulatorHarness } from '../harness.ts'
import type { RawEsme } from '../raw-esme.ts'

const harness = simulatorHarness()

async function withFault(fault: FaultInput): Promise<{ simulator: Simulator; esme: RawEsme }> {
  const simulator = await harness.start({ outcomes: { DELIVRD: 1 } })
  const esme = await harness.bound(simulator)
  simulator.inject(fault)
  return { simulator, esme }
}

const isDelivery = (pdu: Pdu) => pdu.command === 'deliver_sm'

/** One message, its response and its first receipt. */
async function submitted(fault: FaultInput) {
  const { simulator, esme } = await withFault(fault)
  const { message_id: id } = await esme.submit()
  return { simulator, esme, id: String(id), pdu: await esme.next(isDelivery) }
}

describe('ids', () => {
  const asNumber = (id: string) => BigInt(id)
  it.each([
    ['hex', 'decimal', (id: string) => BigInt(`0x${id}`).toString()],
    ['hex', 'upper', (id: string) => id.toUpperCase()],
    ['decimal', 'hex', (id: string) => asNumber(id).toString(16).padStart(16, '0')],
    ['padded', 'stripped', (id: string) => asNumber(id).toString()],
    ['decimal', 'padded', (id: string) => id.padStart(20, '0')],
    ['uuid', 'upper', (id: string) => id.toUpperCase()],
  ] as const)('%s in the response is %s in the receipt', async (response, receipt, expected) => {
    const { id, pdu } = await submitted({ fault: 'ids', response, receipt })
    expect(receiptOf(pdu).id).toBe(expected(id))
    expect(receiptOf(pdu).id).not.toBe(id)
  })

  it('exceed 64 bits', async () => {
    const { id, pdu } = await submitted({ fault: 'ids', response: 'wide' })
    expect(BigInt(id)).toBeGreaterThan(2n ** 64n)
    expect(receiptOf(pdu).id).toBe(id)
  })

  it('are "0" for every message', async () => {
    const { esme } = await withFault({ fault: 'ids', response: { constant: '0' } })
    const responses = [await esme.submit(), await esme.submit()]
    expect(responses.map((pdu) => pdu.message_id)).toEqual(['0', '0'])
    expect(receiptOf(await esme.next(isDelivery)).id).toBe('0')
  })

  it('are ambiguous: 1000 is the hexadecimal id of one message and the decimal one of another', async () => {
    const hex = { idFormat: 'short-hex', receiptIdFormat: 'decimal' } as const
    const ids: string[][] = []
    for (const firstId of [1_000, 4_096]) {
      const esme = await harness.bound(await harness.start({ ...hex, firstId }))
      const { message_id: id } = await esme.submit()
      ids.push([String(id), String(receiptOf(await esme.next(isDelivery)).id)])
    }
    expect(ids).toEqual([
      ['3e8', '1000'],
      ['1000', '4096'],
    ])
  })
})

describe('the dialect of receipts', () => {
  it('receipt-style tlv: no text', async () => {
    const { id, pdu } = await submitted({ fault: 'receipt-style', style: 'tlv' })
    expect(pdu.short_message).toHaveLength(0)
    expect(receiptOf(pdu)).toMatchObject({ id, stat: 'DELIVRD', final: true })
  })

  it('receipt-payload: the text is in message_payload, short_message is empty', async () => {
    const { id, pdu } = await submitted({ fault: 'receipt-payload' })
    expect(pdu.short_message).toHaveLength(0)
    expect(String(pdu.message_payload)).toContain(`id:${id} `)
  })

  it('receipt-coding: ASCII labelled UCS-2', async () => {
    const { id, pdu } = await submitted({ fault: 'receipt-coding' })
    expect(pdu.data_coding).toBe(8)
    expect(String(pdu.short_message)).toContain(`id:${id} `)
  })

  it('receipt-coding: UCS-2 labelled as the default alphabet', async () => {
    const { id, pdu } = await submitted({ fault: 'receipt-coding', octets: 'ucs2', label: 0 })
    expect(pdu.data_coding).toBe(0)
    expect(decodeUcs2(pdu.short_message as Buffer)).toContain(`id:${id} `)
  })

  it('receipt-dates: a month early, in another zone, with seconds', async () => {
    const dates = { monthEarly: true, zoneMinutes: 0, seconds: true }
    const { simulator, pdu } = await submitted({ fault: 'receipt-dates', ...dates })
    const { submitDate } = receiptOf(pdu)
    expect(submitDate).toBe(receiptDate(simulator.log[0]!.at, dates))
    expect(submitDate).toMatch(/^\d{12}$/)
  })

  it('ends with the fault', async () => {
    const { simulator, esme } = await withFault({ fault: 'receipt-style', style: 'tlv' })
    simulator.calm()
    await esme.submit()
    expect((await esme.next(isDelivery)).short_message).not.toHaveLength(0)
  })
})

describe('intermediate', () => {
  it.each([
    ['before', ['ENROUTE', 'DELIVRD']],
    ['after', ['DELIVRD', 'ENROUTE']],
  ] as const)('a notification comes %s the final receipt', async (when, stats) => {
    const { simulator, esme } = await withFault({ fault: 'intermediate', when })
    await esme.submit()
    await esme.until(() => esme.deliveries().length === 2)
    expect(esme.deliveries().map((pdu) => receiptOf(pdu).stat)).toEqual(stats)
    expect(esme.deliveries().map((pdu) => pdu.esm_class)).toEqual(
      stats.map((s) => (s === 'ENROUTE' ? 0x20 : 4)),
    )
    await until(() => simulator.truth().receipts.acked === 1)
    expect(simulator.truth()).toMatchObject({ extraReceipts: 1, receipts: { sent: 1, acked: 1, pending: 0 } })
  })

  it('may be labelled as a receipt', async () => {
    const { esme } = await withFault({ fault: 'intermediate', as: 'receipt', stat: 'ACCEPTD' })
    await esme.submit()
    const pdu = await esme.next((each) => isDelivery(each) && receiptOf(each).stat === 'ACCEPTD')
    expect(pdu).toMatchObject({ esm_class: 4, message_state: 6 })
  })
})

it('duplicate-receipts: the same receipt again, counted as one acknowledged', async () => {
  const { simulator, esme } = await withFault({ fault: 'duplicate-receipts', count: 2, gapMs: 0 })
  const { message_id: id } = await esme.submit()
  await esme.until(() => esme.deliveries().length === 3)
  expect(esme.deliveries().map((pdu) => receiptOf(pdu).id)).toEqual([id, id, id])
  await until(() => simulator.truth().receipts.acked === 1)
  expect(simulator.truth()).toMatchObject({ extraReceipts: 2, byStat: { DELIVRD: 1 } })
})

it('shuffle-receipts: out of order', async () => {
  const { simulator, esme } = await withFault({ fault: 'shuffle-receipts', withinMs: 200 })
  await Promise.all(Array.from({ length: 20 }, () => esme.submit()))
  await esme.until(() => esme.deliveries().length === 20)
  const ids = esme.deliveries().map((pdu) => receiptOf(pdu).id)
  const inOrder = simulator.log.map((record) => record.receiptId)
  expect(ids).not.toEqual(inOrder)
  expect([...ids].sort()).toEqual([...inOrder].sort())
})

it.each([0, 30])(
  'early-receipts: the receipt comes first, the response %i ms later',
  async (responseAfterMs) => {
    const { simulator, esme } = await withFault({ fault: 'early-receipts', responseAfterMs })
    await esme.submit()
    expect(esme.received.map((pdu) => pdu.command).slice(1)).toEqual(['deliver_sm', 'submit_sm_resp'])
    expect(simulator.truth().unanswered).toBe(0)
  },
)

describe('receipts-elsewhere', () => {
  it('come over another bind of the account', async () => {
    const { simulator, esme } = await withFault({ fault: 'receipts-elsewhere' })
    const other = await harness.bound(simulator)
    await Promise.all(Array.from({ length: 10 }, () => esme.submit()))
    await other.until(() => other.deliveries().length === 10)
    expect(esme.deliveries()).toEqual([])
  })

  it('come over the same bind when there is no other', async () => {
    const { id, pdu } = await submitted({ fault: 'receipts-elsewhere' })
    expect(receiptOf(pdu).id).toBe(id)
  })
})

it('no-receipts: accepted and answered, never reported', async () => {
  const { simulator, esme } = await withFault({ fault: 'no-receipts', nth: 2 })
  for (let n = 0; n < 3; n++) await esme.submit()
  await esme.until(() => esme.deliveries().length === 2)
  await until(() => simulator.truth().receipts.acked === 2)
  expect(simulator.truth()).toMatchObject({ submitted: 3, receipts: { pending: 0 } })
})

it('first-part-only: the other parts of a message are never reported', async () => {
  const { simulator, esme } = await withFault({ fault: 'first-part-only' })
  for (const part of [1, 2, 3])
    await esme.submit({ esm_class: 0x40, short_message: Buffer.from([5, 0, 3, 7, 3, part, 65]) })
  await until(() => simulator.truth().receipts.acked === 1)
  expect(simulator.log.map((record) => record.stat)).toEqual(['DELIVRD', null, null])
  expect(simulator.truth().receipts.pending).toBe(0)
})

describe('dlt-errors', () => {
  it.each(DLT_FAMILY_NAMES)('reports scrubbing errors of the family %s', async (family) => {
    const { esme } = await withFault({ fault: 'dlt-errors', family })
    await Promise.all(Array.from({ length: 30 }, () => esme.submit()))
    await esme.until(() => esme.deliveries().length === 30)
    const receipts = esme.deliveries().map(receiptOf)
    const codes: readonly (string | null)[] = DLT_FAMILIES[family]
    expect(receipts.filter(({ err }) => !codes.includes(err))).toEqual([])
    expect(new Set(receipts.map(({ stat }) => stat))).toEqual(new Set(['UNDELIV', 'REJECTD']))
  })

  it('leaves messages alone that asked for no receipt', async () => {
    const { simulator, esme } = await withFault({ fault: 'dlt-errors' })
    await esme.submit({ registered_delivery: 0 })
    expect(simulator.log[0]).toMatchObject({ stat: null })
    expect(simulator.truth().faults).toEqual({})
  })
})

it('orphan-receipts: receipts for ids nobody was given', async () => {
  const { simulator, esme } = await withFault({ fault: 'orphan-receipts', count: 5 })
  await esme.until(() => esme.deliveries().length === 5)
  const ids = new Set(esme.deliveries().map((pdu) => receiptOf(pdu).id))
  expect(ids.size).toBe(5)
  expect(simulator.truth()).toMatchObject({
    submitted: 0,
    extraReceipts: 5,
    receipts: { sent: 0, pending: 0 },
  })
})

it('mo: a storm of messages of subscribers, as fast as the ESME takes them', async () => {
  const { simulator, esme } = await withFault({ fault: 'mo', count: 2_000, text: 'HELP' })
  await esme.until(() => esme.deliveries().length === 2_000)
  expect(receiptOf(esme.deliveries()[0]!).isReceipt).toBe(false)
  expect(String(esme.deliveries()[1_999]!.short_message)).toBe('HELP')
  expect(simulator.truth().faults).toEqual({ mo: 2_000 })
})
