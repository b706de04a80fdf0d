import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type PduFields, STATUS, vendorTlv } from '../../shared/smpp/codec.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'
import { segment } from '../../shared/sms/segment.ts'
import { concatUdh, encodeText } from '../../shared/sms/udh.ts'
import { textOfMessage } from '../../simulator/reassembly.ts'
import { until } from '../support/until.ts'
import { simulatorHarness } from './harness.ts'
import { type RawEsme, SUBMIT } from './raw-esme.ts'

const harness = simulatorHarness()

async function submitText(esme: RawEsme, to: string, text: string, ref: number): Promise<void> {
  const cut = segment(text, 8)
  if (!cut.ok) throw new Error(cut.message)
  for (const [i, part] of cut.parts.entries()) {
    const octets = encodeText(part, cut.dataCoding)
    const long = cut.parts.length > 1
    const fields: PduFields = {
      destination_addr: to,
      data_coding: cut.dataCoding,
      esm_class: long ? 0x40 : 0,
      short_message: long ? Buffer.concat([concatUdh(ref, cut.parts.length, i + 1, 8), octets]) : octets,
    }
    expect((await esme.submit(fields)).command_status).toBe(0)
  }
}

describe('submitting', () => {
  it('accepts, and reports on the id it answered with', async () => {
    const simulator = await harness.start({ outcomes: { DELIVRD: 1 } })
    const esme = await harness.bound(simulator)
    const response = await esme.submit()
    const receipt = receiptOf(await esme.next((pdu) => pdu.command === 'deliver_sm'))
    expect(receipt).toMatchObject({
      isReceipt: true,
      id: response.message_id,
      stat: 'DELIVRD',
      err: '000',
      text: 'hello',
    })
    await until(() => simulator.truth().receipts.acked === 1)
    expect(simulator.truth()).toEqual({
      submitted: 1,
      refused: {},
      scrubbed: [],
      receipts: { sent: 1, acked: 1, pending: 0, givenUp: 0 },
      byStat: { DELIVRD: 1 },
      messages: { complete: 1, incomplete: 0, repeated: 0 },
      unanswered: 0,
      lost: 0,
      extraReceipts: 0,
      faults: {},
    })
  })

  it('keeps what it received: number, header, ids, period, text', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    await esme.submit({
      validity_period: '000001000000000R',
      [vendorTlv(0x1402)]: Buffer.from('1702157000000000001'),
    })
    expect(simulator.log).toMatchObject([
      {
        systemId: 'demo',
        bind: 1,
        to: '919876543210',
        source: 'DAKGHR',
        dataCoding: 0,
        octets: 'hello',
        entityId: '1701158019811140068',
        templateId: '1107161191448698079',
        chain: '1702157000000000001',
        validityPeriod: '000001000000000R',
        ref: null,
        total: 1,
        part: 1,
      },
    ])
  })

  it.each([
    ['no entity id', { [vendorTlv(0x1400)]: Buffer.alloc(0) }],
    ['no template id', { [vendorTlv(0x1401)]: Buffer.from('\0') }],
  ])('answers 0x45 to a submit_sm with %s', async (_what, fields) => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    expect((await esme.submit(fields)).command_status).toBe(0x45)
    expect(simulator.truth()).toMatchObject({ submitted: 0, refused: { 69: 1 } })
  })

  it('does without DLT ids when told so', async () => {
    const esme = await harness.bound(await harness.start({ requireDlt: false }))
    expect((await esme.submit({ [vendorTlv(0x1400)]: Buffer.alloc(0) })).command_status).toBe(0)
  })

  it.each([
    ['no destination', { destination_addr: '' }, 'ESME_RINVDSTADR'],
    ['no source', { source_addr: '' }, 'ESME_RINVSRCADR'],
    [
      'a user data header longer than its text',
      { esm_class: 0x40, short_message: Buffer.from([9, 0]) },
      'ESME_RINVESMCLASS',
    ],
    [
      'part 3 of 2',
      { esm_class: 0x40, short_message: Buffer.from([5, 0, 3, 7, 2, 3, 65]) },
      'ESME_RINVESMCLASS',
    ],
  ])('refuses a submit_sm with %s', async (_what, fields, status) => {
    const esme = await harness.bound(await harness.start())
    expect((await esme.submit(fields)).command_status).toBe(STATUS[status])
  })

  it('refuses to take messages from a connection that is not bound for sending', async () => {
    const simulator = await harness.start()
    const unbound = await harness.connect(simulator)
    expect((await unbound.submit()).command_status).toBe(STATUS.ESME_RINVBNDSTS)
    const receiver = await harness.connect(simulator)
    await receiver.bind('bind_receiver')
    expect((await receiver.submit()).command_status).toBe(STATUS.ESME_RINVBNDSTS)
  })

  it('joins the parts of long messages, Hindi ones too, and counts one that came twice', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    const latin = `${'Your order {42} is on its way. '.repeat(9)}€`
    const hindi = 'प्रिय ग्राहक, आपका पार्सल आज पहुँचेगा 📦 '.repeat(5)
    await submitText(esme, '919876543210', latin, 1)
    await submitText(esme, '919876543211', hindi, 1)
    await submitText(esme, '919876543212', 'short', 0)
    await submitText(esme, '919876543210', latin, 1)
    const messages = simulator.messages()
    expect(messages.map((m) => [m.to, textOfMessage(m), m.complete])).toEqual([
      ['919876543210', latin, true],
      ['919876543211', hindi, true],
      ['919876543212', 'short', true],
      ['919876543210', latin, true],
    ])
    expect(simulator.truth().messages).toEqual({ complete: 4, incomplete: 0, repeated: 1 })
  })

  it('sees that a part never came', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    await esme.submit({ esm_class: 0x40, short_message: Buffer.from([5, 0, 3, 7, 2, 1, 65]) })
    expect(simulator.truth().messages).toEqual({ complete: 0, incomplete: 1, repeated: 0 })
  })

  it('sends no receipt that was not asked for', async () => {
    const simulator = await harness.start({ outcomes: { DELIVRD: 1 } })
    const esme = await harness.bound(simulator)
    await esme.submit({ registered_delivery: 0, destination_addr: '919800000000' })
    await esme.submit({ registered_delivery: 2, destination_addr: '919800000001' })
    await esme.submit({ registered_delivery: 1, destination_addr: '919800000002' })
    await esme.next((pdu) => pdu.command === 'deliver_sm')
    expect(simulator.log.map((record) => record.stat)).toEqual([null, null, 'DELIVRD'])
    expect(esme.deliveries().map((pdu) => pdu.source_addr)).toEqual(['919800000002'])
  })

  it('gives the same numbers the same fate in every run, and mixes it as told', async () => {
    const fates: string[][] = []
    for (let run = 0; run < 2; run++) {
      const simulator = await harness.start({ seed: 'fate' })
      const esme = await harness.bound(simulator)
      const numbers = Array.from({ length: 2_000 }, (_, i) => `9198${String(i).padStart(8, '0')}`)
      await Promise.all(numbers.map((to) => esme.submit({ destination_addr: to })))
      fates.push(simulator.log.map((record) => `${record.to} ${record.stat} ${record.err}`))
    }
    expect(fates[0]).toEqual(fates[1])
    const share = (word: string) => fates[0]!.filter((fate) => fate.includes(word)).length / 2_000
    expect(share('DELIVRD')).toBeCloseTo(0.9, 1)
    expect(share('UNDELIV')).toBeGreaterThan(0.02)
    expect(share('EXPIRED 027')).toBeGreaterThan(0.005)
    expect(share('REJECTD')).toBeGreaterThan(0.005)
  })

  it.each([
    [{ idFormat: 'hex', receiptIdFormat: 'decimal' } as const, (id: string) => BigInt(`0x${id}`).toString()],
    [{ idFormat: 'uuid' } as const, (id: string) => id],
    [{ idFormat: 'decimal', receiptIdFormat: 'padded' } as const, (id: string) => id.padStart(20, '0')],
  ])('writes ids as %j', async (options, inReceipt) => {
    const esme = await harness.bound(await harness.start(options))
    const { message_id: id } = await esme.submit()
    const receipt = receiptOf(await esme.next((pdu) => pdu.command === 'deliver_sm'))
    expect(receipt.id).toBe(inReceipt(String(id)))
  })

  it.each(['text', 'tlv', 'both'] as const)(
    'carries id, state and error in receipts of style %s',
    async (receiptStyle) => {
      const esme = await harness.bound(await harness.start({ receiptStyle, outcomes: { EXPIRED: 1 } }))
      const { message_id: id } = await esme.submit()
      const pdu = await esme.next((candidate) => candidate.command === 'deliver_sm')
      expect(receiptOf(pdu)).toMatchObject({ id, stat: 'EXPIRED', err: '027', final: true })
      expect((pdu.short_message as Buffer).length > 0).toBe(receiptStyle !== 'tlv')
      expect('message_state' in pdu).toBe(receiptStyle !== 'text')
    },
  )

  it('answers later when told so, in the range it was told', async () => {
    const esme = await harness.bound(await harness.start({ responseDelayMs: { min: 10, max: 30 } }))
    const responses = await Promise.all(Array.from({ length: 20 }, () => esme.submit()))
    expect(new Set(responses.map((response) => response.message_id)).size).toBe(20)
  })

  it('appends what happened to a file, text included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'))
    const logFile = join(folder, 'smsc.jsonl')
    const simulator = await harness.start({ logFile, outcomes: { DELIVRD: 1 } })
    const esme = await harness.bound(simulator)
    await esme.submit()
    await until(() => simulator.truth().receipts.acked === 1)
    await simulator.close()
    const lines = (await readFile(logFile, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { event: 'submit_sm', to: '919876543210', text: 'hello' },
      { event: 'receipt_acked', stat: 'DELIVRD', messageId: lines[0].messageId },
    ])
    await rm(folder, { recursive: true })
  })
})

