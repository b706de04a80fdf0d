import { ulid } from 'ulid'
import { ENVIRONMENT } from '../../shared/contracts/wiring.ts'

/** Names the endpoint of another DynamoDB than the emulator's, to run suites against; `test:conformance` sets it. */
export const OTHER_DYNAMODB = 'DAKGHAR_TEST_DYNAMODB'

/** The variables that lead there, to tables nobody else has; none when the emulator will do. */
export function otherDynamoDb(): Record<string, string> {
  const endpoint = process.env[OTHER_DYNAMODB]
  if (endpoint === undefined) return {}
  const id = ulid()
  return {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    [ENVIRONMENT.registryTable]: `registry-${id}`,
    [ENVIRONMENT.ledgerTable]: `ledger-${id}`,
  }
}
