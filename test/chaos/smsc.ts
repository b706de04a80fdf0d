/** The SMSC of a run: the simulator, its moods, and its own account of every submit_sm that reached it. */
import { STATUS } from '../../shared/smpp/codec.ts'
import { type Simulator, startSimulator } from '../../simulator/server.ts'
import type { SubmitRuling } from '../../simulator/submit-ruling.ts'
import type { SubmitRecord } from '../../simulator/truth.ts'
import { seededRandom } from '../support/fake-random.ts'
import { CREDENTIALS } from './campaigns.ts'
import type { Journal } from './journal.ts'
import type { Mood, Scenario } from './scenario.ts'

/** A submit_sm as the SMSC saw it. `swallowed`: read, and neither kept nor answered. */
export interface Attempt {
  atMs: number
  record: Readonly<SubmitRecord>
  fate: 'accepted' | 'refused' | 'swallowed'
}

export interface ChaosSmsc {
  simulator: Simulator
  attempts: Attempt[]
  storm(mood: Mood, share: number, forMs: number): void
}

/** Longer than the route waits for a response. */
const LATE_MS = 700

export async function startSmsc(scenario: Scenario, journal: Journal): Promise<ChaosSmsc> {
  const attempts: Attempt[] = []
  const tries = new Map<string, number>()
  let storms: { mood: Mood; share: number; untilMs: number }[] = []

  const ruling = (record: Readonly<SubmitRecord>): SubmitRuling => {
    storms = storms.filter((storm) => journal.nowMs() < storm.untilMs)
    const segment = `${record.to}.${record.part}`
    const nth = (tries.get(segment) ?? 0) + 1
    tries.set(segment, nth)
    // By segment and try, not by arrival: who comes first is chance, what happens to it is not.
    const chance = seededRandom(scenario.seed + hashOf(`${segment}.${nth}`)).next()
    const storm = storms.find(({ share }) => chance < share)
    return storm ? RULINGS[storm.mood] : {}
  }

  const simulator = await startSimulator({
    accounts: [CREDENTIALS],
    seed: String(scenario.seed),
    responseDelayMs: { min: 0, max: scenario.responseDelayMs },
    receiptDelayMs: { min: 0, max: scenario.receiptDelayMs },
    receiptTimeoutMs: 400,
    receiptRetryMs: 60,
    receiptAttempts: 1_000,
    onSubmit(record) {
      const ruled = ruling(record)
      const fate = ruled.status ? 'refused' : ruled.drop === 'message' ? 'swallowed' : 'accepted'
      attempts.push({ atMs: journal.nowMs(), record, fate })
      const text = `part ${record.part}/${record.total} over bind ${record.bind}: ${fate} ${JSON.stringify(ruled)}`
      journal.add('smsc', `${text} ${fate === 'accepted' ? record.messageId : ''}`, record.to)
      return ruled
    },
  })
  return {
    simulator,
    attempts,
    storm(mood, share, forMs) {
      storms.push({ mood, share, untilMs: journal.nowMs() + forMs })
    },
  }
}

const RULINGS: Record<Mood, SubmitRuling> = {
  throttled: { status: STATUS.ESME_RTHROTTLED! },
  queueFull: { status: STATUS.ESME_RMSGQFUL! },
  systemError: { status: STATUS.ESME_RSYSERR! },
  badNumber: { status: STATUS.ESME_RINVDSTADR! },
  unanswered: { drop: 'response' },
  swallowed: { drop: 'message' },
  late: { delayMs: LATE_MS },
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x0100_0193)
  return hash >>> 0
}
