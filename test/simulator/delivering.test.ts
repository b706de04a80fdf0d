import { describe, expect, it } from 'vitest'
import { type Pdu, STATUS } from '../../shared/smpp/codec.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'
import { decodeGsm7 } from '../../shared/sms/gsm7.ts'
import { decodeUcs2 } from '../../shared/sms/ucs2.ts'
import { until } from '../support/until.ts'
import { simulatorHarness } from './harness.ts'

const harness = simulatorHarness()

describe('receipts', () => {
  it('prefer the bind the message came over', async () => {
    const simulator = await harness.start()
    const first = await harness.bound(simulator)
    const second = await harness.bound(simulator)
    await Promise.all([...Array(20).keys()].map(() => second.submit()))
    await second.until(() => second.deliveries().length === 20)
    expect(first.deliveries()).toEqual([])
  })

  it('go to a receiver of the account when the message came over a transmitter', async () => {
    const simulator = await harness.start()
    const receiver = await harness.connect(simulator)
    await receiver.bind('bind_receiver')
    const transmitter = await harness.connect(simulator)
    await transmitter.bind('bind_transmitter')
    const { message_id: id } = await transmitter.submit()
    expect(receiptOf(await receiver.next((pdu) => pdu.command === 'deliver_sm')).id).toBe(id)
    expect(transmitter.deliveries()).toEqual([])
  })

  it('never go to another account', async () => {
    const simulator = await harness.start({
      accounts: [
        { systemId: 'demo', password: 'secret' },
        { systemId: 'other', password: 'secret' },
      ],
    })
    const other = await harness.connect(simulator)
    await other.bind('bind_transceiver', { system_id: 'other' })
    const esme = await harness.bound(simulator)
    await esme.submit()
    await esme.next((pdu) => pdu.command === 'deliver_sm')
    expect(other.deliveries()).toEqual([])
  })

  it('wait while nobody is bound', async () => {
    const simulator = await harness.start({ receiptDelayMs: { min: 30, max: 30 } })
    const esme = await harness.bound(simulator)
    const { message_id: id } = await esme.submit()
    await esme.request('unbind')
    await until(() => simulator.binds === 0)
    const back = await harness.bound(simulator)
    expect(receiptOf(await back.next((pdu) => pdu.command === 'deliver_sm')).id).toBe(id)
  })

  it('come again over another bind when theirs is cut before the acknowledgement', async () => {
    const simulator = await harness.start()
    const deaf = await harness.bound(simulator, { onDeliver: () => null })
    const { message_id: id } = await deaf.submit()
    await deaf.next((pdu) => pdu.command === 'deliver_sm')
    simulator.disconnect()
    await deaf.until(() => deaf.closed)
    const back = await harness.bound(simulator)
    expect(receiptOf(await back.next((pdu) => pdu.command === 'deliver_sm')).id).toBe(id)
    await until(() => simulator.truth().receipts.acked === 1)
    expect(simulator.truth().receipts).toEqual({ sent: 2, acked: 1, pending: 0, givenUp: 0 })
  })

  it('come again after a refusal', async () => {
    const simulator = await harness.start({ receiptRetryMs: 5 })
    const answers = [STATUS.ESME_RX_T_APPN!, STATUS.ESME_RX_T_APPN!, 0]
    const esme = await harness.bound(simulator, { onDeliver: () => answers.shift() ?? 0 })
    await esme.submit()
    await until(() => simulator.truth().receipts.acked === 1)
    expect(simulator.truth().receipts.sent).toBe(3)
  })

  it('come again when no answer came in time, and are counted once', async () => {
    const simulator = await harness.start({ receiptTimeoutMs: 20 })
    const seen: Pdu[] = []
    const esme = await harness.bound(simulator, {
      onDeliver: (pdu) => {
        seen.push(pdu)
        return seen.length === 1 ? null : 0
      },
    })
    await esme.submit()
    await until(() => simulator.truth().receipts.acked === 1)
    esme.answer(seen[0]!, 0) // late: it means nothing any more
    await esme.request('enquire_link')
    expect(simulator.truth().receipts).toEqual({ sent: 2, acked: 1, pending: 0, givenUp: 0 })
  })

  it('are given up after as many tries as they may have', async () => {
    const simulator = await harness.start({ receiptRetryMs: 1, receiptAttempts: 3 })
    const esme = await harness.bound(simulator, { onDeliver: () => STATUS.ESME_RX_P_APPN! })
    await esme.submit()
    await until(() => simulator.truth().receipts.givenUp === 1)
    expect(simulator.truth().receipts).toEqual({ sent: 3, acked: 0, pending: 0, givenUp: 1 })
  })

  it('never outrun their window', async () => {
    const simulator = await harness.start({ receiptWindow: 5, receiptDelayMs: { min: 0, max: 0 } })
    const held: Pdu[] = []
    const esme = await harness.bound(simulator, {
      onDeliver: (pdu) => {
        held.push(pdu)
        return null
      },
    })
    await Promise.all([...Array(30).keys()].map(() => esme.submit()))
    await esme.until(() => held.length === 5)
    for (let answered = 0; answered < 30; answered++) {
      await esme.until(() => held.length > answered)
      expect(held.length - answered).toBeLessThanOrEqual(5)
      esme.answer(held[answered]!, 0)
    }
    await until(() => simulator.truth().receipts.acked === 30)
    expect(simulator.truth().receipts.sent).toBe(30)
  })
})

describe('messages from subscribers', () => {
  it.each([
    ['STOP', 0, decodeGsm7],
    ['बंद करो', 8, decodeUcs2],
  ])('deliver %j', async (text, dataCoding, decode) => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    const acknowledged = simulator.sendMo({ from: '919876543210', to: '56767', text })
    const pdu = await esme.next((candidate) => candidate.command === 'deliver_sm')
    expect(pdu).toMatchObject({
      source_addr: '919876543210',
      destination_addr: '56767',
      esm_class: 0,
      data_coding: dataCoding,
    })
    expect(decode(pdu.short_message as Buffer)).toBe(text)
    expect(receiptOf(pdu).isReceipt).toBe(false)
    expect(await acknowledged).toBe(true)
  })

  it('carry a long text in message_payload', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    const text = 'x'.repeat(300)
    await simulator.sendMo({ from: '919876543210', to: '56767', text })
    const pdu = await esme.next((candidate) => candidate.command === 'deliver_sm')
    expect(decodeGsm7(pdu.message_payload as Buffer)).toBe(text)
  })

  it('say when the ESME would not have them', async () => {
    const simulator = await harness.start({ receiptAttempts: 1 })
    await harness.bound(simulator, { onDeliver: () => STATUS.ESME_RX_R_APPN! })
    expect(await simulator.sendMo({ from: '919876543210', to: '56767', text: 'STOP' })).toBe(false)
    expect(await simulator.sendMo({ systemId: 'nobody', from: '1', to: '2', text: 'STOP' })).toBe(false)
  })
})

describe('stopping', () => {
  it('close unbinds everybody first', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    await simulator.close()
    expect(esme.received.at(-1)).toMatchObject({ command: 'unbind' })
    await esme.until(() => esme.closed)
  })

  it('destroy asks nobody', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    await simulator.destroy()
    await esme.until(() => esme.closed)
    expect(esme.received.some((pdu) => pdu.command === 'unbind')).toBe(false)
  })
})
