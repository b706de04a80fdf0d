/**
 * Single entries packed: in memory as numbers alone, as an object of the store like `list-format.ts`: a version, how many
 * are suppressed and how many allowed, then each one's distance from the one before it; behind an allowed one, when that
 * was said. A million that are suppressed take some three megabytes.
 */
import { DakgharError } from '../errors.ts'
import type { SuppressionEntry } from './entry.ts'
import { varintReader, varintWriter } from './varints.ts'

const VERSION = 1

/** Thrown when an object is not what {@link encodeEntries} wrote. */
export class EntriesDamaged extends DakgharError {
  constructor(what: string) {
    super('suppression_entries_damaged', `The single suppressed numbers of a plan cannot be read: ${what}.`)
  }
}

/** Numbers ascend. */
export interface PackedEntries {
  suppressed: Float64Array
  allowed: Float64Array
  /** Epoch milliseconds, one for each that is allowed. */
  allowedAt: Float64Array
}

/** What a check needs of entries, in whatever order they come; packed pages are put together by {@link joinPacked}. */
export function packEntries(
  entries: readonly Pick<SuppressionEntry, 'msisdn' | 'state' | 'at'>[],
): PackedEntries {
  const suppressed = entries.filter(({ state }) => state === 'suppressed')
  const allowed = entries.filter(({ state }) => state === 'allowed')
  return joinPacked([
    {
      suppressed: Float64Array.from(suppressed, ({ msisdn }) => Number(msisdn)),
      allowed: Float64Array.from(allowed, ({ msisdn }) => Number(msisdn)),
      allowedAt: Float64Array.from(allowed, ({ at }) => at),
    },
  ])
}

export function joinPacked(pages: readonly PackedEntries[]): PackedEntries {
  const allowed = joined(pages.map((page) => page.allowed))
  const allowedAt = joined(pages.map((page) => page.allowedAt))
  const order = Uint32Array.from(allowed.keys()).sort((a, b) => allowed[a]! - allowed[b]!)
  return {
    suppressed: joined(pages.map((page) => page.suppressed)).sort(),
    allowed: Float64Array.from(order, (n) => allowed[n]!),
    allowedAt: Float64Array.from(order, (n) => allowedAt[n]!),
  }
}

function joined(pieces: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let length = 0
  for (const piece of pieces) {
    whole.set(piece, length)
    length += piece.length
  }
  return whole
}

export function encodeEntries({ suppressed, allowed, allowedAt }: PackedEntries): Uint8Array {
  const { write, written } = varintWriter(suppressed.length + 2 * allowed.length + 3)
  for (const head of [VERSION, suppressed.length, allowed.length]) write(head)
  let before = 0
  for (const number of suppressed) {
    write(number - before)
    before = number
  }
  before = 0
  for (const [n, number] of allowed.entries()) {
    write(number - before)
    write(allowedAt[n]!)
    before = number
  }
  return written()
}

/** @throws EntriesDamaged */
export function decodeEntries(octets: Uint8Array): PackedEntries {
  const { read, octetsLeft } = varintReader(octets, (what) => new EntriesDamaged(what))
  const version = read()
  if (version !== VERSION) {
    throw new EntriesDamaged(`its version is ${version}, this program reads ${VERSION}`)
  }
  const [suppressedCount, allowedCount] = [read(), read()]
  if (suppressedCount + allowedCount > octets.length) {
    throw new EntriesDamaged(`it claims ${suppressedCount + allowedCount} numbers in ${octets.length} octets`)
  }
  const [suppressed, allowed, allowedAt] = [suppressedCount, allowedCount, allowedCount].map(
    (count) => new Float64Array(count),
  ) as [Float64Array, Float64Array, Float64Array]
  for (let n = 0, number = 0; n < suppressedCount; n++) suppressed[n] = number += read()
  for (let n = 0, number = 0; n < allowedCount; n++) {
    allowed[n] = number += read()
    allowedAt[n] = read()
  }
  if (octetsLeft() > 0) throw new EntriesDamaged(`${octetsLeft()} octets follow its end`)
  return { suppressed, allowed, allowedAt }
}
