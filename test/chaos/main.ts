/**
 * `npm run test:chaos -- --seeds N [--from S] [--out FILE] [--until-broken]`: runs seeds S to S+N-1, one after the other, prints a line
 * for each and everything about those that break a promise. With `--out`, one JSON line per seed, which `table.ts` reads.
 */
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeRun, type RunResult, runSeed } from './run-seed.ts'
import { faultName } from './scenario.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    from: { type: 'string', default: '1' },
    out: { type: 'string' },
    'until-broken': { type: 'boolean', default: false },
  },
})

let failed = 0
const first = Number(values.from)
for (let seed = first; seed < first + Number(values.seeds); seed++) {
  const result = await runSeed(seed)
  console.log(lineOf(result))
  if (result.violations.length > 0) {
    failed++
    console.log(describeRun(result))
  }
  if (values.out) appendFileSync(values.out, `${JSON.stringify(recordOf(result))}\n`)
  if (failed > 0 && values['until-broken']) break
}
console.log(
  failed === 0 ? `all ${values.seeds} seeds hold` : `${failed} of ${values.seeds} seeds break a promise`,
)
process.exitCode = failed === 0 ? 0 : 1

function lineOf({ scenario, tookMs, violations, counts }: RunResult): string {
  const { recipients, accepted, duplicates, resent, losses, unconfirmed, unconfirmedAccepted } = counts
  return [
    `seed ${String(scenario.seed).padStart(4)}`,
    `${(tookMs / 1_000).toFixed(1)} s`,
    `${recipients} recipients`,
    `${accepted} accepted`,
    `duplicates ${duplicates}`,
    `resent ${resent}`,
    `losses ${losses}`,
    `unconfirmed ${unconfirmed} (${unconfirmedAccepted} of them accepted)`,
    scenario.faults.map(faultName).join(' '),
    violations.length > 0 ? 'BROKEN' : '',
  ].join('  ')
}

function recordOf({ scenario, tookMs, violations, counts }: RunResult) {
  return {
    seed: scenario.seed,
    tookMs: Math.round(tookMs),
    faults: scenario.faults.map(faultName),
    broken: violations.map(({ invariant }) => invariant),
    counts,
  }
}
