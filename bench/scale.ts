/**
 * Where each limit is hit as the rate grows: a step-by-step model of tasks, batches and commits (`scale-ledger.ts`), a
 * real page folded here (`scale-page.ts`), and arithmetic with the code's own constants (`scale-limits.ts`). Nothing of
 * AWS is asked; what is assumed of it stands in those files.
 *
 *     npm run bench -- scale [--rates 1000,10000,100000] [--task-tps 1000] [--seconds 10] [--disorder]
 *
 * `--disorder`: batches leave the queue from anywhere in it, as SQS may hand them out, and not in the order they were fed.
 */
import { parseArgs } from 'node:util'
import { seededRandom } from '../simulator/faults/random.ts'
import { simulateLedger } from './scale-ledger.ts'
import { foldsOfPage, limitsAt } from './scale-limits.ts'
import { samplePage } from './scale-page.ts'

const { values } = parseArgs({
  options: {
    rates: { type: 'string', default: '1000,10000,100000' },
    'task-tps': { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    disorder: { type: 'boolean', default: false },
  },
})
const rates = values.rates.split(',').map(Number)
const taskTps = Number(values['task-tps'])
const ordered = !values.disorder

const random = seededRandom('scale')
const page = samplePage(random)
console.log(
  `a page: ${page.factsBytes} octets of facts, ${page.summaryBytes} of summary, folded in ${page.foldMs.toFixed(1)} ms; ` +
    `${foldsOfPage()} folds for each task that sends of it; ${page.wireBytes} octets of SMPP a message`,
)
const columns = rates.map((perSecond) => {
  const ledger = simulateLedger({ perSecond, taskTps, seconds: Number(values.seconds), ordered }, random)
  console.log(
    `${perSecond}/s with ${Math.ceil(perSecond / taskTps)} tasks: ${ledger.tasksPerPage.toFixed(1)} tasks send of a page, ` +
      `${ledger.writeUnitsPerMessage.toFixed(2)} write units a message`,
  )
  return limitsAt({ perSecond, taskTps }, ledger, page)
})

printRow('', [...rates.map((rate) => `${rate}/s`), 'limit', 'remedy'])
for (const [n, { what, limit }] of columns[0]!.entries()) {
  const cells = columns.map((column) => {
    const { load } = column[n]!
    return `${round(load)}${load > limit ? ' !' : '  '}`
  })
  printRow(what, [...cells, round(limit), columns.at(-1)![n]!.remedy])
}
console.log('!: beyond the limit')

function round(count: number): string {
  return count >= 100 ? Math.round(count).toLocaleString('en') : count.toPrecision(2)
}

function printRow(what: string, cells: readonly string[]): void {
  const remedy = cells.at(-1)!
  console.log(
    `${what.padEnd(54)}${cells
      .slice(0, -1)
      .map((cell) => cell.padStart(15))
      .join('')}  ${remedy}`,
  )
}
