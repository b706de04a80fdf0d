/** An SMSC that scrubs, over a socket: what the ESME sees, and what the log says. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type PduFields, vendorTlv } from '../../../shared/smpp/codec.ts'
import { receiptOf } from '../../../shared/smpp/receipt-pdu.ts'
import type { SimulatorInput } from '../../../simulator/options.ts'
import { until } from '../../support/until.ts'
import { simulatorHarness } from '../harness.ts'
import { type RawEsme, SUBMIT } from '../raw-esme.ts'
import { CHAIN, ENTITY, OFFER, ORDER, ORDER_TEXT, scrubSetting } from './scrub.factory.ts'

const harness = simulatorHarness()

const BAD_TEXT = ORDER_TEXT.replace('shipped', 'Shipped')
const DELIVERED = { outcomes: { DELIVRD: 1 } }

async function scrubbing(
  setting: Parameters<typeof scrubSetting>[0] = {},
  options: Partial<SimulatorInput> & { now?: () => number } = {},
) {
  const simulator = await harness.start({ ...DELIVERED, scrub: scrubSetting(setting), ...options })
  return { simulator, esme: await harness.bound(simulator) }
}

const fieldsOf = (text: string, more: PduFields = {}): PduFields => ({
  ...SUBMIT,
  source_addr: 'DAKGHR',
  short_message: Buffer.from(text, 'latin1'),
  [vendorTlv(0x1400)]: Buffer.from(ENTITY),
  [vendorTlv(0x1401)]: Buffer.from(ORDER),
  [vendorTlv(0x1402)]: Buffer.from(CHAIN),
  ...more,
})

/** Part `part` of two of `text`. */
function partOf(text: string, part: 1 | 2): PduFields {
  const half = part === 1 ? text.slice(0, 20) : text.slice(20)
  const udh = Buffer.from([5, 0, 3, 7, 2, part])
  return fieldsOf(text, {
    esm_class: 0x40,
    short_message: Buffer.concat([udh, Buffer.from(half, 'latin1')]),
  })
}

async function receipts(esme: RawEsme, count: number) {
  await esme.until(() => esme.deliveries().length === count)
  return esme.deliveries().map((pdu) => {
    const { stat, err } = receiptOf(pdu)
    return `${stat} ${err}`
  })
}

