import type { RouteConfig } from '../../shared/contracts/route.ts'
import { chainOf, chainValue } from '../../shared/dlt/chain-hash.ts'

/** The DLT ids of a message as TLVs, tag and octets, in the order sent. Every segment carries the same (facts A5). */
export function dltTlvs(
  route: Pick<RouteConfig, 'dlt' | 'telemarketerIds' | 'chains'>,
  ids: { entity: string; template: string },
): [tag: number, octets: Buffer][] {
  const { dlt } = route
  const octets = (text: string): Buffer => Buffer.from(dlt.nulTerminated ? `${text}\0` : text, 'latin1')
  const chain = chainValue(ids.entity, chainOf(route, ids.entity))
  return [
    [dlt.entityTag, octets(ids.entity)],
    [dlt.templateTag, octets(ids.template)],
    ...(chain === null ? [] : [[dlt.chainTag, octets(chain)] as [number, Buffer]]),
  ]
}
