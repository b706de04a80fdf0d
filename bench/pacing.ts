/**
 * What arrives in each second when a route's binds share its rate: the sender of the bind worker over real sockets,
 * arrivals timed by the peer.
 *
 *     npm run bench -- pacing [--seconds 30] [--tps 50,500,5000] [--binds 4] [--tasks 1]
 *
 * With several tasks each is a sender of its own with its share of rate and binds, as workers of one route are.
 *
 * Targets: no second above 102 % of the route's rate, a mean of at least 98 % of what the tasks' shares add up to. The
 * seconds are those of a clock started with the first arrival, as an operator counts. The worst second wherever it
 * starts is printed too, and for how long this process did not get to run at worst: on a busy machine that, not the
 * pacing, is what is seen.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { systemClock } from '../aws/system-clock.ts'
import { HeldBatch } from '../bind-worker/intake/held-batch.ts'
import type { LedgerWriter } from '../bind-worker/ledger-writer.ts'
import { type TaskShare, taskShare } from '../bind-worker/pacing/share.ts'
import { TokenBucket } from '../bind-worker/pacing/token-bucket.ts'
import { RememberedIds } from '../bind-worker/receipts/remembered-ids.ts'
import { Link } from '../bind-worker/send/link.ts'
import { Sender } from '../bind-worker/send/sender.ts'
import type { SegmentTask } from '../bind-worker/send/tasks.ts'
import type { Bind } from '../bind-worker/session/bind.ts'
import type { SubmitEncoder } from '../bind-worker/session/submit-encoder.ts'
import type { RouteConfig } from '../shared/contracts/route.ts'
import { BootId, RouteId } from '../shared/ids.ts'
import { silentLog } from '../shared/log.ts'
import type { Ledger } from '../shared/ports.ts'
import { TIMING } from '../shared/timing.ts'
import { sampleBind, sampleEncoder, sampleLine, sampleRoute } from './sample-route.ts'
import { type Arrival, startPeer } from './smsc-peer.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '30' },
    tps: { type: 'string', default: '50,500,5000' },
    binds: { type: 'string', default: '4' },
    tasks: { type: 'string', default: '1' },
  },
})
const SECONDS = Number(values.seconds)
const TASKS = Number(values.tasks)
const MOST = 1.02
const MEAN = 0.98
const BATCH_MESSAGES = 100
/** Messages held ready, so that the sender never waits for work. */
const READY_MESSAGES = 4_000

console.log('   tps     mean   most in a second   most in any 1,000 ms   least   longest stall')
const stalls = monitorEventLoopDelay({ resolution: 5 })
stalls.enable()
let kept = true
for (const tps of values.tps.split(',').map(Number)) {
  stalls.reset()
  const { seconds, mostAnywhere } = bySecond(await send(tps))
  const share = (count: number): string => `${((100 * count) / tps).toFixed(1)} %`
  const mean = seconds.reduce((sum, count) => sum + count, 0) / seconds.length
  const most = Math.max(...seconds)
  const shared = TASKS * shareOf(tps).tps
  const isKept = most <= MOST * tps && mean >= MEAN * shared
  kept &&= isKept
  const stall = `${Math.round(stalls.max / 1e6)} ms`
  const cells = [share(mean), share(most), share(mostAnywhere), share(Math.min(...seconds)), stall]
  const widths = [9, 19, 23, 8, 16]
  const text = cells.map((cell, i) => cell.padStart(widths[i]!)).join('')
  console.log(`${String(tps).padStart(6)}${text}${isKept ? '' : '  !'}`)
}
console.log(
  `targets: no second above ${MOST * 100} %, a mean of at least ${MEAN * 100} % of the tasks' shares`,
)
process.exitCode = kept ? 0 : 1

