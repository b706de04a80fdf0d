/** One run: start, let the faults come, wait until everything is at rest, look, judge. */
import { systemClock } from '../../aws/system-clock.ts'
import { launchCampaign } from '../../shared/campaign/launch.ts'
import { CAMPAIGNS, ROUTE, TENANT } from './campaigns.ts'
import { doFaults, operate } from './faults.ts'
import { type Violation, violations } from './invariants.ts'
import { type Cancelled, type Looked, look, type Observation } from './observation.ts'
import { FUNCTIONS_CLOCK } from './process-clock.ts'
import { describeFault, type Scenario, scenarioOf } from './scenario.ts'
import { CHAOS_TIMING, startWorld, type World } from './world.ts'

const REST_WITHIN_MS = 20_000
const SETTLE_WITHIN_MS = 8_000
const DRAIN_PATIENCE_MS = 8_000
const LOOK_EVERY_MS = 25
const WHOSE = { tenant: TENANT, campaigns: CAMPAIGNS, route: ROUTE }
const THREE_DAYS_MS = 3 * 86_400_000
/** From the answer that says cancelled to the last message of the campaign, on a busy machine. */
const CANCEL_ALLOWANCE_MS = 200

export interface RunResult {
  scenario: Scenario
  tookMs: number
  violations: Violation[]
  counts: {
    recipients: number
    /** Segments the SMSC accepted. */
    accepted: number
    /** Segments that reached the SMSC once more although it had not refused them, and are not reported as resent. */
    duplicates: number
    /** Segments reported as resent, under policy resend. */
    resent: number
    /** Segments accepted and reported as something else than accepted or unconfirmed, and receipts lost. */
    losses: number
    /** Segments reported unconfirmed, and how many of those the SMSC had accepted. */
    unconfirmed: number
    unconfirmedAccepted: number
  }
  /** For each violation about something, what happened to it. */
  histories: Map<string, string[]>
}

export async function runSeed(seed: number): Promise<RunResult> {
  return runScenario(scenarioOf(seed))
}

export async function runScenario(scenario: Scenario): Promise<RunResult> {
  const startMs = performance.now()
  const world = await startWorld(scenario)
  try {
    const seen = await observe(world, scenario)
    const found = violations(seen)
    return {
      ...{ scenario, violations: found, counts: count(seen, found) },
      tookMs: performance.now() - startMs,
      histories: histories(world, seen, found),
    }
  } finally {
    await world.stop()
  }
}

async function observe(world: World, scenario: Scenario): Promise<Observation> {
  const { slots, functions, smsc, journal, ports, jumps } = world
  const launching = operate(world, CAMPAIGNS[1], launchCampaign)
  const failures = await doFaults(world, scenario.faults)
  smsc.simulator.calm()
  const launchFailure = await launching
  if (launchFailure) failures.push(`launch: ${launchFailure}`)

  const restless = await untilAtRest(world)
  if (restless) failures.push(restless)
  const drained = await Promise.all(slots.map((slot) => slot.drain(DRAIN_PATIENCE_MS)))
  for (const [slot, done] of drained.entries())
    if (!done) failures.push(`worker ${slot} did not drain at the end`)
  // Receipts that cannot be placed any more are given up when the validity and a day are over.
  jumps.jump(FUNCTIONS_CLOCK, THREE_DAYS_MS)
  await untilTrue(async () => (await look(ports, WHOSE, [])).campaigns.every(isOver), SETTLE_WITHIN_MS)
  await untilTrue(async () => (await settlingOf(world)) === 0, SETTLE_WITHIN_MS)
  await functions.stop()
  for (const { failure } of slots) if (failure) failures.push(`uncaught in a worker: ${failure.stack}`)
  return {
    ...(await look(ports, WHOSE, smsc.simulator.log)),
    ...{ attempts: smsc.attempts, accepted: smsc.simulator.log, lostCopies: ports.lostCopies, failures },
    cancelled: cancelledOnes(world, scenario),
    logLines: journal.logLines,
  }
}

const isOver = ({ state, settledAt, launch }: Looked['campaigns'][number]) =>
  state === 'settled' || (state === 'cancelled' && (settledAt !== null || launch === null))

/** What is still going on when nothing should be; null when everything came to rest. */
async function untilAtRest(world: World): Promise<string | null> {
  const open = () => whatIsOpen(world)
  const rested = await untilTrue(async () => (await open()).length === 0, REST_WITHIN_MS)
  return rested ? null : `not at rest after ${REST_WITHIN_MS} ms: ${(await open()).join('; ')}`
}

