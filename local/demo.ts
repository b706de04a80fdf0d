/** `npm run demo`: the whole line, CSV to report, unattended. See `local/demo/arguments.ts` for what it takes. */
import { depsFromEnv } from '../aws/deps.ts'
import { systemClock } from '../aws/system-clock.ts'
import { DakgharError } from '../shared/errors.ts'
import { ApiClient } from './demo/api-client.ts'
import { DEMO_USAGE, type DemoArguments, demoArguments } from './demo/arguments.ts'
import { untilBound } from './demo/bound.ts'
import { demoMix } from './demo/mix.ts'
import { progressLine, progressPrinter } from './demo/progress.ts'
import { demoResult, disagreements } from './demo/result.ts'
import { runCampaigns } from './demo/run.ts'
import { reportTable } from './demo/table.ts'
import { untilInterrupted } from './interrupt.ts'
import { type Platform, startPlatform } from './platform.ts'
import { demoScrub } from './seed/demo-scrub.ts'
import { DEMO_ROUTE } from './seed/demo-tenant.ts'

/** The demo measures the platform, so the route is never what it waits for. */
const DEMO_TPS = 50_000
const DEMO_BINDS = 4
const PROGRESS_MS = 5_000

async function main(): Promise<number> {
  const args = demoArguments(process.argv.slice(2))
  if (args.help) {
    console.log(DEMO_USAGE)
    return 0
  }
  const platform = await startPlatform({
    dataDir: null,
    tps: DEMO_TPS,
    binds: DEMO_BINDS,
    simulator: { scrub: demoScrub('refuse') },
    ...(args.smsc && { smsc: args.smsc }),
    ...(args.verbose && { onLine: (name, line) => console.error(`${name}: ${line}`) }),
  })
  const interrupted = untilInterrupted().then(() => {
    throw new DakgharError('interrupted', 'Interrupted: nothing can be said about the recipients.')
  })
  try {
    return await Promise.race([demo(platform, args), platform.failed, interrupted])
  } finally {
    await platform.stop()
  }
}

async function demo(platform: Platform, args: DemoArguments): Promise<number> {
  if (args.smsc) await smscLetsIn(platform)
  const startedAtMs = systemClock.monotonicMs()
  const elapsedMs = () => systemClock.monotonicMs() - startedAtMs
  const progress = progressPrinter(process.stderr, PROGRESS_MS)
  const api = new ApiClient(platform.url, platform.key)
  const runs = await runCampaigns(api, systemClock, demoMix(args.recipients), (campaigns) =>
    progress.print(progressLine(campaigns, elapsedMs()), elapsedMs()),
  )
  const tookMs = elapsedMs()
  progress.end()

  const truth = await platform.truth()
  const result = demoResult(runs, truth, tookMs)
  const wrong = disagreements(runs, truth)
  for (const { campaign } of runs) if (campaign.problem) wrong.push(campaign.problem.message)
  for (const sentence of wrong) console.error(sentence)
  console.log(args.json ? JSON.stringify(result) : reportTable(runs, result))
  return result.settled && wrong.length === 0 ? 0 : 1
}

/** A wrong address or password shows here, and not as recipients that stay queued. */
async function smscLetsIn(platform: Platform): Promise<void> {
  const deps = depsFromEnv(platform.env)
  await untilBound(deps, DEMO_ROUTE).finally(() => deps.close())
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof DakgharError ? error.message : error)
    process.exit(error instanceof DakgharError && error.code === 'bad_arguments' ? 2 : 1)
  },
)
