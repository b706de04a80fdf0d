import type { InboundMessage } from '../../shared/contracts/jobs.ts'
import { RouteId, type TenantId } from '../../shared/ids.ts'
import type { Registry } from '../../shared/ports.ts'

/** A header as handsets show it, `VM-ACMEIN-S`: the operator added what stands before and behind (facts A2). */
const SHOWN_HEADER = /^(?:[A-Z]{2}-)?([A-Za-z]{3,6}|\d{6})(?:-[PSTG])?$/

/**
 * The tenant a message is for, by what it was sent to: a number the route's configuration gives to a tenant, or a sender
 * header a tenant has registered. Null for everything else. It is never guessed, not even when a single tenant uses the
 * route today: the next one would inherit the first one's replies.
 */
export async function ownerOf(
  registry: Pick<Registry, 'route' | 'headerOwner'>,
  { route: routeId, to }: Pick<InboundMessage, 'route' | 'to'>,
): Promise<TenantId | null> {
  const route = await registry.route(RouteId.parse(routeId))
  const owner = route?.inboundOwners[to.replace(/^\+/, '')]
  if (owner) return owner
  const header = SHOWN_HEADER.exec(to)?.[1]
  return header === undefined ? null : registry.headerOwner(header)
}
