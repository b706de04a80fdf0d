import { afterEach, describe, expect, it } from 'vitest'
import { STATUS } from '../../shared/smpp/codec.ts'
import { TIMING } from '../../shared/timing.ts'
import { route } from './factories.ts'
import { closeReceivers, receiverSetUp as setUp, TO } from './receiver.factory.ts'

const { ESME_ROK, ESME_RX_T_APPN } = STATUS

afterEach(closeReceivers)

describe('a receipt', () => {
  it('is written under the page of its message, and acknowledged only then', async () => {
    const { receipt, pass, remember, rows, answers, clock } = setUp()
    remember('00AB12')
    const arrivedAt = clock.now()
    receipt(
      'id:AB12 sub:001 dlvrd:001 submit date:2609011130 done date:2609011131 stat:DELIVRD err:000 text:',
    )
    expect(answers).toEqual([])
    await pass(TIMING.lingerMs)
    expect(await rows()).toEqual([[2, 7, 1, 'AB12', 'DELIVRD', '000', Date.UTC(2026, 8, 1, 6, 1), arrivedAt]])
    expect(answers).toEqual([ESME_ROK])
  })

  it('is turned away when it is not durable in time, and not answered twice', async () => {
    const { receipt, pass, remember, answers, ledger } = setUp()
    remember('1')
    ledger.down = true
    receipt('id:1 stat:DELIVRD err:000')
    await pass(TIMING.receiptDurableMs * 0.9)
    expect(answers).toEqual([])
    await pass(TIMING.receiptDurableMs * 0.5)
    expect(answers).toEqual([ESME_RX_T_APPN])
    ledger.down = false
    await pass(60_000)
    expect(answers).toEqual([ESME_RX_T_APPN])
  })

  it('that overtook the response of its message is placed when the response comes a moment later', async () => {
    const { receipt, pass, remember, rows, ledger, answers } = setUp()
    receipt('id:9 stat:DELIVRD err:000')
    remember('9')
    await pass(TIMING.lingerMs)
    await pass(TIMING.lingerMs)
    expect(await rows()).toHaveLength(1)
    expect(await ledger.unplacedByNumber(route().id, TO)).toEqual([])
    expect(answers).toEqual([ESME_ROK])
  })

  it('nobody knows is kept under route and id, found by number, and acknowledged', async () => {
    const { receipt, pass, ledger, answers } = setUp()
    receipt('id:00ZZ9 stat:UNDELIV err:069')
    await pass(TIMING.lingerMs)
    await pass(TIMING.lingerMs)
    const [kept] = await ledger.findUnplaced(route().id, ['zz9'])
    expect(kept).toMatchObject({
      idKey: 'zz9',
      class: 'f',
      id: '00ZZ9',
      stat: 'UNDELIV',
      err: '069',
      msisdn: TO,
      header: 'DAKGHR',
    })
    expect(await ledger.unplacedByNumber(route().id, TO)).toHaveLength(1)
    expect(answers).toEqual([ESME_ROK])
  })

  it('without an id is kept all the same, and two of them do not overwrite each other', async () => {
    const { receipt, pass, ledger } = setUp()
    receipt('id: stat:UNDELIV err:001')
    receipt('id: stat:UNDELIV err:001')
    await pass(TIMING.lingerMs)
    await pass(TIMING.lingerMs)
    expect(await ledger.unplacedByNumber(route().id, TO)).toHaveLength(2)
  })

  it('of an intermediate notification is never final, whatever its text says', async () => {
    const { receipt, pass, remember, rows } = setUp()
    remember('5')
    receipt('id:5 stat:DELIVRD err:000', { esm_class: 0x20 })
    await pass(TIMING.lingerMs)
    expect((await rows()).map((row) => row[4])).toEqual(['ENROUTE'])
  })

  it('is found in the other notation only where the route says so and the number agrees', async () => {
    const { receipt, pass, remember, rows, ledger } = setUp({ idMode: 'auto' })
    remember('5999726b')
    remember('6aad5', '919000000000')
    receipt('id:1503228523 stat:DELIVRD err:000')
    receipt('id:436949 stat:DELIVRD err:000')
    await pass(TIMING.lingerMs)
    await pass(TIMING.lingerMs)
    expect((await rows()).map((row) => row[3])).toEqual(['1503228523'])
    expect(await ledger.findUnplaced(route().id, ['436949'])).toHaveLength(1)
  })
})

describe('a receipt whose id the gateway gave to several messages', () => {
  it('is not written under the message of another number', async () => {
    const { receipt, pass, remember, rows, ledger } = setUp()
    remember('1', '919000000000')
    receipt('id:1 stat:DELIVRD err:000')
    await pass(TIMING.lingerMs)
    await pass(TIMING.lingerMs)
    expect(await rows()).toEqual([])
    expect(await ledger.unplacedByNumber(route().id, TO)).toHaveLength(1)
  })

  it.each([
    ['in another form', '09876543210'],
    ['masked', '98765XXXXX'],
    ['as the sender header', 'DAKGHR'],
  ])('is written under its message when the number comes %s', async (_form, source_addr) => {
    const { receipt, pass, remember, rows } = setUp()
    remember('1')
    receipt('id:1 stat:DELIVRD err:000', { source_addr })
    await pass(TIMING.lingerMs)
    expect(await rows()).toHaveLength(1)
  })
})

describe('a receipt with fields no specification allows', () => {
  const long = 'A'.repeat(5_000)

  it('is kept with as much of them as an item and its key can hold', async () => {
    const { receipt, pass, remember, rows, ledger, answers } = setUp()
    remember('1')
    const fields = (id: string) => ({
      short_message: Buffer.alloc(0),
      message_payload: Buffer.from(`id:${id} stat:${long} err:${long}`),
    })
    receipt('', fields('1'))
    receipt('', { ...fields(long), source_addr: '9'.repeat(20) })
    await pass(TIMING.lingerMs)
    await pass(TIMING.lingerMs)
    const [placed] = await rows()
    const [kept] = await ledger.unplacedByNumber(route().id, '9'.repeat(20))
    expect(JSON.stringify(placed).length).toBeLessThan(1_000)
    expect(JSON.stringify(kept).length).toBeLessThan(1_500)
    expect(answers).toEqual([ESME_ROK, ESME_ROK])
  })
})

describe('a message somebody sent', () => {
  it('is acknowledged once it is in the inbound queue', async () => {
    const { deliver, pass, queue, answers } = setUp()
    deliver({ esm_class: 0, data_coding: 8, short_message: Buffer.from('0938094d091f094b092a', 'hex') })
    await pass(1)
    const [copy] = await queue.receive('inbound', { max: 1, waitSeconds: 0, visibilitySeconds: 30 })
    expect(JSON.parse(copy!.body)).toMatchObject({ kind: 'inbound', from: TO, to: 'DAKGHR', text: 'स्टोप' })
    expect(answers).toEqual([ESME_ROK])
  })

  it('is turned away when it cannot be kept', async () => {
    const { deliver, pass, queue, answers } = setUp()
    queue.send = () => Promise.reject(new Error('down'))
    deliver({ esm_class: 0, short_message: Buffer.from('STOP') })
    await pass(1)
    expect(answers).toEqual([ESME_RX_T_APPN])
  })
})
