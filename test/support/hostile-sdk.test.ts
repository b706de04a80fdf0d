import { describe, expect, it } from 'vitest'
import { DynamoLedger } from '../../aws/dynamo-ledger.ts'
import { systemClock } from '../../aws/system-clock.ts'
import { batchOf, bidFor, holdOf, outcomes, someCampaign } from '../contracts/ledger.factory.ts'
import { withEmulators } from './emulator-fixture.ts'
import { fakeIds, seededRandom } from './fake-random.ts'
import { makeHostile } from './hostile-sdk.ts'

const aws = withEmulators()

describe('a hostile SDK', () => {
  it('really sends writes twice, late and in part', async () => {
    const { dynamodb: client } = aws.ownClients()
    const random = seededRandom(1)
    const counts = makeHostile(client, { random, sentTwice: 0.5, late: 0.5, unprocessed: 0.5 })
    const table = aws.config.ledgerTable
    const ledger = new DynamoLedger({ client, table, clock: systemClock, random, ids: fakeIds(), ttlDays: 1 })
    const campaign = someCampaign()
    for (let batch = 0; batch < 10; batch++) {
      await ledger.renew(holdOf(await ledger.claim(bidFor(batchOf(campaign, batch)))), 0)
    }
    await ledger.append(Array.from({ length: 20 }, (_, n) => outcomes(campaign, n)))
    for (const times of Object.values(counts)) expect(times).toBeGreaterThan(3)
  })
})
