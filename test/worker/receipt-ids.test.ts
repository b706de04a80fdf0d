/** How receipts find their message whatever a gateway makes of its id (facts C2), through the receiver. */
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { Matcher } from '../../bind-worker/receipts/matcher.ts'
import { RememberedIds } from '../../bind-worker/receipts/remembered-ids.ts'
import type { PduFields } from '../../shared/smpp/codec.ts'
import { type IdMode, idKey } from '../../shared/smpp/message-id.ts'
import { CAMPAIGN, route } from './factories.ts'
import { closeReceivers, receiverSetUp as setUp, TO } from './receiver.factory.ts'

afterEach(closeReceivers)

const OTHER_TO = '919000000000'
const MASKED = '98765XXXXX'

describe('a receipt finds its message', () => {
  it.each<[dialect: string, mode: IdMode, response: string, receipt: string]>([
    ['as it is', 'raw', '145100315320224957', '145100315320224957'],
    ['without the zeros before it', 'raw', '0221067780', '221067780'],
    ['with zeros before it', 'raw', '4062202', '00000004062202'],
    ['in the other letter case', 'raw', 'AbCdEf12', 'aBcDeF12'],
    [
      'as a UUID with dashes',
      'raw',
      '74E02EE1-4E2F-4A6E-A78B-4B247D756A22',
      '74e02ee1-4e2f-4a6e-a78b-4b247d756a22',
    ],
    [
      'beyond 64 bit, of 21 digits and zeros before them',
      'raw',
      '000406220210000000000042',
      '406220210000000000042',
    ],
    ['beyond 64 bit where forms are tried', 'auto', '406220210000000000042', '0406220210000000000042'],
    ['that is 0', 'raw', '0', '0'],
    ['that is nothing but zeros', 'auto', '0', '0000000000'],
    ['with 0x where the response has none', 'raw', '1a2b3c4d', '0x1A2B3C4D'],
    ['without 0x where the response has it', 'raw', '0x1A2B3C4D', '1a2b3c4d'],
    ['padded with spaces', 'raw', '42  ', '42'],
    ['in decimal, when the response was hexadecimal', 'dec', '39f99dd5', '972660181'],
    [
      'in decimal with zeros, when the response was hexadecimal with zeros',
      'dec',
      '0000000039F99DD5',
      '00000000000972660181',
    ],
    ['in decimal, when the response was hexadecimal with 0x', 'dec', '0x39F99DD5', '972660181'],
    ['in decimal at 64 bit', 'dec', 'ffffffffffffffff', '18446744073709551615'],
    ['in hexadecimal, when the response was decimal', 'hex', '972660181', '39F99DD5'],
    ['in hexadecimal with 0x, when the response was decimal', 'hex', '972660181', '0x39f99dd5'],
    ['in decimal, on a route of which nothing is known', 'auto', '39f99dd5', '972660181'],
    ['in hexadecimal, on a route of which nothing is known', 'auto', '972660181', '39f99dd5'],
    ['of the digits another notation has too: 1000 for 3e8', 'auto', '3e8', '1000'],
    ['of the digits another notation has too: 1000 for 4096', 'auto', '4096', '1000'],
    ['of the digits another notation has too: 1000 for 1000', 'auto', '1000', '1000'],
  ])('whose id comes %s', async (_dialect, idMode, response, id) => {
    const { receipt, remember, settled, rows, receiver } = setUp({ idMode })
    remember('5f5e100', TO, { i: 1 })
    remember(response)
    remember('98765432', TO, { i: 2 })
    receipt(`id:${id} stat:DELIVRD err:000`)
    await settled()
    expect((await rows()).map((row) => [row[1], row[3]])).toEqual([[7, id]])
    expect(receiver.counts).toEqual({ placed: 1, keptAside: 0, turnedAway: 0 })
  })

  it('in the TLV, with spaces and NULs behind it', async () => {
    const { receipt, remember, settled, rows } = setUp({ idMode: 'auto' })
    remember('39f99dd5')
    receipt('', { receipted_message_id: Buffer.from('972660181 \0\0'), message_state: 2 })
    await settled()
    expect((await rows()).map((row) => row[4])).toEqual(['DELIVRD'])
  })
})

