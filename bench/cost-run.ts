/**
 * One campaign through the platform's own code, API to last receipt, in simulated time: `cost-run.ts TASK`, a
 * {@link CostTask} as JSON, answered to the parent process. Everything runs in this process, as time must wait for all.
 */
import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'
import { clientsFor } from '../aws/clients.ts'
import { configFromEnv } from '../aws/config.ts'
import { type AwsDeps, depsFromConfig } from '../aws/deps.ts'
import { Worker } from '../bind-worker/worker.ts'
import { createApp } from '../lambdas/api/app.ts'
import { demoRoute } from '../local/demo-route.ts'
import { startEmulators } from '../local/emulators.ts'
import { startLambdaHost } from '../local/lambda-host.ts'
import { ensureResources } from '../local/resources.ts'
import { DEMO_TENANT, DEMO_VARIABLES, demoPool, SHORT_TEMPLATE } from '../local/seed/demo-tenant.ts'
import { demoKey, seedDemo } from '../local/seed/seed.ts'
import { uploadKey } from '../shared/campaign/plan-keys.ts'
import { csvRecord } from '../shared/csv/write.ts'
import { CampaignId } from '../shared/ids.ts'
import { silentMetrics } from '../shared/metrics.ts'
import { seededRandom } from '../simulator/faults/random.ts'
import { startSimulator } from '../simulator/server.ts'
import { meteredFunctions, meteredLog } from './cost-functions.ts'
import { type Calls, Meter, meterClients } from './cost-meter.ts'
import type { Usage } from './cost-prices.ts'
import { longPolled } from './long-polls.ts'
import { drawReceiptDelayMs } from './receipt-profile.ts'
import { SimulatedTime } from './simulated-time.ts'

export interface CostTask {
  messages: number
  /** Segments per second of the route. */
  tps: number
}

export interface CostRun {
  usage: Usage
  kinds: Record<string, Calls>
  ledgerBytes: number
  objectBytes: number
  /** From the worker to the SMSC and back, without TLS and what is below it. */
  smpp: { outBytes: number; inBytes: number }
  /** From launch to the last page settled. */
  hours: number
}

/** Ten in the morning in India. */
const START = Date.parse('2026-11-25T04:30:00Z')
const ACCOUNT = { systemId: 'bench', password: 'bench' }
const BINDS = 4
const WINDOW = 100
const RESPONSE_MS = 40
const LOOK_MS = 10_000
const HOUR_MS = 3_600_000

const task: CostTask = JSON.parse(process.argv[2]!)
/** The SMSC's ends of the binds. */
const binds: Socket[] = []
let smscPort = 0
subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket }
  if (socket.localPort === smscPort) binds.push(socket)
})
const emulators = await startEmulators({ dataDir: null })
await ensureResources(emulators.env, [demoPool])
const config = configFromEnv({ ...emulators.env, LOG_LEVEL: 'SILENT' })
const total = (of: 'bytesRead' | 'bytesWritten') => binds.reduce((sum, socket) => sum + socket[of], 0)
const time = new SimulatedTime(START, () => total('bytesRead') + total('bytesWritten'))
time.install()
const result = await time.until(campaign())
process.send?.(result, () => process.exit())

async function campaign(): Promise<CostRun> {
  smscPort = await startSmsc()
  const plain = depsFromConfig(config)
  const route = demoRoute(
    { host: '127.0.0.1', port: smscPort, tls: null },
    { tps: task.tps, binds: BINDS, window: WINDOW },
  )
  await seedDemo(plain, route)
  const key = await demoKey(plain, null)
  const meter = new Meter()
  const deps = meteredDeps(meter)
  const worker = new Worker({
    ...{ deps, route, pool: demoPool, routeShare: 1, rememberedIds: 1_000_000, metrics: silentMetrics },
    secrets: { read: async () => ACCOUNT },
  })
  worker.start()
  await startLambdaHost(deps, { load: meteredFunctions(deps, meter) })

  const launchedAt = time.clock.now()
  const id = await launch(deps, key)
  while ((await plain.registry.campaign(DEMO_TENANT, id))?.state !== 'settled')
    await time.clock.sleep(LOOK_MS)
  return {
    ...{ usage: meter.usage, kinds: Object.fromEntries(meter.kinds) },
    ...{ ledgerBytes: meter.ledgerBytes, objectBytes: meter.objectBytes },
    smpp: { outBytes: total('bytesRead'), inBytes: total('bytesWritten') },
    hours: (time.clock.now() - launchedAt) / HOUR_MS,
  }
}

async function startSmsc(): Promise<number> {
  const random = seededRandom('receipts')
  const smsc = await startSimulator({
    accounts: [ACCOUNT],
    responseDelayMs: { fixedMs: RESPONSE_MS },
    receiptDelayMs: { min: 0, max: 0 },
    outcomes: { DELIVRD: 95, EXPIRED: 5 },
    onSubmit: () => ({ receipt: { laterMs: drawReceiptDelayMs(random) } }),
  })
  return smsc.port
}

function meteredDeps(meter: Meter): AwsDeps {
  const clients = clientsFor(config)
  meterClients(clients, meter, time)
  const deps = depsFromConfig(config, clients)
  const { clock } = time
  return { ...deps, clock, queue: longPolled(deps.queue, clock), log: meteredLog(meter, clock) }
}

/** As a customer would; the file goes straight to where the form of the answer puts it. */
async function launch(deps: AwsDeps, key: string): Promise<CampaignId> {
  const app = createApp(deps)
  const post = async (path: string, body: object): Promise<{ campaign?: { id: string } }> => {
    const answer = await app.request(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
    return (await answer.json()) as { campaign?: { id: string } }
  }
  const mapping = { to: 'mobile', variables: [...DEMO_VARIABLES] }
  const created = await post('/v1/campaigns', { name: 'Cost', templateId: SHORT_TEMPLATE.id, mapping })
  const id = CampaignId.parse(created.campaign?.id)
  await deps.objects.put(uploadKey(DEMO_TENANT, id), csvOf(task.messages))
  await post(`/v1/campaigns/${id}/check`, { thenLaunch: true })
  return id
}

function csvOf(messages: number): string {
  let csv = csvRecord(['mobile', ...DEMO_VARIABLES])
  for (let n = 0; n < messages; n++)
    csv += csvRecord([String(9_810_000_000 + n), 'Asha', String(100_000 + n)])
  return csv
}
