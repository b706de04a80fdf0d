import { DynamoLedger } from '../../aws/dynamo-ledger.ts'
import { systemClock } from '../../aws/system-clock.ts'
import type { Ledger } from '../../shared/ports.ts'
import type { EmulatorFixture } from '../support/emulator-fixture.ts'
import { fakeIds, seededRandom } from '../support/fake-random.ts'
import { makeHostile } from '../support/hostile-sdk.ts'
import { MemoryLedger } from '../support/memory-ledger.ts'

/** Every ledger there is, by name: what holds for one holds for all. */
export function ledgersOn(aws: EmulatorFixture): [string, () => Ledger][] {
  const dynamo = (client = aws.clients.dynamodb) => {
    const random = seededRandom(2)
    const table = aws.config.ledgerTable
    return new DynamoLedger({ client, table, clock: systemClock, random, ids: fakeIds(), ttlDays: 90 })
  }
  let hostile: Ledger | undefined
  const hostileLedger = () => {
    const { dynamodb } = aws.ownClients()
    makeHostile(dynamodb, { random: seededRandom(3), sentTwice: 0.3, late: 0.3, unprocessed: 0.3 })
    return dynamo(dynamodb)
  }
  return [
    ['in memory', () => new MemoryLedger()],
    ['on DynamoDB', () => dynamo()],
    [
      'on DynamoDB through a hostile SDK',
      () => {
        hostile ??= hostileLedger()
        return hostile
      },
    ],
  ]
}
