/**
 * Whether a hash is that of a chain, and if not, which of the usual mistakes it is the hash of: operators answer
 * `PE_TM_HASH_NOT_REGISTERED` to all of them alike.
 */
import { chainHash, sha256 } from './chain-hash.ts'

export type ChainMistake =
  | 'not_a_hash'
  | 'upper_case'
  | 'separator'
  | 'line_end'
  | 'entity_missing'
  | 'order'
  | 'telemarketer_missing'
  | 'other_chain'

export type ChainVerdict = { matches: true } | { matches: false; because: ChainMistake; sentence: string }

/** Orders tried of a chain: 7! hashes take a few milliseconds, and no chain in use is as long. */
const MOST_ORDERED = 7

/** The ids must be without faults (`chainFaults`). */
export function verifyChainHash(
  hash: string,
  entity: string,
  telemarketerIds: readonly string[],
): ChainVerdict {
  const right = chainHash(entity, telemarketerIds)
  if (hash === right) return { matches: true }
  const wrong = (because: ChainMistake, sentence: string): ChainVerdict => ({
    matches: false,
    because,
    sentence,
  })
  if (!/^[0-9a-f]{64}$/i.test(hash)) {
    return wrong('not_a_hash', `A chain hash is 64 hexadecimal digits; this has ${hash.length} characters.`)
  }
  const wanted = hash.toLowerCase()
  if (wanted === right)
    return wrong('upper_case', 'It is the right hash in upper case: operators want lower case.')

  const is = (text: string): boolean => sha256(text) === wanted
  const ids = [entity, ...telemarketerIds]
  const separator = ['', ' ', ', ', '%2C', ';', '|', '-', '_', '\n'].find((between) => is(ids.join(between)))
  if (separator !== undefined) {
    const between = separator === '' ? 'nothing' : JSON.stringify(separator)
    return wrong('separator', `It is the hash of these ids with ${between} between them instead of a comma.`)
  }
  if (['\n', '\r\n', ' ', ',', '\0'].some((end) => is(ids.join(',') + end) || is(end + ids.join(',')))) {
    return wrong(
      'line_end',
      'It is the hash of this chain with something around it: a line end, space, comma or NUL.',
    )
  }
  if (is(telemarketerIds.join(','))) {
    return wrong(
      'entity_missing',
      'It is the hash of the telemarketers alone: the principal entity stands first.',
    )
  }
  const order = ids.length <= MOST_ORDERED && orderOf(ids, (other) => is(other.join(',')))
  if (order) {
    return wrong(
      'order',
      `It is the hash of these ids in another order, ${order.join(',')}: the principal entity stands first, ` +
        'the telemarketer that delivers to the operator last.',
    )
  }
  const missing = telemarketerIds.find((id) => is(ids.filter((other) => other !== id).join(',')))
  if (missing !== undefined) {
    return wrong('telemarketer_missing', `It is the hash of this chain without the telemarketer ${missing}.`)
  }
  return wrong('other_chain', 'It is the hash of other ids: compare them with the chain at the DLT portal.')
}

/** The first order of the ids that passes the test. */
function orderOf(
  ids: readonly string[],
  test: (order: readonly string[]) => boolean,
  begun: readonly string[] = [],
): readonly string[] | null {
  if (ids.length === 0) return test(begun) ? begun : null
  for (const [at, id] of ids.entries()) {
    const found = orderOf(ids.toSpliced(at, 1), test, [...begun, id])
    if (found) return found
  }
  return null
}
