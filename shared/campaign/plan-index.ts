/** Number → place in the plan, as text shards that are small enough to be read whole for one question. */
import type { NumberTable } from '../csv/dedupe.ts'
import { AsciiLines } from './ascii-lines.ts'
import { INDEX_SHARDS } from './plan-keys.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from './plan-size.ts'

export interface IndexShard {
  shard: number
  /** Lines `msisdn,page,batch,i` in ASCII, ascending by number. */
  lines: Uint8Array
}

/** A number of 15 digits (ITU-T E.164), a page of 6, a batch and an index of 2, commas and line feed. */
const LINE_BYTES = 29

/**
 * The shards that are not empty. `batchStarts` holds the ordinal of the first recipient of each batch; every page but
 * the last has {@link PAGE_BATCHES} of them.
 */
export function* indexShards(
  numbers: NumberTable,
  batchStarts: readonly number[],
): Generator<IndexShard, void, undefined> {
  const starts = Uint32Array.from(batchStarts)
  for (const [shard, ordinals] of ordinalsByShard(numbers).entries()) {
    if (ordinals.length === 0) continue
    yield { shard, lines: linesOf(sortedByNumber(ordinals, numbers), numbers, starts) }
  }
}

function ordinalsByShard(numbers: NumberTable): Uint32Array[] {
  const counts = new Uint32Array(INDEX_SHARDS)
  for (let ordinal = 0; ordinal < numbers.size; ordinal++) counts[numbers.numberAt(ordinal) % INDEX_SHARDS]!++
  const shards = Array.from(counts, (count) => new Uint32Array(count))
  for (let ordinal = 0; ordinal < numbers.size; ordinal++) {
    const shard = numbers.numberAt(ordinal) % INDEX_SHARDS
    shards[shard]![--counts[shard]!] = ordinal
  }
  return shards
}

/** Bits for the position in the shard; the other 44 hold a number of 15 digits without its last two. */
const POSITION_BITS = 20
const LOW_NUMBER_BITS = 32 - POSITION_BITS

/**
 * Typed arrays sort fast by their own values only. So number and position are packed into one 64-bit integer each,
 * written as its two halves (low one first, as on every machine Node runs on) because a BigInt apiece costs more than
 * the sorting.
 */
function sortedByNumber(ordinals: Uint32Array, numbers: NumberTable): Uint32Array {
  if (ordinals.length > 1 << POSITION_BITS) {
    return ordinals.sort((a, b) => numbers.numberAt(a) - numbers.numberAt(b))
  }
  const keys = new BigUint64Array(ordinals.length)
  const halves = new Uint32Array(keys.buffer)
  for (let n = 0; n < ordinals.length; n++) {
    const number = Math.floor(numbers.numberAt(ordinals[n]!) / INDEX_SHARDS)
    const high = Math.floor(number / (1 << LOW_NUMBER_BITS))
    halves[2 * n] = ((number - high * (1 << LOW_NUMBER_BITS)) << POSITION_BITS) | n
    halves[2 * n + 1] = high
  }
  keys.sort()
  const positions = (1 << POSITION_BITS) - 1
  return ordinals.map((_, n) => ordinals[halves[2 * n]! & positions]!)
}

function linesOf(ordinals: Uint32Array, numbers: NumberTable, starts: Uint32Array): Uint8Array {
  const lines = new AsciiLines(ordinals.length * LINE_BYTES)
  for (let n = 0; n < ordinals.length; n++) {
    const batch = batchOf(ordinals[n]!, starts)
    lines.field(numbers.numberAt(ordinals[n]!))
    lines.field((batch / PAGE_BATCHES) | 0)
    lines.field(batch % PAGE_BATCHES)
    lines.lastField(ordinals[n]! - starts[batch]!)
  }
  return lines.bytes()
}

/** The batch, counted through the plan, in which a recipient is: the last that starts at or before it. */
function batchOf(ordinal: number, starts: Uint32Array): number {
  // Batches are mostly full, and never more than that: the first guess is mostly right, and never too high.
  let low = (ordinal / BATCH_RECIPIENTS) | 0
  if (low + 1 === starts.length || starts[low + 1]! > ordinal) return low
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= ordinal) low = middle
    else high = middle - 1
  }
  return low
}
