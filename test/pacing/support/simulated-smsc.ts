import type { AdaptiveLimit } from '../../../bind-worker/pacing/adaptive-limit.ts'

/** An SMSC in virtual time: takes segments one after the other at its capacity, then answers each after a delay. */
export interface SimulatedSmsc {
  /** Segments a second; what comes faster waits in a queue. Unlimited when left out. */
  capacity?: number
  /** Drawn for each segment. `atMs` since the start of the run. */
  delayMs: (random: () => number, atMs: number) => number
  /** Whether the segment is refused for being too fast; a refusal is answered at once. */
  refuses?: (atMs: number, inFlight: number) => boolean
}

export const always = (ms: number) => () => ms
/** What cloudhopper was once measured with: 10, 100 and 1,000 ms in 80, 15 and 5 %. */
export const mix = (random: () => number): number => {
  const dice = random()
  return dice < 0.8 ? 10 : dice < 0.95 ? 100 : 1_000
}

export interface Trace {
  /** Segments accepted a second from `fromMs` on. */
  perSecond(fromMs: number, toMs?: number): number
  /** The window of the first bind, every 100 ms. */
  windows: { atMs: number; window: number }[]
  meanLatencyMs(fromMs: number): number
}

/** A limit of one bind, or a fixed window. */
export type Limit = AdaptiveLimit | number

export interface RunOptions {
  durationMs: number
  seed?: number
  /** The sender's own pace; it submits as fast as the window allows when left out. */
  tps?: number
}

interface Answer {
  atMs: number
  sentAtMs: number
  bind: number
  accepted: boolean
}

/** Submits over each of the binds whatever its window allows, for so long. */
export function run(smsc: SimulatedSmsc, limits: readonly Limit[], options: RunOptions): Trace {
  const random = generator(options.seed ?? 1)
  const answers = new Heap()
  const inFlight = limits.map(() => 0)
  const slices = Array.from({ length: Math.ceil(options.durationMs / SLICE_MS) + 1 }, () => ({
    count: 0,
    sumMs: 0,
  }))
  const windows: Trace['windows'] = []
  const intervalMs = options.tps ? 1_000 / options.tps : 0
  let tokenAtMs = 0
  let freeAtMs = 0

  const windowOf = (limit: Limit): number => (typeof limit === 'number' ? limit : limit.window)
  const submit = (bind: number, nowMs: number): void => {
    const sent = ++inFlight[bind]!
    if (smsc.refuses?.(nowMs, sent)) {
      answers.push({ atMs: nowMs + 1, sentAtMs: nowMs, bind, accepted: false })
      return
    }
    freeAtMs = Math.max(freeAtMs, nowMs) + (smsc.capacity ? 1_000 / smsc.capacity : 0)
    answers.push({
      atMs: freeAtMs + smsc.delayMs(random, nowMs),
      sentAtMs: nowMs,
      bind,
      accepted: true,
    })
  }
  const pump = (nowMs: number): void => {
    for (let moved = true; moved; ) {
      moved = false
      limits.forEach((limit, bind) => {
        if (inFlight[bind]! >= windowOf(limit) || tokenAtMs > nowMs) return
        if (intervalMs > 0) tokenAtMs = Math.max(tokenAtMs, nowMs - intervalMs) + intervalMs
        submit(bind, nowMs)
        moved = true
      })
    }
  }

  let nowMs = 0
  pump(nowMs)
  while (nowMs < options.durationMs) {
    const next = answers.peek()
    const paced = intervalMs > 0 && limits.some((limit, bind) => inFlight[bind]! < windowOf(limit))
    if (paced && tokenAtMs > nowMs && (!next || tokenAtMs < next.atMs)) {
      nowMs = tokenAtMs
      pump(nowMs)
      continue
    }
    if (!next) throw new Error('nothing is in flight and nothing may be sent')
    answers.pop()
    nowMs = next.atMs
    const limit = limits[next.bind]!
    const latencyMs = nowMs - next.sentAtMs
    if (typeof limit !== 'number') {
      if (next.accepted) limit.onAccepted(nowMs, latencyMs, inFlight[next.bind]!)
      else limit.onRefused(nowMs, latencyMs)
    }
    inFlight[next.bind]!--
    const slice = slices[Math.floor(nowMs / SLICE_MS)]
    if (next.accepted && slice) {
      slice.count++
      slice.sumMs += latencyMs
    }
    if (nowMs >= windows.length * SLICE_MS) windows.push({ atMs: nowMs, window: windowOf(limits[0]!) })
    pump(nowMs)
  }
  return {
    windows,
    perSecond(fromMs, toMs = options.durationMs) {
      const counted = slices.slice(fromMs / SLICE_MS, toMs / SLICE_MS)
      return (counted.reduce((sum, { count }) => sum + count, 0) * 1_000) / (toMs - fromMs)
    },
    meanLatencyMs(fromMs) {
      const counted = slices.slice(fromMs / SLICE_MS)
      const count = counted.reduce((sum, slice) => sum + slice.count, 0)
      return counted.reduce((sum, { sumMs }) => sum + sumMs, 0) / count
    },
  }
}

/** Runs are read in slices; times given to a {@link Trace} are multiples of it. */
const SLICE_MS = 100

/** A linear congruential generator (Numerical Recipes): any other would do. */
export function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Answers by time. */
class Heap {
  readonly #items: Answer[] = []

  peek(): Answer | undefined {
    return this.#items[0]
  }

  push(item: Answer): void {
    const items = this.#items
    let at = items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (items[parent]!.atMs <= item.atMs) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = item
  }

  pop(): void {
    const items = this.#items
    const last = items.pop()
    if (!last || items.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && items[child + 1]!.atMs < items[child]!.atMs) child++
      if (items[child]!.atMs >= last.atMs) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
  }
}
