/** Everything a run consists of, started and stopped: SMSC, ports, functions, two workers. */
import type { Deps } from '../../aws/deps.ts'
import { systemClock, systemIds } from '../../aws/system-clock.ts'
import type { Log } from '../../shared/log.ts'
import { scaled, TIMING, type Timing } from '../../shared/timing.ts'
import { seededRandom } from '../support/fake-random.ts'
import { MemorySuppressions } from '../support/memory-suppressions.ts'
import { CREDENTIALS, createCampaigns, POOL, routeTo } from './campaigns.ts'
import { Functions } from './functions.ts'
import { Journal } from './journal.ts'
import { FUNCTIONS_CLOCK, Jumps, workerClock } from './process-clock.ts'
import { type RecordedPorts, recordedPorts } from './recorded-ports.ts'
import type { Scenario, Slot } from './scenario.ts'
import { type ChaosSmsc, startSmsc } from './smsc.ts'
import { Outages, unkindPorts } from './unkind-ports.ts'
import { WorkerSlot } from './worker-slot.ts'

/** A fiftieth of the real durations; what would then be too short for a busy machine, or too long, on its own. */
export const CHAOS_TIMING: Timing = {
  ...scaled(TIMING, 0.02),
  lingerMs: 5,
  visibilityMs: 1_000,
  receiptDurableMs: 250,
  controlPollMs: 40,
  heartbeatMs: 250,
  drainMs: 1_500,
  connectTimeoutMs: 2_000,
  bindTimeoutMs: 1_000,
  reconnectCapMs: 300,
  badCredentialsRetryMs: 200,
  alreadyBoundRetryMs: 200,
  throttlePauseMs: 120,
  unplacedLookupMs: 80,
  schedulerMs: 200,
  // A batch whose copy is lost must not be rescued: it would not be noticed.
  refeedMs: 3_600_000,
}

export interface World {
  journal: Journal
  /** As it really is. */
  ports: RecordedPorts
  smsc: ChaosSmsc
  outages: Outages
  jumps: Jumps
  /** What the functions are given, and the operator. */
  deps: Deps
  functions: Functions
  slots: readonly [WorkerSlot, WorkerSlot]
  stop(): Promise<void>
}

export async function startWorld(scenario: Scenario): Promise<World> {
  const journal = new Journal()
  const ports = recordedPorts(systemClock, journal)
  const outages = new Outages()
  const jumps = new Jumps()
  const smsc = await startSmsc(scenario, journal)
  const random = (nth: number) => seededRandom(scenario.seed * 16 + nth)
  const route = routeTo(smsc.simulator.port, scenario)
  await ports.registry.putRoute(route)
  await createCampaigns(ports, scenario, random(0), systemClock.now())

  const deps: Deps = {
    ...unkindPorts(ports, outages, scenario, random(1)),
    suppressions: new MemorySuppressions(systemClock),
    clock: jumps.clockOf(FUNCTIONS_CLOCK),
    ids: systemIds(),
    random: random(2),
    timing: CHAOS_TIMING,
    log: logInto(journal, 'functions'),
  }
  const functions = new Functions(deps, { random: random(3), mortality: scenario.mortality, journal })
  const slotOf = (slot: Slot) =>
    new WorkerSlot(`worker ${slot}`, {
      journal,
      ports: unkindPorts(ports, outages, scenario, random(4 + slot)),
      data: {
        ...{ route, pool: POOL, timing: CHAOS_TIMING, credentials: CREDENTIALS },
        ...{ jumps: jumps.shared, clock: workerClock(slot), seed: scenario.seed * 16 + 8 + slot },
      },
    })
  const slots = [slotOf(0), slotOf(1)] as const
  await Promise.all(slots.map((slot) => slot.start()))
  functions.start()
  return {
    ...{ journal, ports, smsc, outages, jumps, deps, functions, slots },
    async stop() {
      await Promise.all(slots.map((slot) => slot.kill()))
      await functions.stop()
      await smsc.simulator.destroy()
    },
  }
}

function logInto(journal: Journal, who: string): Log {
  const logged = (level: string) => (message: string, fields?: Record<string, unknown>) =>
    journal.log(who, `${level} ${message} ${JSON.stringify(fields ?? {})}`)
  return { info: logged('info'), warn: logged('warn'), error: logged('error') }
}
