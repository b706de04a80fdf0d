import type { RouteId } from '../shared/ids.ts'
import type { Log } from '../shared/log.ts'
import type { Metrics } from '../shared/metrics.ts'
import type { Clock, Registry } from '../shared/ports.ts'
import type { Timing } from '../shared/timing.ts'
import {
  bindMeasurements,
  type Counts,
  countMeasurements,
  type Holds,
  heldMeasurements,
} from './measurements.ts'
import type { LagMeter } from './receipts/lag-meter.ts'
import type { BindStats } from './session/bind.ts'

export interface ReportsOptions {
  route: { id: RouteId }
  boot: string
  registry: Registry
  clock: Clock
  timing: Timing
  log: Log
  metrics: Metrics
  /** What there is to tell now. */
  state: () => Omit<Holds, 'binds'> & Counts & { binds: readonly BindStats[] }
  receiptLag: LagMeter
  /** Called at every beat. */
  onBeat: () => void
}

/** Tells others how the worker is: a heartbeat of each bind to the registry, numbers to the dashboard. */
export class Reports {
  readonly #o: ReportsOptions
  readonly #timers: NodeJS.Timeout[] = []
  #told: Counts

  constructor(options: ReportsOptions) {
    this.#o = options
    this.#told = options.state()
  }

  start(): void {
    const { timing, onBeat } = this.#o
    const beat = () => {
      void this.beat()
      onBeat()
    }
    this.#timers.push(setInterval(beat, timing.heartbeatMs))
    this.#timers.push(setInterval(() => this.#measure(), timing.measureMs))
  }

  /** Leaves no timer behind. */
  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  async beat(): Promise<void> {
    const { route, boot, registry, clock, log, state } = this.#o
    const at = clock.now()
    const beats = state().binds.map((stats) => registry.putHeartbeat(route.id, { ...stats, boot, at }))
    await Promise.all(beats).catch((cause: unknown) => {
      log.warn('heartbeat not written', { cause: String(cause) })
    })
  }

  #measure(): void {
    const { route, metrics, state, receiptLag } = this.#o
    const now = state()
    const lagMs = receiptLag.takeMedianMs()
    metrics.put(
      { route: route.id },
      {
        ...heldMeasurements(now),
        ...countMeasurements(now, this.#told),
        ...(lagMs !== null && { receiptLagP50: [lagMs, 'milliseconds'] }),
      },
    )
    this.#told = now
    for (const stats of now.binds) {
      metrics.put({ route: route.id, bind: String(stats.bind) }, bindMeasurements(stats))
    }
  }
}
