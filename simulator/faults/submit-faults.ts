/** Faults that bite when a submit_sm comes, and change its answer. All last. */
import { z } from 'zod'
import { STATUS } from '../../shared/smpp/codec.ts'
import type { SubmitRuling } from '../submit-ruling.ts'
import type { SubmitRecord } from '../truth.ts'
import { CHANCE, type Dice } from './chance.ts'
import { drawLatencyMs, Latency, Milliseconds } from './latency.ts'
import type { Random } from './random.ts'
import { TpsMeter } from './tps-meter.ts'

export const SubmitFault = z.discriminatedUnion('fault', [
  /** Answers after a while, drawn anew for each, instead of the steady `responseDelayMs`. */
  z.strictObject({ fault: z.literal('latency'), latency: Latency, ...CHANCE }),
  /** Gathers the answers of a bind and gives them in reverse, when `window` have come or the first waited `holdMs`. */
  z.strictObject({
    fault: z.literal('reorder-responses'),
    window: z.number().int().min(2).default(10),
    holdMs: Milliseconds.default(100),
    ...CHANCE,
  }),
  /** Accepts and reports, but never answers. */
  z.strictObject({ fault: z.literal('drop-response'), ...CHANCE }),
  /** Never accepts, never answers: as if it had not come. */
  z.strictObject({ fault: z.literal('drop-message'), ...CHANCE }),
  /**
   * 0x58 ESME_RTHROTTLED: to everything, or to what exceeds `tps` within one second of the wall clock, counted per
   * bind or for all binds of an account.
   */
  z.strictObject({
    fault: z.literal('throttle'),
    tps: z.number().int().min(1).optional(),
    per: z.enum(['bind', 'account']).default('account'),
    ...CHANCE,
  }),
  /** 0x14 ESME_RMSGQFUL. */
  z.strictObject({ fault: z.literal('queue-full'), ...CHANCE }),
  /** Any other command_status. */
  z.strictObject({ fault: z.literal('refuse'), status: z.number().int().min(1), ...CHANCE }),
])
export type SubmitFault = z.infer<typeof SubmitFault>

/** What a fault in force makes of one submit_sm; null when it leaves it alone. */
export type SubmitRule = (record: Readonly<SubmitRecord>, nowMs: number) => SubmitRuling | null

export function submitRule(fault: SubmitFault, strikes: Dice, random: Random): SubmitRule {
  const always = (ruling: SubmitRuling): SubmitRule => {
    return (record) => (strikes(record) ? ruling : null)
  }
  switch (fault.fault) {
    case 'latency':
      return (record) => (strikes(record) ? { delayMs: drawLatencyMs(fault.latency, random) } : null)
    case 'reorder-responses':
      return always({ reorder: { window: fault.window, holdMs: fault.holdMs } })
    case 'drop-response':
      return always({ drop: 'response' })
    case 'drop-message':
      return always({ drop: 'message' })
    case 'throttle':
      return fault.tps === undefined
        ? always({ status: STATUS.ESME_RTHROTTLED! })
        : throttleAbove(fault.tps, fault.per, strikes)
    case 'queue-full':
      return always({ status: STATUS.ESME_RMSGQFUL! })
    case 'refuse':
      return always({ status: fault.status })
  }
}

function throttleAbove(tps: number, per: 'bind' | 'account', strikes: Dice): SubmitRule {
  const meter = new TpsMeter(tps)
  return (record, nowMs) => {
    const within = meter.admits(per === 'bind' ? `${record.bind}` : record.systemId, nowMs)
    return within || !strikes(record) ? null : { status: STATUS.ESME_RTHROTTLED! }
  }
}
