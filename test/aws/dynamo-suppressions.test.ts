import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb'
import { expect, it } from 'vitest'
import { DynamoSuppressions } from '../../aws/dynamo-suppressions.ts'
import { systemClock } from '../../aws/system-clock.ts'
import { someTenant } from '../contracts/registry.factory.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { fakeIds, seededRandom } from '../support/fake-random.ts'
import { ASHA, anEntry } from '../suppression/suppression.factory.ts'

const aws = withEmulators()

it('a statement is logged before it stands: whoever dies in between leaves nothing that stands unlogged', async () => {
  const { dynamodb } = aws.ownClients()
  dynamodb.middlewareStack.add(
    (next) => async (args) => {
      if ((args.input as PutItemCommandInput).ConditionExpression) throw new Error('killed')
      return next(args)
    },
    { step: 'initialize' },
  )
  const options = { table: aws.config.registryTable, random: seededRandom(1), ids: fakeIds() }
  const dying = new DynamoSuppressions({ ...options, client: dynamodb, clock: systemClock })
  const tenant = someTenant()
  await expect(dying.putEntry(tenant, anEntry())).rejects.toThrow('killed')
  expect(await aws.deps.suppressions.entry(tenant, ASHA)).toBeNull()
  expect(await aws.deps.suppressions.changedSince(tenant, 0)).toEqual(new Set([ASHA]))
})
