/**
 * The PE-TM chain: the companies a message passes through, from the principal entity (PE) whose message it is over
 * telemarketers (TM) to the one that delivers it to the operator. It is registered on DLT; operators refuse messages
 * whose chain they do not find there (facts A6).
 */
import { createHash } from 'node:crypto'
import type { RouteConfig } from '../contracts/route.ts'

/** What of the chain goes into its TLV: nothing, the telemarketers' ids, or the hash of all ids. */
export type ChainMode = RouteConfig['dlt']['chain']

export interface Chain {
  mode: ChainMode
  /** In the order of the chain, the delivering one last. */
  telemarketerIds: readonly string[]
}

/** The chain a route declares for a principal entity: the entity's own, or the route's for everybody else. */
export function chainOf(
  route: Pick<RouteConfig, 'dlt' | 'telemarketerIds' | 'chains'>,
  entity: string,
): Chain {
  const own = Object.hasOwn(route.chains, entity) ? route.chains[entity] : undefined
  return own ?? { mode: route.dlt.chain, telemarketerIds: route.telemarketerIds }
}

/** The text of the chain TLV; null when it is left out. Commas stand as they are, `%2C` is another text. */
export function chainValue(entity: string, { mode, telemarketerIds }: Chain): string | null {
  if (mode === 'none' || telemarketerIds.length === 0) return null
  return mode === 'tmIds' ? telemarketerIds.join(',') : chainHash(entity, telemarketerIds)
}

/**
 * The hash as operators register it: lower-case hex SHA-256 of the ids joined by commas, without spaces, principal
 * entity first, delivering telemarketer last (BSNL's manual, facts A6).
 */
export function chainHash(entity: string, telemarketerIds: readonly string[]): string {
  return sha256([entity, ...telemarketerIds].join(','))
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The usual tag of the chain (facts A5); a route may have another. */
const CHAIN_TAG = 0x1402

/** A chain TLV as it goes out: tag, length, value as ASCII without NUL. */
export function chainTlv(value: string): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(CHAIN_TAG, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, Buffer.from(value, 'latin1')])
}
