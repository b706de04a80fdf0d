import { describe, expect, it } from 'vitest'
import { ScrubDesk } from '../../../simulator/scrub/scrub-desk.ts'
import type { SubmitRecord } from '../../../simulator/truth.ts'
import { NOON, ORDER_TEXT, origin, scrubSetting } from './scrub.factory.ts'

const WITHIN_MS = 1_000

const newDesk = () => new ScrubDesk<{ record: SubmitRecord }>(scrubSetting({ partsWithinMs: WITHIN_MS }))

/** Part `part` of an order message cut into `total` pieces. */
function arrival(part: number, total: number, fields: Partial<SubmitRecord> = {}): { record: SubmitRecord } {
  const chars = Math.ceil(ORDER_TEXT.length / total)
  const octets = ORDER_TEXT.slice((part - 1) * chars, part * chars)
  const to = { systemId: 'demo', to: '919876543210', ref: 7, total, part, dataCoding: 0, octets }
  return { record: { ...origin(), ...to, ...fields } as SubmitRecord }
}

describe('a scrub desk', () => {
  it('judges a message of one part at once', () => {
    const single = arrival(1, 1, { ref: null })
    expect(newDesk().take(single, NOON)).toEqual({ arrivals: [single], refusal: null })
  })

  it.each([
    [1, 2, 3],
    [3, 1, 2],
  ])('judges all parts together when the last is there, in the order they came: %i, %i, %i', (...order) => {
    const desk = newDesk()
    const parts = order.map((part) => arrival(part, 3))
    expect(parts.slice(0, 2).map((part) => desk.take(part, NOON))).toEqual([null, null])
    expect(desk.take(parts[2]!, NOON)).toEqual({ arrivals: parts, refusal: null })
  })

  it('keeps messages apart by reference, number and account', () => {
    const desk = newDesk()
    expect(desk.take(arrival(1, 2), NOON)).toBeNull()
    for (const other of [{ ref: 8 }, { to: '919876543211' }, { systemId: 'other' }]) {
      expect(desk.take(arrival(2, 2, other), NOON)).toBeNull()
    }
    expect(desk.take(arrival(2, 2), NOON)?.refusal).toBeNull()
  })

  it('refuses parts that waited too long, once', () => {
    const desk = newDesk()
    const parts = [arrival(1, 3), arrival(3, 3)]
    for (const part of parts) desk.take(part, NOON)
    expect(desk.expire(NOON + WITHIN_MS - 10)).toEqual([])
    expect(desk.expire(NOON + WITHIN_MS + 10)).toEqual([
      {
        arrivals: parts,
        refusal: { reason: 'multipart_incomplete', err: '444', says: '2 of 3 parts came within 1000 ms' },
      },
    ])
    expect(desk.take(arrival(2, 3), NOON + WITHIN_MS + 20)).toBeNull()
    expect(desk.expire(NOON + 3 * WITHIN_MS).map(({ arrivals }) => arrivals.length)).toEqual([1])
  })

  it('does not refuse later what was complete in time', () => {
    const desk = newDesk()
    for (const part of [1, 2]) desk.take(arrival(part, 2), NOON)
    expect(desk.expire(NOON + 2 * WITHIN_MS)).toEqual([])
    expect(desk.giveUpAll()).toEqual([])
  })

  it('begins another message with a part that is there already, and gives the first up', () => {
    const desk = newDesk()
    const [lost, again] = [arrival(1, 2), arrival(1, 2)]
    expect([desk.take(lost, NOON), desk.take(again, NOON)]).toEqual([null, null])
    const last = arrival(2, 2)
    expect(desk.take(last, NOON)).toEqual({ arrivals: [again, last], refusal: null })
    expect(desk.giveUpAll().map(({ arrivals }) => arrivals)).toEqual([[lost]])
  })
})
