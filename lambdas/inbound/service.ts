/**
 * A message a subscriber sent: it is kept, and when it begins with a keyword (STOP, START and their kin) the subscriber's
 * number is suppressed, or allowed again, for the tenant the message is for. Everything is written under names that
 * follow from the message, so one delivered twice, or half worked on by a function that died, changes nothing more.
 */
import { createHash } from 'node:crypto'
import { encodeTime } from 'ulid'
import type { InboundMessage } from '../../shared/contracts/jobs.ts'
import { readMsisdn } from '../../shared/csv/msisdn.ts'
import { type Msisdn, type TenantId, Ulid } from '../../shared/ids.ts'
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
  // The destination is an address of ours, not a subscriber's: it may stand in the log.
  const unheeded = { keyword, route: message.route, to: message.to, from: maskMsisdn(message.from) }
  if (!from.ok) deps.log.warn('keyword not obeyed: its sender is no mobile number', unheeded)
  else if (owner === null)
    deps.log.warn('keyword not obeyed: nobody is known to own its destination', unheeded)
  else await obey(deps, owner, from.msisdn, keyword, { id, at: message.arrivedAt })
}

async function obey(
  { registry, suppressions }: InboundDeps,
  owner: TenantId,
  msisdn: Msisdn,
  keyword: Keyword,
  { id, at }: { id: Ulid; at: number },
): Promise<void> {
  const state = keyword === 'stop' ? 'suppressed' : 'allowed'
  const entry: SuppressionEntry = { msisdn, state, reason: keyword, at, note: null }
  await suppressions.putEntry(owner, entry)
  await registry.putAudit(owner, {
    ...{ id, at, actor: `subscriber:${msisdn}`, action: `number.${state}`, subject: msisdn },
    detail: { reason: keyword },
  })
}

type Ulid = ReturnType<typeof Ulid.parse>

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CHANCE_CHARACTERS = 16

/** A ULID of when it arrived, and of its own octets where others have chance: equal messages have equal ones. */
function identityOf(message: InboundMessage): Ulid {
  const hash = createHash('sha256').update(JSON.stringify(message)).digest().subarray(0, CHANCE_CHARACTERS)
  return Ulid.parse(
    encodeTime(message.arrivedAt) + Array.from(hash, (octet) => CROCKFORD[octet % 32]).join(''),
  )
}
