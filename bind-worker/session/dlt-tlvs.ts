import { createHash } from 'node:crypto'
import type { RouteConfig } from '../../shared/contracts/route.ts'

/** The DLT ids of a message as TLVs, tag and octets, in the order sent. Every segment carries the same (facts A5). */
export function dltTlvs(
  route: Pick<RouteConfig, 'dlt' | 'telemarketerIds'>,
  ids: { entity: string; template: string },
): [tag: number, octets: Buffer][] {
  const { dlt, telemarketerIds } = route
  const octets = (text: string): Buffer => Buffer.from(dlt.nulTerminated ? `${text}\0` : text, 'latin1')
  const tlvs: [number, Buffer][] = [
    [dlt.entityTag, octets(ids.entity)],
    [dlt.templateTag, octets(ids.template)],
  ]
  if (dlt.chain === 'tmIds' && telemarketerIds.length > 0) {
    tlvs.push([dlt.chainTag, octets(telemarketerIds.join(','))])
  } else if (dlt.chain === 'hash') {
    tlvs.push([dlt.chainTag, octets(chainHash(ids.entity, telemarketerIds))])
  }
  return tlvs
}

/**
 * The hash of a PE-TM chain as operators register it: lower-case hex SHA-256 of the ids joined by commas, principal
 * entity first, delivering telemarketer last (DLT chain binding, 2024).
 */
export function chainHash(entity: string, telemarketerIds: readonly string[]): string {
  return createHash('sha256')
    .update([entity, ...telemarketerIds].join(','))
    .digest('hex')
}