describe('a test that misbehaves', () => {
  it('refuses, keeps silent or loses single messages', async () => {
    const fate: Record<string, object> = {
      '911111111111': { status: STATUS.ESME_RTHROTTLED },
      '912222222222': { drop: 'response' },
      '913333333333': { drop: 'message' },
      '914444444444': { stat: null },
      '915555555555': { stat: 'BUFFERED', delayMs: 20 },
    }
    const simulator = await harness.start({ onSubmit: (record) => fate[record.to] })
    const esme = await harness.bound(simulator)
    expect((await esme.submit({ destination_addr: '911111111111' })).command_status).toBe(0x58)
    const silent = esme.send('submit_sm', {
      ...SUBMIT,
      destination_addr: '912222222222',
    })
    const lost = esme.send('submit_sm', {
      ...SUBMIT,
      destination_addr: '913333333333',
    })
    await esme.submit({ destination_addr: '914444444444' })
    await esme.submit({ destination_addr: '915555555555' })
    await esme.until(() => esme.deliveries().length === 2)
    expect(simulator.log.map((record) => [record.to, record.stat !== null])).toEqual([
      ['912222222222', true],
      ['914444444444', false],
      ['915555555555', true],
    ])
    const answered = esme.received
      .filter((pdu) => pdu.command === 'submit_sm_resp')
      .map((pdu) => pdu.sequence_number)
    expect(answered).not.toContain(silent)
    expect(answered).not.toContain(lost)
    expect(simulator.log.map((record) => record.responded)).toEqual([false, true, true])
    expect(simulator.truth()).toMatchObject({ submitted: 3, unanswered: 1, lost: 1, refused: { 88: 1 } })
  })
})