describe('refusing by receipt', () => {
  it('accepts, and reports the code of the reason; the log says both', async () => {
    const { simulator, esme } = await scrubbing()
    expect((await esme.submit(fieldsOf(BAD_TEXT))).command_status).toBe(0)
    expect(await receipts(esme, 1)).toEqual(['UNDELIV 633'])
    expect(simulator.log[0]).toMatchObject({
      stat: 'UNDELIV',
      err: '633',
      scrub: { reason: 'template_mismatch', code: 'err:633', says: expect.stringContaining('character 31') },
    })
    expect(simulator.truth().scrubbed).toEqual([
      { reason: 'template_mismatch', code: 'err:633', messages: 1, segments: 1 },
    ])
  })

  it('leaves alone what passes', async () => {
    const { simulator, esme } = await scrubbing()
    await esme.submit(fieldsOf(ORDER_TEXT))
    expect(await receipts(esme, 1)).toEqual(['DELIVRD 000'])
    expect(simulator.log[0]!.scrub).toBeNull()
    expect(simulator.refusedByScrub).toEqual([])
  })

  it('writes word and numbers as it is told', async () => {
    const { esme } = await scrubbing({ codes: 'kaleyra', stat: 'REJECTD' })
    await esme.submit(fieldsOf(BAD_TEXT))
    expect(await receipts(esme, 1)).toEqual(['REJECTD 023'])
  })

  it.each([
    ['a receipt on failure only is asked for', { registered_delivery: 2 }, 1],
    ['no receipt is asked for', { registered_delivery: 0 }, 0],
  ])('reports as asked when %s', async (_what, fields, expected) => {
    const { simulator, esme } = await scrubbing()
    await esme.submit(fieldsOf(BAD_TEXT, fields))
    await until(() => simulator.truth().receipts.acked === expected)
    expect(simulator.truth()).toMatchObject({ receipts: { pending: 0 }, scrubbed: [{ messages: 1 }] })
  })

  it('answers every part at once, and refuses all of a message when the last is there', async () => {
    const { simulator, esme } = await scrubbing()
    expect((await esme.submit(partOf(BAD_TEXT, 2))).command_status).toBe(0)
    expect(simulator.log[0]!.scrub).toBeNull()
    await esme.submit(partOf(BAD_TEXT, 1))
    expect(await receipts(esme, 2)).toEqual(['UNDELIV 633', 'UNDELIV 633'])
    expect(simulator.truth().scrubbed).toMatchObject([{ messages: 1, segments: 2 }])
  })

  it('reports on all parts of a message that passes', async () => {
    const { esme } = await scrubbing()
    for (const part of [1, 2] as const) await esme.submit(partOf(ORDER_TEXT, part))
    expect(await receipts(esme, 2)).toEqual(['DELIVRD 000', 'DELIVRD 000'])
  })

  it('refuses the parts of a message that never came whole', async () => {
    const { simulator, esme } = await scrubbing({ partsWithinMs: 30 })
    await esme.submit(partOf(ORDER_TEXT, 1))
    expect(await receipts(esme, 1)).toEqual(['UNDELIV 444'])
    expect(simulator.truth().scrubbed).toMatchObject([
      { reason: 'multipart_incomplete', messages: 1, segments: 1 },
    ])
  })

  it('says nothing where a fault keeps receipts back', async () => {
    const { simulator, esme } = await scrubbing()
    simulator.inject({ fault: 'no-receipts' })
    await esme.submit(fieldsOf(BAD_TEXT))
    expect(simulator.truth()).toMatchObject({ scrubbed: [{ messages: 1 }], receipts: { pending: 0 } })
  })

  it('refuses waiting parts when it closes, and owes their receipts to whoever binds next', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dakghar-scrub-'))
    try {
      const owedFile = join(folder, 'owed.jsonl')
      const { simulator, esme } = await scrubbing({}, { owedFile })
      await esme.submit(partOf(ORDER_TEXT, 1))
      await simulator.close()
      const again = await scrubbing({}, { owedFile })
      expect(await receipts(again.esme, 1)).toEqual(['UNDELIV 444'])
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})

describe('refusing at submit', () => {
  const atSubmit = { answer: 'submit' } as const

  it('answers with the status, accepts nothing, and keeps the record with its verdict', async () => {
    const { simulator, esme } = await scrubbing(atSubmit)
    expect((await esme.submit(fieldsOf(BAD_TEXT))).command_status).toBe(0x45)
    expect((await esme.submit(fieldsOf(ORDER_TEXT))).command_status).toBe(0)
    expect(simulator.truth()).toMatchObject({
      submitted: 1,
      refused: { 69: 1 },
      scrubbed: [{ reason: 'template_mismatch', code: 'smpp:69', messages: 1, segments: 1 }],
    })
    expect(simulator.refusedByScrub).toMatchObject([{ scrub: { code: 'smpp:69' }, octets: BAD_TEXT }])
  })

  it('takes another status', async () => {
    const { esme } = await scrubbing({ ...atSubmit, status: 0x410 })
    expect((await esme.submit(fieldsOf(BAD_TEXT))).command_status).toBe(0x410)
  })

  it.each([
    ['refused', BAD_TEXT, 0x45],
    ['accepted', ORDER_TEXT, 0],
  ])('answers no part before the last is there: all are %s', async (_what, text, status) => {
    const { simulator, esme } = await scrubbing(atSubmit)
    const sequences = [esme.send('submit_sm', partOf(text, 1))]
    await esme.request('enquire_link') // behind the first part
    expect(simulator.truth().refused).toEqual({})
    expect(esme.received.map((pdu) => pdu.command)).not.toContain('submit_sm_resp')
    sequences.push(esme.send('submit_sm', partOf(text, 2)))
    for (const sequence of sequences) {
      const answer = await esme.next(
        (pdu) => pdu.sequence_number === sequence && pdu.command === 'submit_sm_resp',
      )
      expect(answer.command_status).toBe(status)
    }
  })

  it('refuses the parts of a message that never came whole', async () => {
    const { simulator, esme } = await scrubbing({ ...atSubmit, partsWithinMs: 30 })
    expect((await esme.submit(partOf(ORDER_TEXT, 1))).command_status).toBe(0x45)
    expect(simulator.truth()).toMatchObject({ submitted: 0, scrubbed: [{ reason: 'multipart_incomplete' }] })
  })
})

it('judges hours by the clock it is given', async () => {
  const offsetMs = Date.parse('2026-11-24T21:30:00+05:30') - Date.now()
  const { esme } = await scrubbing({}, { now: () => Date.now() + offsetMs })
  const offer = { source_addr: '512345', [vendorTlv(0x1401)]: Buffer.from(OFFER) }
  await esme.submit(fieldsOf('Sale for Asha today. - Dakghar', offer))
  expect(await receipts(esme, 1)).toEqual(['UNDELIV 651'])
})

it('may be set by a scenario', async () => {
  const scenario = { settings: { scrub: scrubSetting() } }
  const esme = await harness.bound(await harness.start({ ...DELIVERED, scenario }))
  await esme.submit(fieldsOf(BAD_TEXT))
  expect(await receipts(esme, 1)).toEqual(['UNDELIV 633'])
})

it('invents no refusals beside: chance has only the network left', async () => {
  const { simulator, esme } = await scrubbing({}, { outcomes: { UNDELIV: 1 } })
  for (let n = 0; n < 64; n++)
    esme.send('submit_sm', fieldsOf(ORDER_TEXT, { destination_addr: `9198765432${10 + n}` }))
  expect(new Set(await receipts(esme, 64))).toEqual(new Set(['UNDELIV 001', 'UNDELIV 034']))
  expect(simulator.truth().scrubbed).toEqual([])
})

it('appends every verdict to the log file, texts included', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dakghar-scrub-'))
  try {
    const logFile = join(folder, 'smsc.jsonl')
    const { simulator, esme } = await scrubbing({}, { logFile })
    await esme.submit(fieldsOf(BAD_TEXT))
    await simulator.close()
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({
        event: 'scrubbed',
        text: BAD_TEXT,
        scrub: expect.objectContaining({ reason: 'template_mismatch', code: 'err:633' }),
      }),
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})
