/**
 * Messages a second over one bind by window, fixed and adaptive, against a peer that answers after a delay.
 *
 *     npm run bench -- window [--seconds 3] [--warm-up 8]
 *
 * Each cell is a bind of its own over a real socket. A fixed window is measured after one second, when even the slowest
 * answers have come; the adaptive one starts at 10 and is measured after its warm-up, whose real length (until it first
 * had 85 % of the rate measured later) is printed. Target: 85 % of the best fixed window in every row.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sampleBind, sampleEncoder, sampleLine, sampleRoute } from './sample-route.ts'
import { type PeerOptions, startPeer } from './smsc-peer.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    'warm-up': { type: 'string', default: '8' },
  },
})
const MEASURED_MS = Number(values.seconds) * 1_000
const WARM_UP_MS = Number(values['warm-up']) * 1_000
const FIXED_WARM_UP_MS = 1_000
const SAMPLE_MS = 250
const TARGET_RATIO = 0.85
const ADAPTIVE_MIN = 10

interface Row extends PeerOptions {
  name: string
  windows: number[]
}

const GUIDE = [1, 10, 50, 100]
const WIDE = [...GUIDE, 200, 400]
const MIX = [
  { ms: 10, weight: 80 },
  { ms: 100, weight: 15 },
  { ms: 1_000, weight: 5 },
]
const ROWS: Row[] = [
  { name: '25 ms', delays: [{ ms: 25, weight: 1 }], windows: GUIDE },
  { name: '100 ms', delays: [{ ms: 100, weight: 1 }], windows: WIDE },
  { name: '400 ms', delays: [{ ms: 400, weight: 1 }], windows: WIDE },
  { name: '10/100/1000 ms', delays: MIX, windows: WIDE },
  { name: '100 ms, 1,000/s', delays: [{ ms: 100, weight: 1 }], capacity: 1_000, windows: WIDE },
]

interface Cell {
  perSecond: number
  /** When measuring ended. */
  window: number
  latencyP50Ms: number | null
  warmUpMs: number
}

interface RowResult {
  row: Row
  fixed: Cell[]
  adaptive: Cell
  /** Of the adaptive window's rate to that of the best fixed one. */
  ratio: number
}

const results: RowResult[] = []
for (const row of ROWS) results.push(await measureRow(row))
print(results)
process.exitCode = results.every(({ ratio }) => ratio >= TARGET_RATIO) ? 0 : 1

async function measureRow(row: Row): Promise<RowResult> {
  const peer = await startPeer(row)
  try {
    const fixed: Cell[] = []
    for (const window of row.windows) {
      fixed.push(await measure(peer.port, { min: window, max: window }, FIXED_WARM_UP_MS))
    }
    const adaptive = await measure(
      peer.port,
      { min: ADAPTIVE_MIN, max: Math.max(...row.windows) },
      WARM_UP_MS,
    )
    const ratio = adaptive.perSecond / Math.max(...fixed.map(({ perSecond }) => perSecond))
    return { row, fixed, adaptive, ratio }
  } finally {
    peer.stop()
  }
}

async function measure(port: number, window: { min: number; max: number }, warmUpMs: number): Promise<Cell> {
  const route = sampleRoute(port, { window })
  const line = sampleLine(0, 0, 100)
  const encoder = sampleEncoder(route, line)
  const bound = Promise.withResolvers<void>()
  let submitted = 0
  let answered = 0
  const pump = (): void => {
    while (bind.canSubmit) {
      bind.submit(encoder.encode(line.messages[submitted % line.messages.length]!, 0), null)
      submitted++
    }
  }
  const bind = sampleBind<null>(0, route, {
    onBound: bound.resolve,
    onResponse: () => void answered++,
    onWritable: pump,
  })
  bind.start()
  await bound.promise
  pump()
  const samples: { atMs: number; answered: number }[] = []
  const startMs = performance.now()
  for (let atMs = 0; atMs < warmUpMs + MEASURED_MS; atMs = performance.now() - startMs) {
    samples.push({ atMs, answered })
    await sleep(SAMPLE_MS)
  }
  samples.push({ atMs: performance.now() - startMs, answered })
  const { window: size, latencyP50Ms } = bind.stats()
  await bind.drain()

  const rate = (from: (typeof samples)[number], to: (typeof samples)[number]): number =>
    ((to.answered - from.answered) * 1_000) / (to.atMs - from.atMs)
  const perSecond = rate(samples.find(({ atMs }) => atMs >= warmUpMs)!, samples.at(-1)!)
  const warm = samples.findIndex((sample, i) => i > 0 && rate(samples[i - 1]!, sample) >= 0.85 * perSecond)
  return { perSecond, window: size, latencyP50Ms, warmUpMs: samples[warm]!.atMs }
}

function print(rows: readonly RowResult[]): void {
  const perSecond = (cell: Cell | undefined): string => (cell ? String(Math.round(cell.perSecond)) : '')
  console.log('messages a second by window\n')
  console.log(
    columns('response after', [...WIDE.map(String), 'adaptive', '/best', 'window', 'p50 ms', 'warm-up']),
  )
  for (const { row, fixed, adaptive, ratio } of rows) {
    console.log(
      columns(row.name, [
        ...WIDE.map((window) => perSecond(fixed[row.windows.indexOf(window)])),
        perSecond(adaptive),
        `${ratio.toFixed(2)}${ratio >= TARGET_RATIO ? '' : ' !'}`,
        String(adaptive.window),
        String(adaptive.latencyP50Ms),
        `${(adaptive.warmUpMs / 1_000).toFixed(1)} s`,
      ]),
    )
  }
  console.log(
    '\nthe guide says, at 25 ms: 30-50, 200-400, 1,000-2,000 and 3,000-5,000 for windows of 1, 10, 50 and 100',
  )
}

function columns(first: string, rest: readonly string[]): string {
  return first.padEnd(18) + rest.map((text) => text.padStart(9)).join('')
}
