import type { RouteConfig } from '../../shared/contracts/route.ts'
import { ConfigError } from '../../shared/errors.ts'
import { BURST_MS } from './token-bucket.ts'

/** What one of several tasks of a route may use. */
export interface TaskShare {
  /** At least 1. */
  binds: number
  /** Segments per second. */
  tps: number
}

/** A share written as a decimal is a little less than it means: 0.3333333 for a third. */
const ROUNDING = 1e-6
/** What operators let pass in a second, against the rate agreed on. */
const MOST_IN_A_SECOND = 1.02

/**
 * A task's share of the binds and the rate of its route. Tasks know nothing of each other, so all is rounded down: as
 * long as the shares of all tasks add up to no more than 1, neither their binds nor their rates exceed the route's (one
 * bind too many is refused with ESME_RALYBND, SMPP 3.4 §5.1.3). What does not divide is left unused.
 *
 * @throws ConfigError `share_without_bind` when the share is less than one bind.
 */
export function taskShare(route: Pick<RouteConfig, 'id' | 'binds' | 'tps'>, share: number): TaskShare {
  const binds = Math.floor(route.binds * share + ROUNDING)
  if (binds < 1) {
    throw new ConfigError(
      'share_without_bind',
      `route "${route.id}": ROUTE_SHARE ${share} of its binds (${route.binds}) is less than one bind for this task. ` +
        `Run no more tasks than the route has binds, each with a ROUTE_SHARE of at least 1/${route.binds}, ` +
        `or raise the route's binds to at least ${Math.ceil((1 - ROUNDING) / share)}.`,
    )
  }
  return { binds, tps: share === 1 ? route.tps : rateOf(route.tps * share) }
}

/**
 * The rate of one task of several. A token bucket alone may give one token more than its rate in some second, and its
 * burst; several that do so at once would exceed the route's rate by as many. So each gets the highest rate at which
 * its worst second is a whole number within 102 %. That costs slow tasks something, at 25 a second 1.5 %. Below one
 * message a second it cannot be kept: such a route is not for several tasks.
 */
function rateOf(tps: number): number {
  const mostInASecond = Math.max(1, Math.floor(tps * MOST_IN_A_SECOND))
  return Math.min(tps, mostInASecond / (1 + BURST_MS / 1_000))
}
