import { z } from 'zod'
import type { Heartbeat } from './records.ts'

/**
 * How a route is, all its binds taken together. `up`: every one is bound. `degraded`: some are not, but messages leave
 * and receipts come. `notReceiving`: messages leave, receipts wait at the gateway for a receiver. `notSending`: only
 * receipts come. `down`: nothing is bound.
 */
export const RouteState = z.enum(['up', 'degraded', 'notReceiving', 'notSending', 'down'])
export type RouteState = z.infer<typeof RouteState>

/** A transceiver sends and receives, the others do one of them (SMPP 3.4 §2.2). */
export function routeState(binds: readonly Pick<Heartbeat, 'bindAs' | 'state'>[]): RouteState {
  const bound = binds.filter(({ state }) => state === 'bound')
  const sends = bound.some(({ bindAs }) => bindAs !== 'receiver')
  const receives = bound.some(({ bindAs }) => bindAs !== 'transmitter')
  if (!sends && !receives) return 'down'
  if (!receives) return 'notReceiving'
  if (!sends) return 'notSending'
  return bound.length === binds.length ? 'up' : 'degraded'
}
