import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Msisdn } from '../../shared/ids.ts'
import { isSuppressed, type SuppressionEntry } from '../../shared/suppression/entry.ts'
import { packEntries } from '../../shared/suppression/entry-format.ts'
import { suppressedBy } from '../../shared/suppression/snapshot.ts'
import { anEntry } from './suppression.factory.ts'

const NUMBERS = Array.from({ length: 8 }, (_, n) => 919_800_000_000 + n)
const moment = fc.integer({ min: 1, max: 5 })
const lists = fc.array(fc.tuple(fc.subarray(NUMBERS), moment), { maxLength: 4 })
const entries = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom(...NUMBERS),
    fc.constantFrom<SuppressionEntry['state']>('suppressed', 'allowed'),
    moment,
  ),
  { selector: ([number]) => number },
)

it('a snapshot suppresses the numbers that are suppressed one by one', () => {
  fc.assert(
    fc.property(lists, entries, (listed, said) => {
      const stored = said.map(([number, state, at]) =>
        anEntry({ msisdn: Msisdn.parse(String(number)), state, at }),
      )
      const held = listed.map(([numbers, statedAt]) => ({ statedAt, numbers: Float64Array.from(numbers) }))
      const expected = NUMBERS.filter((number) => {
        const at = listed.flatMap(([numbers, statedAt]) => (numbers.includes(number) ? [statedAt] : []))
        const entry = stored.find(({ msisdn }) => Number(msisdn) === number) ?? null
        return isSuppressed(entry, at.length === 0 ? null : Math.max(...at))
      })
      expect([...new Set(suppressedBy(held, packEntries(stored)))].sort((a, b) => a - b)).toEqual(expected)
    }),
  )
})
