/**
 * What a million messages cost on AWS: a campaign runs through the platform's own code, from API to last receipt,
 * against the emulators and the simulator, and every call is counted as AWS bills it. Time is simulated (see
 * `simulated-time.ts`), so TPS, receipts, lingering, notices and leases are what they are in production, and how facts
 * get packed into items is not distorted by a faster clock.
 *
 *     npm run bench -- cost [--messages 100000] [--tps 300,1000]
 *
 * Targets (design §8): at most a quarter of the naive design, and at most 1 USD of calls per million. Ends with 1 when one
 * is missed.
 */
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { INSTALLATIONS, keptAndMoved, monthOf, standing } from './cost-month.ts'
import { billOf, PRICES_OF, plus, times, totalOf, type Usage } from './cost-prices.ts'
import type { CostRun, CostTask } from './cost-run.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '100000' },
    tps: { type: 'string', default: '300,1000' },
  },
})
const messages = Number(values.messages)
const MILLION = 1e6
const MAX_USD = 1
const MAX_SHARE_OF_NAIVE = 0.25

/** An SQS message and three writes of up to 1 KB for each message; an SQS message is sent, received and deleted. */
const NAIVE: Usage = { dynamodbWriteUnit: 3 * MILLION, sqsRequest: 3 * MILLION }

const runs: { tps: number; run: CostRun; calls: Usage }[] = []
for (const tps of values.tps.split(',').map(Number)) {
  const run = await runOne({ messages, tps })
  runs.push({ tps, run, calls: times(run.usage, MILLION / messages) })
}

console.log(`USD per million messages of one segment; ${PRICES_OF}`)
const columns = [
  ...runs.map(({ tps, calls }) => ({ title: `${tps} TPS`, usage: calls })),
  { title: 'naive', usage: NAIVE },
]
printBills(columns)
const naive = totalOf(NAIVE)
printRow(
  'of naive',
  columns.map(({ usage }) => (totalOf(usage) / naive).toFixed(3)),
)
for (const { tps, run } of runs) printKinds(tps, run)

const [{ run, calls }] = runs as [(typeof runs)[number]]
console.log(`\nUSD a month at ${runs[0]!.tps} TPS, what is kept and moved included`)
printBills([
  { title: 'nothing sent', usage: standing(INSTALLATIONS[0]!) },
  ...INSTALLATIONS.map((installation) => ({
    title: `${installation.millions} M`,
    usage: monthOf(installation, plus(calls, keptAndMoved(run, messages))),
  })),
])

const isKept = runs.every(({ calls }) => totalOf(calls) <= Math.min(MAX_USD, MAX_SHARE_OF_NAIVE * naive))
console.log(
  `\ntargets: calls ≤ ${MAX_USD} USD and ≤ ${MAX_SHARE_OF_NAIVE} of naive: ${isKept ? 'met' : 'missed'}`,
)
process.exitCode = isKept ? 0 : 1

/** In a process of its own: time is replaced in it. */
function runOne(task: CostTask): Promise<CostRun> {
  const child = fork(new URL('cost-run.ts', import.meta.url), [JSON.stringify(task)])
  return new Promise((resolve, reject) => {
    child.once('message', (result) => resolve(result as CostRun))
    child.once('exit', (code) => reject(new Error(`the run at ${task.tps} TPS ended with ${code}`)))
  })
}

function printBills(columns: readonly { title: string; usage: Usage }[]): void {
  const bills = columns.map(({ usage }) => billOf(usage))
  printRow(
    '',
    columns.map(({ title }) => title),
  )
  for (const service of new Set(bills.flatMap((bill) => [...bill.keys()])))
    printRow(
      service,
      bills.map((bill) => dollars(bill.get(service) ?? 0)),
    )
  printRow(
    'total',
    columns.map(({ usage }) => dollars(totalOf(usage))),
  )
}

/** What the calls were for, most units first. */
function printKinds(tps: number, { kinds, hours }: CostRun): void {
  console.log(
    `\nper million at ${tps} TPS, ${messages} messages measured, settled after ${hours.toFixed(2)} h`,
  )
  printRow('', ['calls', 'units'])
  const perMillion = (count: number) => ((count * MILLION) / messages).toFixed(0)
  const byUnits = Object.entries(kinds).sort(([, a], [, b]) => b.units - a.units)
  for (const [name, { calls, units }] of byUnits) printRow(name, [perMillion(calls), perMillion(units)])
}

function dollars(usd: number): string {
  return usd.toFixed(usd < 10 ? 3 : 2)
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(name.padEnd(28) + cells.map((cell) => cell.padStart(14)).join(''))
}
