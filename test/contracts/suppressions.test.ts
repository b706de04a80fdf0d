import { beforeEach, describe, expect, it } from 'vitest'
import { DynamoSuppressions } from '../../aws/dynamo-suppressions.ts'
import { Msisdn } from '../../shared/ids.ts'
import type { Clock, Suppressions } from '../../shared/ports.ts'
import { STATEMENT_LOG_DAYS } from '../../shared/suppression/entry.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { fakeIds, seededRandom } from '../support/fake-random.ts'
import { makeHostile } from '../support/hostile-sdk.ts'
import { MemorySuppressions } from '../support/memory-suppressions.ts'
import { shiftableClock } from '../support/shiftable-clock.ts'
import { ASHA, aList, anEntry, BALU } from '../suppression/suppression.factory.ts'
import { someTenant, someUlid } from './registry.factory.ts'

const aws = withEmulators()
const DAY_MS = 86_400_000

const dynamo = (clock: Clock, client = aws.clients.dynamodb) => {
  const table = aws.config.registryTable
  return new DynamoSuppressions({ client, clock, table, random: seededRandom(8), ids: fakeIds() })
}

const hostileDynamo = (clock: Clock) => {
  const client = aws.ownClients().dynamodb
  makeHostile(client, { random: seededRandom(9), sentTwice: 0.4, late: 0.4, unprocessed: 0.4 })
  return dynamo(clock, client)
}

const all: [string, (clock: Clock) => Suppressions][] = [
  ['in memory', (clock) => new MemorySuppressions(clock)],
  ['on DynamoDB', (clock) => dynamo(clock)],
  ['on DynamoDB through a hostile SDK', hostileDynamo],
]

describe.each(all)('suppressions %s', (_name, make) => {
  let clock: ReturnType<typeof shiftableClock>
  let suppressions: Suppressions
  beforeEach(() => {
    clock = shiftableClock()
    suppressions = make(clock)
  })

  describe('what was said of a number', () => {
    it('is known of that number, to that tenant', async () => {
      const tenant = someTenant()
      const entry = anEntry({ note: 'asked on the phone' })
      await suppressions.putEntry(tenant, entry)
      expect(await suppressions.entry(tenant, ASHA)).toEqual(entry)
      expect(await suppressions.entry(tenant, BALU)).toBeNull()
      expect(await suppressions.entry(someTenant(), ASHA)).toBeNull()
    })

    it('gives way to what was said later, and stays when something said earlier arrives', async () => {
      const tenant = someTenant()
      const [early, later, last] = [1_000, 2_000, 3_000].map((at) => anEntry({ at, note: `${at}` }))
      for (const entry of [later!, last!, early!, later!]) await suppressions.putEntry(tenant, entry)
      expect(await suppressions.entry(tenant, ASHA)).toEqual(last)
    })

    it('at the same moment is that it is suppressed, whichever came first', async () => {
      const suppressed = anEntry()
      const allowed = anEntry({ state: 'allowed', reason: 'start' })
      for (const order of [
        [suppressed, allowed],
        [allowed, suppressed],
      ]) {
        const tenant = someTenant()
        for (const entry of order) await suppressions.putEntry(tenant, entry)
        expect(await suppressions.entry(tenant, ASHA)).toEqual(suppressed)
      }
    })

    it('is read of many numbers at once', async () => {
      const tenant = someTenant()
      const many = Array.from({ length: 120 }, (_, n) => Msisdn.parse(`9198000${String(n).padStart(5, '0')}`))
      for (const msisdn of many) await suppressions.putEntry(tenant, anEntry({ msisdn }))
      const found = await suppressions.entriesOf(tenant, [...many, ASHA])
      expect([...found.keys()].sort()).toEqual(many)
      expect(found.get(many[7]!)).toEqual(anEntry({ msisdn: many[7]! }))
      expect(await suppressions.entriesOf(tenant, [])).toEqual(new Map())
    })

    it('is listed by number, page after page', async () => {
      const tenant = someTenant()
      const numbers = ['919800000001', '919800000002', '919800000003'].map((text) => Msisdn.parse(text))
      for (const msisdn of numbers.toReversed()) await suppressions.putEntry(tenant, anEntry({ msisdn }))
      const first = await suppressions.entries(tenant, { limit: 2 })
      expect(first.items.map(({ msisdn }) => msisdn)).toEqual(numbers.slice(0, 2))
      expect(first.next).toBe(numbers[1])
      const second = await suppressions.entries(tenant, { limit: 2, after: first.next! })
      expect(second).toEqual({ items: [anEntry({ msisdn: numbers[2]! })], next: null })
    })
  })

  describe('the log', () => {
    it('names the numbers of which something was written since, however old what was said', async () => {
      const tenant = someTenant()
      await suppressions.putEntry(tenant, anEntry())
      clock.shift(60_000)
      const since = clock.now()
      expect(await suppressions.changedSince(tenant, since)).toEqual(new Set())
      await suppressions.putEntry(tenant, anEntry({ msisdn: BALU, at: 1 }))
      expect(await suppressions.changedSince(tenant, since)).toEqual(new Set([BALU]))
      expect(await suppressions.changedSince(tenant, since - 61_000)).toEqual(new Set([ASHA, BALU]))
      expect(await suppressions.changedSince(someTenant(), 0)).toEqual(new Set())
    })

    it('forgets a statement after some months, and never the entry', async () => {
      const tenant = someTenant()
      await suppressions.putEntry(tenant, anEntry())
      clock.shift(STATEMENT_LOG_DAYS * DAY_MS)
      expect(await suppressions.changedSince(tenant, 0)).toEqual(new Set([ASHA]))
      clock.shift(DAY_MS + 1)
      expect(await suppressions.changedSince(tenant, 0)).toEqual(new Set())
      expect(await suppressions.entry(tenant, ASHA)).toEqual(anEntry())
    })
  })

  describe('lists', () => {
    it('are kept by tenant and listed oldest first', async () => {
      const tenant = someTenant()
      const lists = [aList({ id: someUlid() }), aList({ id: someUlid() })]
      for (const list of lists.toReversed()) await suppressions.createList(tenant, list)
      expect(await suppressions.list(tenant, lists[0]!.id)).toEqual(lists[0])
      expect(await suppressions.lists(tenant)).toEqual(lists)
      expect(await suppressions.list(someTenant(), lists[0]!.id)).toBeNull()
      expect(await suppressions.lists(someTenant())).toEqual([])
    })

    it('are created once', async () => {
      const tenant = someTenant()
      await suppressions.createList(tenant, aList())
      await expect(suppressions.createList(tenant, aList({ name: 'Again' }))).rejects.toMatchObject({
        code: 'suppression_list_exists',
      })
    })

    it('are updated by whoever saw them last, and by nobody else', async () => {
      const tenant = someTenant()
      await suppressions.createList(tenant, aList())
      const updated = await suppressions.updateList(tenant, aList({ state: 'loading' }))
      expect(updated).toEqual(aList({ state: 'loading', rev: 1 }))
      await expect(suppressions.updateList(tenant, aList({ state: 'removed' }))).rejects.toMatchObject({
        ...{ code: 'suppression_list_changed', retryable: true },
      })
      expect(await suppressions.list(tenant, aList().id)).toEqual(updated)
    })
  })
})