/** Notices that were not folded yet: of facts that came after a campaign was settled. */
async function settlingOf({ ports }: World): Promise<number> {
  const { visible, inFlight, delayed } = await ports.queue.depth('settle')
  return visible + inFlight + delayed
}

async function whatIsOpen({ ports, smsc }: World): Promise<string[]> {
  const open: string[] = []
  const { visible, inFlight, delayed } = await ports.queue.depth('dispatch-chaos-service')
  if (visible + inFlight + delayed > 0) open.push(`${visible} + ${inFlight} + ${delayed} copies queued`)
  const { pending } = smsc.simulator.truth().receipts
  if (pending > 0) open.push(`${pending} receipts to come`)
  for (const id of CAMPAIGNS) {
    const record = (await ports.registry.campaign(TENANT, id))!
    const resting = ['sent', 'settled', 'cancelled', 'failed', 'draft'].includes(record.state)
    if (!resting) open.push(`campaign ${id} is ${record.state}`)
    for (let page = 0; page < record.feed.nextPage; page++) {
      const { claims } = await ports.ledger.readPage(id, page)
      for (const { batch, state } of claims) {
        if (state !== 'finished') open.push(`${id}#${page}#${batch} is ${state}`)
      }
    }
  }
  return open
}

async function untilTrue(condition: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs
  while (!(await condition())) {
    if (performance.now() > deadlineMs) return false
    await systemClock.sleep(LOOK_EVERY_MS)
  }
  return true
}

/**
 * A worker has seen a cancel when it was answered so; one that never asked holds nothing of the campaign, or asks before
 * it begins. What it was told while it was frozen it sees when it wakes.
 */
function cancelledOnes({ ports, slots }: World, { faults }: Scenario): Cancelled[] {
  const frozenMs = faults.reduce((sum, fault) => sum + (fault.kind === 'freeze' ? fault.forMs : 0), 0)
  return [...ports.cancelledAtMs].map(([campaign, atMs]) => {
    const answered = slots.map(({ cancelSeenMs }) => cancelSeenMs.get(campaign) ?? atMs)
    const readMs = Math.max(atMs + 2 * CHAOS_TIMING.controlPollMs, ...answered)
    return { campaign, atMs, seenByMs: readMs + CANCEL_ALLOWANCE_MS + frozenMs }
  })
}

function count(seen: Observation, found: readonly Violation[]): RunResult['counts'] {
  const numbers = (invariant: string) => found.filter((violation) => violation.invariant === invariant).length
  const unconfirmed = new Set<string>()
  let recipients = 0
  let resent = 0
  for (const { recipients: ofPage, lines } of seen.pages) {
    recipients += ofPage.length
    for (const { batch, i, segments } of ofPage) {
      const to = lines[batch]?.messages.find((message) => message.i === i)?.to
      for (const segment of segments) {
        if (segment.status === 'unconfirmed') unconfirmed.add(`${to}.${segment.part}`)
        if (segment.resent) resent++
      }
    }
  }
  return {
    recipients,
    accepted: seen.accepted.length,
    duplicates: numbers('3 nothing twice'),
    resent,
    losses:
      numbers('1 receipts kept') +
      numbers('2 no lost batch') +
      numbers('3 each accounted once') +
      numbers('4 unconfirmed, not lost'),
    unconfirmed: unconfirmed.size,
    unconfirmedAccepted: seen.accepted.filter(({ to, part }) => unconfirmed.has(`${to}.${part}`)).length,
  }
}

const HISTORIES = 3
const PRINTED = 50

/** A message's history is also that of its batch. */
function histories(world: World, seen: Observation, found: readonly Violation[]): Map<string, string[]> {
  const abouts = new Set(found.map(({ about }) => about ?? 'the run'))
  return new Map(
    [...abouts].slice(0, HISTORIES).map((about) => {
      const of = new Set([about])
      for (const { campaign, page, lines } of seen.pages) {
        for (const line of lines) {
          if (line.messages.some(({ to }) => to === about)) of.add(`${campaign}#${page}#${line.batch}`)
        }
      }
      return [about, world.journal.history(of)] as const
    }),
  )
}

/** What to print of a run that went wrong. */
export function describeRun({ scenario, violations: found, histories: told }: RunResult): string {
  const { faults, ...rest } = scenario
  return [
    `seed ${scenario.seed}: ${found.length} violations`,
    JSON.stringify(rest),
    ...faults.map((fault) => `  ${describeFault(fault)}`),
    ...found
      .slice(0, PRINTED)
      .map(({ invariant, what, about }) => `! ${invariant}: ${what}${about ? ` (${about})` : ''}`),
    ...[...told].flatMap(([about, lines]) => [`history of ${about}:`, ...lines.map((line) => `  ${line}`)]),
  ].join('\n')
}
