import { DakgharError } from '../../shared/errors.ts'
import type { RouteId } from '../../shared/ids.ts'
import type { Clock, Registry } from '../../shared/ports.ts'

/** Longer than it takes to connect and to bind, plus a heartbeat to say so. */
const PATIENCE_MS = 30_000
const LOOK_MS = 250

/** Thrown when the SMSC lets nobody in; the message carries what the binds last met with. */
export class NotBound extends DakgharError {
  constructor(complaints: readonly string[]) {
    const why = complaints.length > 0 ? complaints.join('\n') : 'nothing is known of why: see --verbose'
    super('not_bound', `No bind to the SMSC after ${PATIENCE_MS / 1_000} s, so nothing was sent.\n${why}`)
  }
}

/** Waits until one of the route's binds is up. @throws NotBound */
export async function untilBound(
  { registry, clock }: { registry: Pick<Registry, 'heartbeats'>; clock: Clock },
  route: RouteId,
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + PATIENCE_MS
  for (;;) {
    const binds = await registry.heartbeats(route)
    if (binds.some(({ state }) => state === 'bound')) return
    if (clock.monotonicMs() >= deadlineMs) {
      throw new NotBound([...new Set(binds.flatMap(({ lastError }) => lastError ?? []))])
    }
    await clock.sleep(LOOK_MS)
  }
}
