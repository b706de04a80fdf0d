/**
 * `node test/chaos/real.ts [--seeds N] [--from S]`: the same promises with real processes. A whole platform on this
 * machine, two bind workers of one route; SIGKILL, SIGSTOP and SIGTERM come when the seed says so. Some 15 s a seed.
 */
import { parseArgs } from 'node:util'
import { systemClock } from '../../aws/system-clock.ts'
import { demoMix } from '../../local/demo/mix.ts'
import { SIMULATOR_ACCOUNT, SMSC_SECRET } from '../../local/demo-route.ts'
import { Child } from '../../local/process/child.ts'
import { DEMO_ROUTE, DEMO_TENANT } from '../../local/seed/demo-tenant.ts'
import { CampaignId } from '../../shared/ids.ts'
import type { SubmitRecord } from '../../simulator/truth.ts'
import { type TestPlatform, testPlatform, upload } from '../end-to-end/platform.fixture.ts'
import { seededRandom } from '../support/fake-random.ts'
import { until } from '../support/until.ts'
import { violations } from './invariants.ts'
import { look } from './observation.ts'

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '3' }, from: { type: 'string', default: '1' } },
})
const RECIPIENTS = 1_500
const TPS = 400
/** A lease of 1.5 s with 0.25 s of grace. */
const TIMING_SCALE = 0.05
const LONGER_THAN_A_LEASE_MS = 2_500
const SETTLE_WITHIN_MS = 90_000
const STOP_GRACE_MS = 10_000

type What = 'kill' | 'freeze' | 'drain'
interface Blow {
  atMs: number
  what: What
  slot: 0 | 1
}

function blowsOf(seed: number): Blow[] {
  const random = seededRandom(seed)
  const one = <T>(of: readonly T[]): T => of[Math.floor(random.next() * of.length)]!
  return Array.from({ length: 3 }, () => ({
    atMs: 500 + Math.floor(random.next() * 3_000),
    what: one(['kill', 'kill', 'freeze', 'freeze', 'drain'] as const),
    slot: one([0, 1] as const),
  })).sort((a, b) => a.atMs - b.atMs)
}

let broken = 0
for (let seed = Number(values.from); seed < Number(values.from) + Number(values.seeds); seed++) {
  const startMs = performance.now()
  const lines: string[] = []
  const platform = await testPlatform({
    ...{ tps: TPS, timingScale: TIMING_SCALE },
    simulator: { receiptDelayMs: { min: 50, max: 800 } },
  })
  const workers: (Child | null)[] = [null, null]
  try {
    await platform.killWorker('SIGTERM')
    for (const slot of [0, 1]) workers[slot] = await startWorker(platform, slot, lines)
    const campaigns = await launch(platform)
    await Promise.all(blowsOf(seed).map((blow) => strike(platform, workers, blow, lines)))
    await settle(platform, campaigns)
    const found = await judge(platform, campaigns, lines)
    if (found.length > 0) broken++
    const blows = blowsOf(seed).map(({ atMs, what, slot }) => `+${atMs} ${what} ${slot}`)
    const { submitted } = (await platform.truth())!
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1)
    console.log(
      `seed ${seed}  ${seconds} s  ${submitted} accepted  ${blows.join(', ')}  ${found.length} violations`,
    )
    for (const violation of found)
      console.log(`! ${violation.invariant}: ${violation.what} (${violation.about})`)
  } finally {
    await Promise.all(workers.map((worker) => worker?.stop(STOP_GRACE_MS)))
    await platform.stop()
  }
}
process.exitCode = broken === 0 ? 0 : 1

async function startWorker(platform: TestPlatform, slot: number, lines: string[]): Promise<Child> {
  const worker = new Child({
    name: `worker ${slot}`,
    module: 'bind-worker/main.ts',
    env: {
      ...platform.env,
      ...{ ROUTE_ID: DEMO_ROUTE, ROUTE_SHARE: '0.5', [SMSC_SECRET]: JSON.stringify(SIMULATOR_ACCOUNT) },
    },
    onLine: (_name, line) => lines.push(line),
  })
  await worker.started()
  return worker
}

async function launch(platform: TestPlatform): Promise<CampaignId[]> {
  const campaigns: CampaignId[] = []
  for (const { name, templateId, mapping, csv } of demoMix(RECIPIENTS)) {
    const id = CampaignId.parse(await upload(platform, { name, templateId, mapping }, csv))
    campaigns.push(id)
    const answer = await platform.api('POST', `/v1/campaigns/${id}/check`, { thenLaunch: true })
    if (answer.status !== 202) throw new Error(`check answered ${answer.status}`)
  }
  return campaigns
}

async function strike(
  platform: TestPlatform,
  workers: (Child | null)[],
  { atMs, what, slot }: Blow,
  lines: string[],
): Promise<void> {
  await systemClock.sleep(atMs)
  const worker = workers[slot]
  // Another blow has it in hand.
  if (!worker) return
  if (what === 'freeze') {
    worker.kill('SIGSTOP')
    await systemClock.sleep(LONGER_THAN_A_LEASE_MS)
    worker.kill('SIGCONT')
    return
  }
  workers[slot] = null
  if (what === 'kill') worker.kill('SIGKILL')
  else worker.kill('SIGTERM')
  await worker.exited
  workers[slot] = await startWorker(platform, slot, lines)
}

async function settle(platform: TestPlatform, campaigns: readonly CampaignId[]): Promise<void> {
  const settled = async (id: CampaignId) =>
    (await platform.api('GET', `/v1/campaigns/${id}`)).body.state === 'settled'
  for (const id of campaigns) await until(() => settled(id), SETTLE_WITHIN_MS)
  await until(async () => (await platform.truth())!.receipts.pending === 0, SETTLE_WITHIN_MS)
}

async function judge(platform: TestPlatform, campaigns: readonly CampaignId[], logLines: readonly string[]) {
  const accepted = acceptedOf(platform)
  const whose = { tenant: DEMO_TENANT, campaigns, route: DEMO_ROUTE }
  return violations({
    ...(await look(platform.deps, whose, accepted)),
    ...{ accepted, logLines, lostCopies: [], cancelled: [], failures: [] },
    attempts: accepted.map((record) => ({ atMs: record.at, record, fate: 'accepted' as const })),
  })
}

/** The simulator's log as records. */
function acceptedOf(platform: TestPlatform): SubmitRecord[] {
  const events = platform.smscEvents()
  const acked = new Set(events.flatMap((one) => (one.event === 'receipt_acked' ? [one.messageId] : [])))
  return events.flatMap((event) => {
    if (event.event !== 'submit_sm') return []
    const receiptAckedAt = acked.has(event.messageId) ? 1 : null
    return [
      { ...event, octets: '', responded: true, receiptsSent: 1, receiptAckedAt } as unknown as SubmitRecord,
    ]
  })
}
