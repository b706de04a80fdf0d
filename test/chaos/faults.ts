/** Does to a world what its scenario says, when it says so. */
import { systemClock } from '../../aws/system-clock.ts'
import type { CourseDeps } from '../../shared/campaign/course.ts'
import { IllegalState } from '../../shared/campaign/errors.ts'
import { cancelCampaign, pauseCampaign, resumeCampaign } from '../../shared/campaign/pause.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { DakgharError } from '../../shared/errors.ts'
import type { CampaignId } from '../../shared/ids.ts'
import { CAMPAIGNS, TENANT } from './campaigns.ts'
import { FUNCTIONS_CLOCK, workerClock } from './process-clock.ts'
import { describeFault, type Fault } from './scenario.ts'
import type { World } from './world.ts'

const DRAIN_PATIENCE_MS = 8_000
const OPERATOR_ATTEMPTS = 100
const OPERATOR_WAIT_MS = 20

/** Resolves when the last fault is over: whoever was killed is back, what was paused goes on. Answers failures. */
export async function doFaults(world: World, faults: readonly Fault[]): Promise<string[]> {
  const startMs = world.journal.nowMs()
  const failures = await Promise.all(
    faults.map(async (fault) => {
      await systemClock.sleep(Math.max(0, fault.atMs - (world.journal.nowMs() - startMs)))
      world.journal.add('fault', describeFault(fault))
      return doFault(world, fault)
    }),
  )
  return failures.filter((failure) => failure !== null)
}

async function doFault(world: World, fault: Fault): Promise<string | null> {
  const { smsc, slots, outages, jumps } = world
  switch (fault.kind) {
    case 'cut':
      smsc.simulator.disconnect()
      return null
    case 'smsc':
      smsc.simulator.inject(fault.fault, fault.forMs)
      await systemClock.sleep(fault.forMs)
      return null
    case 'storm':
      smsc.storm(fault.mood, fault.share, fault.forMs)
      return null
    case 'kill':
      await slots[fault.slot].kill()
      await systemClock.sleep(fault.downMs)
      await slots[fault.slot].start()
      return null
    case 'freeze':
      slots[fault.slot].freeze(fault.forMs)
      await systemClock.sleep(fault.forMs)
      return null
    case 'drain': {
      const drained = await slots[fault.slot].drain(DRAIN_PATIENCE_MS)
      await systemClock.sleep(fault.downMs)
      await slots[fault.slot].start()
      return drained ? null : `worker ${fault.slot} did not drain in ${DRAIN_PATIENCE_MS} ms`
    }
    case 'outage':
      outages.begin(fault.port, fault.how, fault.forMs)
      await systemClock.sleep(fault.forMs)
      return null
    case 'clock':
      jumps.jump(fault.whose === 'functions' ? FUNCTIONS_CLOCK : workerClock(fault.whose), fault.byMs)
      return null
    case 'pause':
      await operate(world, CAMPAIGNS[fault.campaign]!, pauseCampaign)
      await systemClock.sleep(fault.forMs)
      return operate(world, CAMPAIGNS[fault.campaign]!, resumeCampaign)
    case 'cancel':
      return operate(world, CAMPAIGNS[fault.campaign]!, cancelCampaign)
  }
}

/** An operator who tries again until it is done, or learns that the campaign's state does not allow it. */
export async function operate(
  { deps, journal }: Pick<World, 'deps' | 'journal'>,
  id: CampaignId,
  act: (deps: CourseDeps, campaign: CampaignRecord) => Promise<unknown>,
): Promise<string | null> {
  for (let attempt = 1; attempt <= OPERATOR_ATTEMPTS; attempt++) {
    try {
      const campaign = await deps.registry.campaign(TENANT, id)
      await act(deps, campaign!)
      return null
    } catch (error) {
      if (error instanceof IllegalState) {
        journal.add('fault', `operator told: ${error.message}`)
        return null
      }
      const passing = error instanceof DakgharError && error.retryable
      if (!passing) return `operator got ${error}`
      await systemClock.sleep(OPERATOR_WAIT_MS)
    }
  }
  return `operator gave up after ${OPERATOR_ATTEMPTS} attempts`
}
