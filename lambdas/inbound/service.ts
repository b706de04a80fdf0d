/**
 * A message a subscriber sent: it is kept, and when it is a keyword (STOP, START and their kin) the subscriber's
 * number is suppressed, or allowed again, for the tenant the message is for. Everything is written under names that
 * follow from the message, so one delivered twice, or half worked on by a function that died, changes nothing more.
 */
import { createHash } from 'node:crypto'
import { encodeTime } from 'ulid'
import type { InboundMessage } from '../../shared/contracts/jobs.ts'
import { readMsisdn } from '../../shared/csv/msisdn.ts'
import type { EpochMs, Msisdn, TenantId } from '../../shared/ids.ts'
import { type Log, maskMsisdn } from '../../shared/log.ts'
import type { Clock, Queue, Registry, Suppressions } from '../../shared/ports.ts'
import type { SuppressionEntry } from '../../shared/suppression/entry.ts'
import { type Keyword, keywordOf } from '../../shared/suppression/keywords.ts'
import { ownerOf } from './owner.ts'

export interface InboundDeps {
  registry: Registry
  suppressions: Suppressions
  queue: Queue
  clock: Clock
  log: Log
}

export async function receiveInbound(deps: InboundDeps, message: InboundMessage): Promise<void> {
  const id = identityOf(message)
  const owner = await ownerOf(deps.registry, message)
  await deps.registry.putInbound(id, message, owner ?? undefined)
  const keyword = keywordOf(message.text)
  if (keyword === null) return
  const from = readMsisdn(message.from)
  if (from.ok && owner !== null) {
    return obey(deps, owner, from.msisdn, keyword, { id, at: message.arrivedAt })
  }
  const why = from.ok ? 'nobody is known to own its destination' : 'its sender is no mobile number'
  // The destination is an address of ours, not a subscriber's: it may stand in the log.
  const { route, to } = message
  deps.log.warn(`keyword not obeyed: ${why}`, { keyword, route, to, from: maskMsisdn(message.from) })
}

async function obey(
  { registry, suppressions }: InboundDeps,
  owner: TenantId,
  msisdn: Msisdn,
  keyword: Keyword,
  { id, at }: { id: string; at: EpochMs },
): Promise<void> {
  const state = keyword === 'stop' ? 'suppressed' : 'allowed'
  const entry: SuppressionEntry = { msisdn, state, reason: keyword, at, note: null }
  await suppressions.putEntry(owner, entry)
  await registry.putAudit(owner, {
    ...{ id, at, actor: `subscriber:${msisdn}`, action: `number.${state}`, subject: msisdn },
    detail: { reason: keyword },
  })
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHANCE_CHARACTERS = 16

/** A ULID of when it arrived, with a hash of it where others have chance: equal messages have equal ones. */
function identityOf(message: InboundMessage): string {
  const hash = createHash('sha256').update(JSON.stringify(message)).digest().subarray(0, CHANCE_CHARACTERS)
  const characters = Array.from(hash, (octet) => CROCKFORD[octet % CROCKFORD.length])
  return encodeTime(message.arrivedAt) + characters.join('')
}
