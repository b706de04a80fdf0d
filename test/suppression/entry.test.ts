import { describe, expect, it } from 'vitest'
import { Category, laneOf } from '../../shared/contracts/records.ts'
import { Lane } from '../../shared/contracts/route.ts'
import { Msisdn } from '../../shared/ids.ts'
import { suppressionApplies } from '../../shared/suppression/applies.ts'
import { isSuppressed, type SuppressionEntry, statementOrder } from '../../shared/suppression/entry.ts'

const said = (state: SuppressionEntry['state'], at: number): SuppressionEntry => ({
  ...{ msisdn: Msisdn.parse('919876543210'), state, at, reason: 'api', note: null },
})

describe('the last statement on a number decides', () => {
  it.each<[string, SuppressionEntry | null, number | null, boolean]>([
    ['nothing was said', null, null, false],
    ['a list holds it', null, 5, true],
    ['it was suppressed', said('suppressed', 5), null, true],
    ['it was allowed', said('allowed', 5), null, false],
    ['it was allowed after the list', said('allowed', 6), 5, false],
    ['the list came after it was allowed', said('allowed', 5), 6, true],
    ['both came at once', said('allowed', 5), 5, true],
    ['it was suppressed before the list', said('suppressed', 4), 5, true],
  ])('%s', (_what, entry, listedAt, suppressed) => {
    expect(isSuppressed(entry, listedAt)).toBe(suppressed)
  })

  it('and of two at the same moment the one that suppresses', () => {
    const order = [said('suppressed', 6), said('allowed', 6), said('suppressed', 5), said('allowed', 5)]
    expect(order.map(statementOrder)).toEqual([13, 12, 11, 10])
  })
})

describe('a suppression list', () => {
  it('holds for messages of every category but transactional', () => {
    const free = Category.options.filter((category) => !suppressionApplies(laneOf(category)))
    expect(free).toEqual(['transactional'])
    expect(Lane.options.filter(suppressionApplies)).toEqual(['service', 'promotional'])
  })
})