/** Sends at this rate for the whole run, and answers what arrived when. */
async function send(tps: number): Promise<Arrival[]> {
  const peer = await startPeer({ delays: [{ ms: 10, weight: 1 }] })
  const route = sampleRoute(peer.port, { tps, binds: Number(values.binds) })
  const tasks = Array.from({ length: TASKS }, () => senderOf(route, shareOf(tps)))
  const binds = tasks.flatMap((task) => task.binds)
  try {
    for (const bind of binds) bind.start()
    // A second more than measured, because the last may be cut.
    await sleep((SECONDS + 1.2) * 1_000)
    for (const { sender } of tasks) sender.stop()
    await Promise.all(binds.map((bind) => bind.drain()))
    return await peer.arrivals()
  } finally {
    for (const { sender } of tasks) sender.destroy()
    peer.stop()
  }
}

function shareOf(tps: number): TaskShare {
  return taskShare({ id: RouteId.parse('bench'), binds: Number(values.binds), tps }, 1 / TASKS)
}

/** One task's sender, and its binds. */
function senderOf(route: RouteConfig, share: TaskShare): { sender: Sender; binds: Bind<SegmentTask>[] } {
  const encoders = new WeakMap<HeldBatch, SubmitEncoder>()
  const encode = ({ task: { batch, message } }: SegmentTask): Buffer => {
    const encoder = encoders.get(batch) ?? sampleEncoder(route, batch.dispatch.line)
    encoders.set(batch, encoder)
    return encoder.encode(message, 0)
  }
  let batches = 0
  const fill = (): void => {
    while (sender.ready.waiting('service') < READY_MESSAGES) sender.add(heldBatch(batches++))
  }
  const sender = new Sender({
    route,
    clock: systemClock,
    timing: TIMING,
    log: silentLog,
    ledger: { reserve: async () => true } as Partial<Ledger> as Ledger,
    writer: { backlog: 0, outcome() {} } as Partial<LedgerWriter> as LedgerWriter,
    ids: new RememberedIds(100_000),
    bucket: new TokenBucket(share.tps),
    reserveAhead: BATCH_MESSAGES,
    encode,
    onQuiet: () => {},
    onTaken: fill,
  })
  const binds = Array.from({ length: share.binds }, (_, index) => {
    const bind = sampleBind<SegmentTask>(index, route, {
      onBound: () => sender.kick(),
      onResponse: (segment, { status, messageId }) =>
        sender.onResponse(link, segment, status, messageId ?? ''),
      onWritable: () => sender.kick(),
    })
    const link = new Link(bind)
    sender.addLink(link)
    return bind
  })
  fill()
  return { sender, binds }
}

function heldBatch(number: number): HeldBatch {
  const line = sampleLine(Math.floor(number / 50), number % 50, BATCH_MESSAGES)
  const { campaign, page, batch } = line
  const launch = { expiresAt: Date.now() + 86_400_000, hours: null, policy: 'hold' as const }
  return new HeldBatch({
    dispatch: { launch, skip: [], line, rawLine: '' },
    claim: {
      ...{ campaign, page, batch, owner: BootId.parse('01K9XXXXXXXXXXXXXXXXXXXXXX'), gen: 1 },
      ...{ state: 'held', crashes: 0, leaseUntil: 0, lineHash: '', parked: null },
      reserved: '1'.repeat(BATCH_MESSAGES),
    },
    copy: { queue: 'dispatch-bench-service', receipt: String(number), body: '' },
    toSend: new Set(line.messages.keys()),
    fenceAtMs: Number.POSITIVE_INFINITY,
  })
}

function bySecond(arrivals: readonly Arrival[]): { seconds: number[]; mostAnywhere: number } {
  const startMs = arrivals[0]![0]
  const seconds = Array<number>(SECONDS).fill(0)
  let mostAnywhere = 0
  let inWindow = 0
  let oldest = 0
  for (const [atMs, segments] of arrivals) {
    const second = Math.floor((atMs - startMs) / 1_000)
    if (second >= SECONDS) break
    seconds[second]! += segments
    inWindow += segments
    while (arrivals[oldest]![0] <= atMs - 1_000) inWindow -= arrivals[oldest++]![1]
    mostAnywhere = Math.max(mostAnywhere, inWindow)
  }
  return { seconds, mostAnywhere }
}
