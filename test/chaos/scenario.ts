/**
 * What happens in one run, decided by its seed alone: which campaigns there are, how unkind the ports are, and which
 * faults come when. Only the timing of the network and of the processes is left to the machine.
 */
import type { Random } from '../../shared/ports.ts'
import { STATUS } from '../../shared/smpp/codec.ts'
import type { FaultInput } from '../../simulator/faults/fault.ts'
import { seededRandom } from '../support/fake-random.ts'

/** How the SMSC mistreats submit_sm while a storm lasts. */
export const MOODS = [
  'throttled',
  'queueFull',
  'systemError',
  'badNumber',
  'unanswered',
  'swallowed',
  'late',
] as const
export type Mood = (typeof MOODS)[number]

export const PORTS = ['ledger', 'registry', 'queue', 'objects'] as const
export type PortName = (typeof PORTS)[number]
/** Index of one of the two workers. */
export type Slot = 0 | 1

export type Fault = { atMs: number } & (
  | { kind: 'cut' }
  /** Anything else a simulator can do wrong. */
  | { kind: 'smsc'; fault: FaultInput; forMs: number }
  | { kind: 'storm'; mood: Mood; share: number; forMs: number }
  | { kind: 'kill'; slot: Slot; downMs: number }
  | { kind: 'freeze'; slot: Slot; forMs: number }
  | { kind: 'drain'; slot: Slot; downMs: number }
  | { kind: 'outage'; port: PortName; how: 'refused' | 'answerLost' | 'slow'; forMs: number }
  | { kind: 'clock'; whose: 'functions' | Slot; byMs: number }
  | { kind: 'pause'; campaign: number; forMs: number }
  | { kind: 'cancel'; campaign: number }
)
export type FaultKind = Fault['kind']

export interface Scenario {
  seed: number
  /** Rows of the campaign that comes as a CSV and is compiled, and batches of the one whose plan is there already. */
  rows: number
  batches: number
  tps: number
  /** Chances of the hostile ports, all through the run. */
  throttled: number
  answerLost: number
  duplicated: number
  /** Chance that an invocation of a function is killed after a few calls. */
  mortality: number
  responseDelayMs: number
  receiptDelayMs: number
  faults: Fault[]
  /** Of the campaign whose plan is there; the other one holds. */
  policy: 'hold' | 'resend'
  longMessage: 'udh' | 'sar'
}

/** Faults begin within this time of the start; by then most messages are on their way. */
const FAULTS_WITHIN_MS = 1_600

export function scenarioOf(seed: number): Scenario {
  const random = seededRandom(seed)
  const between = (min: number, max: number) => min + Math.floor(random.next() * (max - min + 1))
  const level = <T>(...levels: T[]): T => levels[between(0, levels.length - 1)]!
  return {
    seed,
    rows: between(60, 160),
    batches: between(8, 16),
    tps: between(120, 500),
    throttled: level(0, 0.02, 0.1),
    answerLost: level(0, 0.02, 0.1),
    duplicated: level(0, 0.1, 0.3),
    mortality: level(0, 0.1, 0.3),
    responseDelayMs: between(0, 60),
    receiptDelayMs: between(20, 700),
    faults: Array.from({ length: between(3, 8) }, () => faultOf(random)).sort((a, b) => a.atMs - b.atMs),
    policy: level('hold', 'resend'),
    longMessage: level('udh', 'sar'),
  }
}

const MISCHIEF: readonly FaultInput[] = [
  { fault: 'disconnect', how: 'reset', pick: 'one' },
  { fault: 'cut-mid-pdu', pick: 'one' },
  { fault: 'cut-mid-pdu', pick: 'all' },
  { fault: 'restart', downMs: 200 },
  { fault: 'unbind', pick: 'one' },
  { fault: 'garbage', pick: 'one' },
  { fault: 'wrong-length', pick: 'one' },
  { fault: 'oversized', pick: 'one' },
  { fault: 'malformed', pick: 'one' },
  { fault: 'half-open', pick: 'one' },
  { fault: 'slow-reader', pauseMs: 100 },
  { fault: 'refuse-bind', status: STATUS.ESME_RBINDFAIL! },
  { fault: 'refuse-bind', status: STATUS.ESME_RINVPASWD! },
  { fault: 'refuse-bind', status: STATUS.ESME_RALYBND! },
  { fault: 'ignore-bind' },
  { fault: 'close-after-bind', afterMs: 20 },
  { fault: 'reorder-responses', window: 8, holdMs: 60 },
  { fault: 'duplicate-receipts', share: 0.5 },
  { fault: 'shuffle-receipts', withinMs: 400 },
  { fault: 'early-receipts', responseAfterMs: 80 },
  { fault: 'intermediate', when: 'after', share: 0.5 },
]

const KINDS: readonly FaultKind[] = [
  ...(['smsc', 'smsc', 'smsc', 'smsc', 'smsc'] as const),
  ...(['cut', 'cut', 'storm', 'storm', 'storm', 'kill', 'kill', 'kill', 'freeze', 'freeze'] as const),
  ...(['drain', 'outage', 'outage', 'outage', 'clock', 'clock', 'pause', 'pause', 'cancel'] as const),
]

function faultOf(random: Random): Fault {
  const between = (min: number, max: number) => min + Math.floor(random.next() * (max - min + 1))
  const one = <T>(of: readonly T[]): T => of[between(0, of.length - 1)]!
  const atMs = between(100, FAULTS_WITHIN_MS)
  const kind = one(KINDS)
  switch (kind) {
    case 'cut':
      return { atMs, kind }
    case 'smsc':
      return { atMs, kind, fault: one(MISCHIEF), forMs: between(100, 900) }
    case 'storm':
      return { atMs, kind, mood: one(MOODS), share: one([0.1, 0.5, 1]), forMs: between(50, 500) }
    case 'kill':
    case 'drain':
      return { atMs, kind, slot: one([0, 1] as const), downMs: between(0, 400) }
    case 'freeze':
      // Shorter than the lease, about as long, and longer than lease and grace together.
      return { atMs, kind, slot: one([0, 1] as const), forMs: one([150, 550, 900, 1_400]) }
    case 'outage':
      return {
        ...{ atMs, kind, port: one(PORTS) },
        ...{ how: one(['refused', 'answerLost', 'slow'] as const), forMs: between(50, 700) },
      }
    case 'clock':
      return { atMs, kind, whose: one(['functions', 0, 1] as const), byMs: one([-1_500, -500, 800, 1_500]) }
    case 'pause':
      return { atMs, kind, campaign: between(0, 1), forMs: between(50, 600) }
    case 'cancel':
      return { atMs, kind, campaign: between(0, 1) }
  }
}

/** What tables call it. */
export function faultName(fault: Fault): string {
  if (fault.kind === 'smsc') return fault.fault.fault
  return fault.kind === 'storm' ? fault.mood : fault.kind
}

/** One fault in a line, for humans. */
export function describeFault({ atMs, kind, ...rest }: Fault): string {
  const details = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  )
  return [`+${String(atMs).padStart(4)} ms`, kind, ...details].join(' ')
}
