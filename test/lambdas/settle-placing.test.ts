import { describe, expect, it } from 'vitest'
import { keysToFind, placeReceipts } from '../../lambdas/settle/placing.ts'
import type { Awaited } from '../../shared/ledger/awaited.ts'
import type { UnplacedReceipt } from '../../shared/ledger/facts.ts'
import type { IdMode } from '../../shared/smpp/message-id.ts'

const T0 = 1_800_000_000_000
const TO = '919810000001'
const awaited = (id: string): Awaited => ({ batch: 1, i: 2, part: 1, id, submittedAt: T0 })
const receipt = (over: Partial<UnplacedReceipt>): UnplacedReceipt => ({
  ...{ route: 'one', idKey: 'abc', class: 'd', id: 'ABC', stat: 'DELIVRD', err: '000', doneAt: null },
  ...{ arrivedAt: T0 + 5_000, msisdn: TO, header: 'ACMEIN' },
  ...over,
})
const place = (id: string, found: UnplacedReceipt[], idMode: IdMode = 'raw') =>
  placeReceipts([awaited(id)], found, { idMode }, () => TO).map((row) => row[3])

describe('placing receipts', () => {
  it('finds a message by its id, whatever the case and the leading zeros', () => {
    expect(place('00ABC', [receipt({})])).toEqual(['ABC'])
    expect(place('abd', [receipt({})])).toEqual([])
  })

  it('takes every receipt of the message: the fold decides which counts', () => {
    const interim = receipt({ class: 'i', id: 'abc', stat: 'ENROUTE' })
    expect(place('abc', [receipt({}), interim])).toEqual(['ABC', 'abc'])
  })

  it.each([
    ['+919810000001', 1],
    ['9810000001', 1],
    ['09810000001', 1],
    ['9198xxxx0001', 1],
    ['', 1],
    ['919810000002', 0],
  ])('compares numbers by their last ten digits, and lets an unreadable one pass: %j', (msisdn, rows) => {
    expect(place('abc', [receipt({ msisdn })])).toHaveLength(rows)
  })

  it.each([
    [T0 - 60_000, 1],
    [T0 - 60_001, 0],
  ])(
    'leaves a receipt that came more than a minute before the submit to another message (%i)',
    (arrivedAt, rows) => {
      expect(place('abc', [receipt({ arrivedAt })])).toHaveLength(rows)
    },
  )

  describe('where responses are hexadecimal and receipts decimal', () => {
    const decimal = receipt({ idKey: '972660181', id: '972660181' })

    it('finds the message by the converted id when the number agrees', () => {
      expect(place('39f99dd5', [decimal], 'dec')).toEqual(['972660181'])
      expect(place('39f99dd5', [decimal], 'auto')).toEqual(['972660181'])
    })

    it('does not convert on a route that says its ids are raw, nor for another number', () => {
      expect(place('39f99dd5', [decimal], 'raw')).toEqual([])
      expect(place('39f99dd5', [{ ...decimal, msisdn: '919810000002' }], 'dec')).toEqual([])
    })

    it('needs the number only where the form is a guess', () => {
      expect(place('39f99dd5', [{ ...decimal, msisdn: '' }], 'auto')).toEqual([])
      expect(place('39f99dd5', [{ ...decimal, msisdn: '' }], 'dec')).toEqual(['972660181'])
    })

    it('prefers the id as it is', () => {
      const raw = receipt({ idKey: '39f99dd5', id: '39F99DD5' })
      expect(place('39f99dd5', [decimal, raw], 'auto')).toEqual(['39F99DD5'])
    })

    it('looks for both forms at once', () => {
      expect(keysToFind([awaited('39F99DD5')], 'dec')).toEqual(['39f99dd5', '972660181'])
      expect(keysToFind([awaited('39F99DD5')], 'raw')).toEqual(['39f99dd5'])
    })
  })
})

describe('placing receipts of a gateway that counts, all to one subscriber', () => {
  /** Messages from 1 to 5,000 as `write` writes their ids, and their receipts in decimal. */
  const world = (write: (n: number) => string, msisdn = TO) => {
    const numbers = Array.from({ length: 5_000 }, (_, k) => k + 1)
    const segments = numbers.map(
      (n): Awaited => ({ ...awaited(write(n)), batch: Math.floor(n / 100), i: n % 100 }),
    )
    const receipts = numbers.map((n) => receipt({ idKey: String(n), id: String(n), msisdn }))
    return { segments, receipts }
  }
  const wrong = (segments: Awaited[], receipts: UnplacedReceipt[], idMode: IdMode) =>
    placeReceipts(segments, receipts, { idMode }, () => TO).filter(
      ([batch, i, , id]) => batch * 100 + i !== Number(id),
    )
  const count = (segments: Awaited[], receipts: UnplacedReceipt[], idMode: IdMode) =>
    placeReceipts(segments, receipts, { idMode }, () => TO).length

  it.each([
    ['hexadecimal', 'dec', (n: number) => n.toString(16)],
    ['hexadecimal', 'auto', (n: number) => n.toString(16)],
    ['decimal', 'auto', (n: number) => String(n)],
  ] as const)('gives each to its own message: responses %s, mode %s', (_form, idMode, write) => {
    const { segments, receipts } = world(write)
    expect(wrong(segments, receipts, idMode)).toEqual([])
    expect(count(segments, receipts, idMode)).toBe(5_000)
  })

  it('gives one whose message is elsewhere to nobody, once the others have shown the form', () => {
    const { segments, receipts } = world((n) => n.toString(16))
    const here = segments.filter((_, k) => k % 10 !== 0)
    expect(wrong(here, receipts, 'auto')).toEqual([])
  })

  it('writes the same whatever order the ledger answers in', () => {
    const { segments, receipts } = world((n) => n.toString(16))
    const few = receipts.slice(0, 40)
    const placed = placeReceipts(segments, few, { idMode: 'auto' }, () => TO)
    expect(placeReceipts(segments, few.toReversed(), { idMode: 'auto' }, () => TO)).toEqual(placed)
  })

  it('gives a receipt to one message, not to each that its id could mean', () => {
    const segments = [awaited('1000'), { ...awaited('3e8'), i: 3 }]
    const one = receipt({ idKey: '1000', id: '1000' })
    const placed = (idMode: IdMode) =>
      placeReceipts(segments, [one], { idMode }, () => TO).map((row) => row[1])
    expect(placed('auto')).toEqual([2])
    expect(placed('dec')).toEqual([3])
  })

  it('gives it to every part when the gateway gave them one id', () => {
    const parts = [awaited('77'), { ...awaited('77'), part: 2 }]
    const rows = placeReceipts(parts, [receipt({ idKey: '77', id: '77' })], { idMode: 'auto' }, () => TO)
    expect(rows.map((row) => row[2])).toEqual([1, 2])
  })
})