describe('a receipt finds no message', () => {
  it.each<[why: string, mode: IdMode, response: string, receipt: string]>([
    ['by another notation on a route whose ids are alike', 'raw', '3e8', '1000'],
    ['by a notation the route does not use', 'hex', '3e8', '1000'],
    ['as a decimal number when it says 0x', 'auto', '3e8', '0x1000'],
    ['by an id that only ends or begins like it', 'auto', '1000200', '1000'],
  ])('%s', async (_why, idMode, response, id) => {
    const { receipt, remember, settled, rows, ledger } = setUp({ idMode })
    remember(response)
    receipt(`id:${id} stat:DELIVRD err:000`)
    await settled()
    expect(await rows()).toEqual([])
    expect(await ledger.findUnplaced(route().id, [idKey(id)])).toHaveLength(1)
  })
})

describe('1000, when 1000, 3e8 and 4096 went to the same subscriber', () => {
  /** A route that wrote enough receipts to be known, in this form. */
  const known = (form: 'raw' | 'hex' | 'dec', pairs = 8) => {
    const world = setUp({ idMode: 'auto' })
    for (let n = 0; n < pairs; n++) {
      const [dec, hex] = [String(500_000 + n), (500_000 + n).toString(16)]
      world.remember(form === 'dec' ? hex : dec, OTHER_TO)
      world.receipt(`id:${form === 'hex' ? hex : dec} stat:DELIVRD err:000`, { source_addr: OTHER_TO })
    }
    expect(world.receiver.idForm).toBe(form)
    return world
  }
  const three = ({ remember }: ReturnType<typeof setUp>, to = TO) => {
    remember('1000', to, { i: 10 })
    remember('3e8', to, { i: 11 })
    remember('4096', to, { i: 12 })
  }
  const placed = async (world: ReturnType<typeof setUp>, fields: PduFields = {}) => {
    world.receipt('id:1000 stat:UNDELIV err:001', fields)
    await world.settled()
    return (await world.rows()).filter((row) => row[4] === 'UNDELIV').map((row) => row[1])
  }

  it.each([
    ['raw', 10],
    ['dec', 11],
    ['hex', 12],
  ] as const)('is the one the learned form names (%s), with a number and without', async (form, i) => {
    const world = known(form)
    three(world)
    expect(await placed(world)).toEqual([i])
    expect(await placed(world, { source_addr: MASKED })).toEqual([i, i])
  })

  it.each([
    ['dec', 11],
    ['hex', 12],
  ] as const)('is the one the mode of the route names (%s)', async (idMode, i) => {
    const world = setUp({ idMode })
    three(world)
    expect(await placed(world)).toEqual([i])
  })

  it('is kept aside while nothing is known: the settler may know more', async () => {
    const world = setUp({ idMode: 'auto' })
    three(world)
    expect(await placed(world)).toEqual([])
    expect(world.receiver.counts.keptAside).toBe(1)
  })

  it('is kept aside when the one the learned form names is not remembered', async () => {
    const world = known('dec')
    world.remember('1000', TO, { i: 10 })
    expect(await placed(world)).toEqual([])
  })

  it('is found by the number while nothing is known', async () => {
    const world = setUp({ idMode: 'auto' })
    three(world, OTHER_TO)
    world.remember('4096', TO, { i: 13 })
    expect(await placed(world)).toEqual([13])
  })

  it('is found again when the gateway changes from decimal to raw', async () => {
    const world = known('dec')
    for (let n = 0; n < 20; n++) {
      world.remember(String(700_000 + n), OTHER_TO)
      world.receipt(`id:${700_000 + n} stat:DELIVRD err:000`, { source_addr: OTHER_TO })
      await world.settled()
    }
    expect(world.receiver.idForm).toBe('raw')
    three(world)
    expect(await placed(world)).toEqual([10])
  })

  it('counts a receipt once that was looked for twice', async () => {
    // Sixteen pairs are worth two contradictions.
    const world = known('dec', 16)
    world.remember('700000', OTHER_TO)
    world.receipt('id:700000 stat:DELIVRD err:000', { source_addr: OTHER_TO })
    await world.settled()
    expect(world.receiver.idForm).toBe('dec')
  })
})

