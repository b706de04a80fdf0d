/** The whole line over real sockets: CSV in through the HTTP API, TLS transceiver out, receipts in the report. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { systemClock } from '../../aws/system-clock.ts'
import { ApiClient } from '../../local/demo/api-client.ts'
import { demoMix } from '../../local/demo/mix.ts'
import { disagreements } from '../../local/demo/result.ts'
import { runCampaigns } from '../../local/demo/run.ts'
import { type Platform, type PlatformOptions, startPlatform } from '../../local/platform.ts'
import { until } from '../support/until.ts'

const FAST_RECEIPTS = { receiptDelayMs: { min: 20, max: 200 } }

const running: Platform[] = []
afterEach(async () => {
  for (const platform of running.splice(0)) await platform.stop()
})

async function platformOf(options: Partial<PlatformOptions> = {}): Promise<Platform> {
  const platform = await startPlatform({ dataDir: null, tps: 5_000, simulator: FAST_RECEIPTS, ...options })
  running.push(platform)
  return platform
}

it('settles every recipient of three campaigns, report and simulator agreeing to the unit', async () => {
  const platform = await platformOf()
  const runs = await runCampaigns(apiOf(platform), systemClock, demoMix(400), () => {})
  expect(runs.map(({ campaign }) => campaign.state)).toEqual(['settled', 'settled', 'settled'])
  expect(disagreements(runs, await platform.truth())).toEqual([])
})

it('picks up its state again: key, campaigns and reports', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'dakghar-platform-'))
  try {
    const first = await platformOf({ dataDir })
    const [run] = await runCampaigns(apiOf(first), systemClock, demoMix(2), () => {})
    await first.stop()

    const again = await platformOf({ dataDir })
    expect(again.key).toBe(first.key)
    expect(await apiOf(again).report(run!.campaign.id)).toMatchObject({ statuses: run!.report.statuses })
    await again.stop()
  } finally {
    rmSync(dataDir, { recursive: true })
  }
})

it('accounts for everybody and sends nothing twice when the worker is killed in the middle and started again', async () => {
  const tps = 300
  const platform = await platformOf({ tps, timingScale: 0.1 })
  const finished = runCampaigns(apiOf(platform), systemClock, demoMix(1_000), () => {})
  const submitted = async () => (await platform.truth())!.submitted
  await until(async () => (await submitted()) > 2 * tps)
  await platform.killWorker('SIGKILL')
  const atDeath = await submitted()
  await platform.startWorker()

  const runs = await finished
  const truth = (await platform.truth())!
  expect(atDeath).toBeLessThan(1_500)
  expect(truth.messages.repeated).toBe(0)
  for (const { plan, campaign, report } of runs) {
    expect(campaign.state).toBe('settled')
    expect(sum(Object.values(report.statuses))).toBe(plan.expected.accepted)
  }
  // Under policy hold the only difference is what was on the wire when the worker died: at most a second's reservation.
  const unconfirmed = sum(runs.map(({ report }) => report.segments.unconfirmed))
  const accepted = sum(runs.map(({ report }) => report.segments.accepted))
  expect(truth.submitted).toBeGreaterThanOrEqual(accepted)
  expect(truth.submitted - accepted).toBeLessThanOrEqual(unconfirmed)
})

const apiOf = (platform: Platform) => new ApiClient(platform.url, platform.key)
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
