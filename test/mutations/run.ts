/**
 * `npm run test:mutations -- [--only TEXT] [--chaos]`: applies every mutation, one at a time, to a copy of the
 * repository in a temporary folder, runs its test there and sees it fail. Ends with 1 when a test did not.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CHAOS_MUTATIONS, MUTATIONS, type Mutation } from './mutations.ts'

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, chaos: { type: 'boolean' } },
})
const CHAOS_SEEDS = '15'
/** From here on crashes, cuts, outages and cancels all come within a few seeds. */
const CHAOS_FROM = '40'
/** Not by its name: the `node` it would find may be an older one. */
const VITEST = 'node_modules/vitest/vitest.mjs'
const TEST_TIMEOUT_MS = 300_000

/** What is tracked or new, without what is ignored. */
function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), 'dakghar-mutation-'))
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'])
  const deleted = execFileSync('git', ['ls-files', '--deleted', '-z']).toString().split('\0')
  for (const path of listed.toString().split('\0')) {
    if (path === '' || deleted.includes(path)) continue
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    cpSync(path, join(copy, path))
  }
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
  return copy
}

/** Runs `look` on the copy as the change leaves it. */
function mutated<T>(copy: string, { file, find, replace }: Mutation['change'], look: () => T): T {
  const path = join(copy, file)
  const source = readFileSync(path, 'utf8')
  const places = source.split(find).length - 1
  if (places !== 1) throw new Error(`${file}: "${find}" stands there ${places} times, not once`)
  writeFileSync(
    path,
    source.replace(find, () => replace),
  )
  try {
    return look()
  } finally {
    writeFileSync(path, source)
  }
}

/** Whether the test passes; an error when it was not run at all. */
function passes(copy: string, { file, name }: Mutation['test']): boolean {
  const report = join(copy, 'mutation-report.json')
  const pattern = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const args = [VITEST, 'run', file, '-t', pattern, '--reporter=json', `--outputFile=${report}`]
  spawnSync(process.execPath, args, { cwd: copy, timeout: TEST_TIMEOUT_MS })
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
  rmSync(report)
  if (numPassedTests + numFailedTests === 0) throw new Error(`${file} has no test "${name}"`)
  return numFailedTests === 0
}

function chaosPasses(copy: string): boolean {
  const args = ['test/chaos/main.ts', '--seeds', CHAOS_SEEDS, '--from', CHAOS_FROM, '--until-broken']
  return spawnSync(process.execPath, args, { cwd: copy, timeout: TEST_TIMEOUT_MS }).status === 0
}

const copy = copyRepository()
let survivors = 0
const tell = (line: string, survived: boolean) => {
  if (survived) survivors++
  console.log(`${survived ? 'SURVIVED' : 'fails   '}  ${line}`)
}
try {
  const wanted = MUTATIONS.filter(({ promise }) => promise.includes(values.only))
  for (const { promise, test, change } of values.chaos ? [] : wanted) {
    if (passes(copy, test)) {
      const survived = mutated(copy, change, () => passes(copy, test))
      tell(`${promise}: ${change.inWords}`, survived)
    } else tell(`${promise}: its test fails without any mutation`, true)
  }
  for (const change of values.chaos ? CHAOS_MUTATIONS : []) {
    tell(
      `chaos: ${change.inWords}`,
      mutated(copy, change, () => chaosPasses(copy)),
    )
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
process.exitCode = survivors === 0 ? 0 : 1
