import { STATUS } from '../shared/smpp/codec.ts'
import type { SimulatorInput } from '../simulator/options.ts'
import type { SubmitHook, SubmitRuling } from '../simulator/smsc.ts'

/** A way for the simulator to behave: one name for options that belong together. Flags given beside it win. */
export interface Scenario {
  summary: string
  options?: Omit<Partial<SimulatorInput>, 'accounts'>
  /** Made anew for every run, because it counts. */
  makeHook?: () => SubmitHook
}

/** Rules so on every n-th submit_sm, and on nothing else. */
function everyNth(n: number, ruling: SubmitRuling): () => SubmitHook {
  return () => {
    let count = 0
    return () => (++count % n === 0 ? ruling : {})
  }
}

export const SCENARIOS = {
  ordinary: {
    summary: 'receipts after 0.2 to 3 s, one in ten a failure (default)',
  },
  perfect: {
    summary: 'everything delivered at once',
    options: { outcomes: { DELIVRD: 1 }, receiptDelayMs: { min: 0, max: 0 } },
  },
  slow: {
    summary: 'responses after 0.2 to 2 s, receipts after 5 to 60 s',
    options: { responseDelayMs: { min: 200, max: 2_000 }, receiptDelayMs: { min: 5_000, max: 60_000 } },
  },
  throttling: {
    summary: 'every tenth submit_sm refused with ESME_RTHROTTLED (0x58)',
    makeHook: everyNth(10, { status: STATUS.ESME_RTHROTTLED! }),
  },
  'queue-full': {
    summary: 'every tenth submit_sm refused with ESME_RMSGQFUL (0x14)',
    makeHook: everyNth(10, { status: STATUS.ESME_RMSGQFUL! }),
  },
  silent: {
    summary: 'every tenth submit_sm accepted and reported, but never answered',
    makeHook: everyNth(10, { drop: 'response' }),
  },
  unreported: {
    summary: 'every tenth submit_sm accepted, but its receipt never comes',
    makeHook: everyNth(10, { stat: null }),
  },
  'hex-decimal': {
    summary: 'message ids in hexadecimal in responses, in decimal in receipts, and no TLVs to help',
    options: { idFormat: 'hex', receiptIdFormat: 'decimal', receiptStyle: 'text' },
  },
} as const satisfies Record<string, Scenario>

export const scenarioNames: readonly string[] = Object.keys(SCENARIOS)

/** Null when there is none of that name. */
export function scenarioOf(name: string): Scenario | null {
  return Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name as keyof typeof SCENARIOS] : null
}
