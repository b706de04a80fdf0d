/** Faults that bite when an ESME binds. All last. */
import { z } from 'zod'
import { STATUS } from '../../shared/smpp/codec.ts'
import { CHANCE, KIND } from './chance.ts'
import { Milliseconds } from './latency.ts'

export const BindFault = z.discriminatedUnion('fault', [
  /** Refuses binds: 0x0D ESME_RBINDFAIL unless told, 0x0E wrong password, 0x05 already bound (a peer the SMSC thinks is there). */
  z.strictObject({
    fault: z.literal('refuse-bind'),
    status: z.number().int().min(1).default(STATUS.ESME_RBINDFAIL!),
    ...CHANCE,
    ...KIND,
  }),
  /** Accepts the connection, never answers the bind. */
  z.strictObject({ fault: z.literal('ignore-bind'), ...CHANCE, ...KIND }),
  /** Accepts the bind, closes the connection a moment later. */
  z.strictObject({
    fault: z.literal('close-after-bind'),
    afterMs: Milliseconds.default(0),
    ...CHANCE,
    ...KIND,
  }),
])
export type BindFault = z.infer<typeof BindFault>

/** What becomes of a bind that would have been accepted. */
export type BindRuling =
  | { kind: 'refuse'; status: number }
  | { kind: 'ignore' }
  | { kind: 'close'; afterMs: number }

export function bindRuling(fault: BindFault): BindRuling {
  switch (fault.fault) {
    case 'refuse-bind':
      return { kind: 'refuse', status: fault.status }
    case 'ignore-bind':
      return { kind: 'ignore' }
    case 'close-after-bind':
      return { kind: 'close', afterMs: fault.afterMs }
  }
}