describe('receipts of a gateway that counts', () => {
  /** Writes a number as gateways write ids. */
  const writers = {
    dec: (n: number) => String(n),
    hex: (n: number) => n.toString(16),
    HEX: (n: number) => n.toString(16).toUpperCase(),
    padded: (n: number) => String(n).padStart(10, '0'),
    paddedHex: (n: number) => n.toString(16).padStart(8, '0'),
  }
  const hexadecimal = fc.constantFrom<keyof typeof writers>('hex', 'HEX', 'paddedHex')
  const decimal = fc.constantFrom<keyof typeof writers>('dec', 'padded')
  const gateway = fc.oneof(
    fc.record({ form: fc.constant('dec' as const), response: hexadecimal, receipt: decimal }),
    fc.record({ form: fc.constant('hex' as const), response: decimal, receipt: hexadecimal }),
    fc.record({ form: fc.constant('raw' as const), response: decimal, receipt: decimal }),
    fc.record({ form: fc.constant('raw' as const), response: hexadecimal, receipt: hexadecimal }),
  )
  const world = fc.record({
    gateway,
    first: fc.integer({ min: 1, max: 5_000 }),
    messages: fc.integer({ min: 20, max: 200 }),
    subscribers: fc.integer({ min: 1, max: 50 }),
    seed: fc.infiniteStream(fc.nat(999)),
  })
  type World = typeof world extends fc.Arbitrary<infer T> ? T : never

  /** Messages the gateway counted, submitted and remembered, and a matcher that knows nothing of it. */
  function submitted({ gateway, first, messages, subscribers, seed }: World) {
    const ids = new RememberedIds(2 * messages)
    const write = { response: writers[gateway.response], receipt: writers[gateway.receipt] }
    const draw = (below: number) => seed.next().value! % below
    // Among them many whose digits in one notation are those of another in the other: 1000, 0x1000, 0x4096.
    const numbers = new Set<number>()
    for (let n = first; numbers.size < messages; n += 1 + draw(3)) {
      numbers.add(n)
      if (draw(2) === 0) continue
      const misread = Number.parseInt(String(n), 16)
      numbers.add(misread).add(Number.parseInt(String(misread), 16))
    }
    const all = [...numbers].map((n, at) => {
      const to = `9198765${String(draw(subscribers)).padStart(5, '0')}`
      const remember = () =>
        ids.remember(idKey(write.response(n)), {
          ...{ page: { campaign: CAMPAIGN, page: 0 }, batch: 0, i: at, part: 1, to, submittedAt: 0 },
        })
      remember()
      return { i: at, to, key: idKey(write.response(n)), receiptId: write.receipt(n) }
    })
    return { ids, all, draw, matcher: new Matcher(ids, 'auto') }
  }

  it('are never placed on a wrong message by their number before the form is learned, and it is learned right', () => {
    fc.assert(
      fc.property(world, (given) => {
        const { all, draw, matcher } = submitted(given)
        for (let n = 0; n < 2 * all.length; n++) {
          const { i, to, receiptId } = all[draw(all.length)]!
          const match = matcher.find(receiptId, to)
          matcher.learn(match)
          if (match.message) expect(match.message.ref.i).toBe(i)
          expect([null, given.gateway.form]).toContain(matcher.idForm)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('are never placed on a wrong message once it is, masked, repeated or not remembered any more', () => {
    let placed = 0
    fc.assert(
      fc.property(world, (given) => {
        const { ids, all, draw, matcher } = submitted(given)
        for (const { to, receiptId } of all) matcher.learn(matcher.find(receiptId, to))
        for (const { key } of all) if (draw(4) === 0) ids.forget(key)
        for (let n = 0; n < all.length; n++) {
          if (matcher.idForm !== given.gateway.form) continue
          const { i, to, receiptId } = all[draw(all.length)]!
          const match = matcher.find(receiptId, draw(2) === 0 ? to : MASKED)
          matcher.learn(match)
          if (!match.message) continue
          placed++
          expect(match.message.ref.i).toBe(i)
        }
      }),
      { numRuns: 200 },
    )
    expect(placed).toBeGreaterThan(10_000)
  })
})
