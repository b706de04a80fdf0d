/** What is wrong with a PE-TM chain as somebody wrote it down, each fault with its place (facts A4, A6). */
import { DltId } from '../ids.ts'

export interface ChainFault {
  /** The principal entity's id, the list of telemarketers, or the telemarketer at this index of it. */
  at: 'entity' | 'list' | number
  code: 'list_empty' | 'id_empty' | 'id_space' | 'id_separator' | 'id_exponent' | 'id_form' | 'id_repeated'
  /** Where, what, and what to do. */
  message: string
}

/** Every fault of a chain; none: it can be hashed and sent. Ids are taken as they are, nothing is trimmed. */
export function chainFaults(entity: string, telemarketerIds: readonly string[]): ChainFault[] {
  const faults = [...faultsOfId(entity, 'entity')]
  if (telemarketerIds.length === 0) {
    faults.push({
      at: 'list',
      code: 'list_empty',
      message: 'the chain names no telemarketer: give at least the one that delivers to the operator',
    })
  }
  for (const [at, id] of telemarketerIds.entries()) {
    faults.push(...faultsOfId(id, at), ...repetition(entity, telemarketerIds, at))
  }
  return faults
}

/** At most one per id: the one that explains the others. */
function faultsOfId(id: string, at: ChainFault['at']): ChainFault[] {
  if (DltId.safeParse(id).success) return []
  const fault = (code: ChainFault['code'], what: string): ChainFault[] => [
    { at, code, message: `${placeOf(at)} ${what}` },
  ]
  if (id === '') return fault('id_empty', 'is empty: is there a comma too many?')
  if (/%2c/i.test(id)) {
    return fault('id_separator', 'holds %2C: ids are separated by a comma as it is, never percent-encoded')
  }
  if (/\s/.test(id)) {
    return fault(
      'id_space',
      `is ${JSON.stringify(id)}: a chain has no spaces or line ends, which change its hash`,
    )
  }
  if (/[,;|]/.test(id)) return fault('id_separator', `is ${JSON.stringify(id)}: give the ids one by one`)
  if (/^\d+(\.\d+)?e\+?\d+$/i.test(id)) {
    return fault(
      'id_exponent',
      `is ${id}: a spreadsheet has rounded it; copy it from the DLT portal, as text`,
    )
  }
  const has = /^\d+$/.test(id) ? `has ${id.length} digits` : `is ${JSON.stringify(id)}`
  return fault('id_form', `${has}: DLT ids are 12 to 19 digits and nothing else`)
}

function repetition(entity: string, ids: readonly string[], at: number): ChainFault[] {
  const id = ids[at]!
  if (id === '') return []
  const fault = (what: string): ChainFault[] => [
    { at, code: 'id_repeated', message: `${placeOf(at)} ${what}` },
  ]
  if (id === entity) {
    return fault(
      'is the principal entity, which stands before the telemarketers by itself: leave it out here',
    )
  }
  const earlier = ids.indexOf(id)
  return earlier < at ? fault(`is telemarketer ${earlier + 1} again: nobody is in a chain twice`) : []
}

function placeOf(at: ChainFault['at']): string {
  if (at === 'entity') return "the principal entity's id"
  return at === 'list' ? 'the list' : `telemarketer ${at + 1}`
}
