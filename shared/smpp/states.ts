/**
 * The words a receipt may carry, and what they mean. SMPP 3.4 Appendix B lists eight; gateways write more (facts C3),
 * so the vocabulary is data and an unknown word is a failure, never a crash.
 */
import { NO_RECEIPT } from '../ledger/facts.ts'

/** What a receipt's word says about the segment. `interim`: more will come. `unknown`: the SMSC lost track of it. */
export type StatClass = 'delivered' | 'failed' | 'interim' | 'unknown'

/** What a receipt's word makes of a segment. */
export type StatStatus = 'delivered' | 'undelivered' | 'expired' | 'rejected' | 'pending'

/** message_state → the word of Appendix B (SMPP 3.4 §5.2.28; 0 and 9 are SMPP 5.0 §4.7.15). */
const WORD_OF_STATE: readonly string[] = [
  'SCHEDULED',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
  'SKIPPED',
]

/** The word for a message_state; null for a value no edition of SMPP defines. */
export const wordOfState = (state: number): string | null => WORD_OF_STATE[state] ?? null

/** Whether SMPP 3.4 defines the message_state; gateways use the values outside at their own discretion. */
export const isState34 = (state: number): boolean => Number.isInteger(state) && state >= 1 && state <= 8

/** The message_state (1 to 8, 0 and 9) of a word of Appendix B; null for any other word. */
export function stateOfWord(word: string): number | null {
  const state = WORD_OF_STATE.indexOf(word.toUpperCase())
  return state === -1 ? null : state
}

/** Every word met so far. Those of the SMPP specifications first, then those of vendors. */
const VOCABULARY: ReadonlyMap<string, readonly [StatClass, StatStatus]> = new Map([
  ['DELIVRD', ['delivered', 'delivered']],
  ['EXPIRED', ['failed', 'expired']],
  ['DELETED', ['failed', 'undelivered']],
  ['UNDELIV', ['failed', 'undelivered']],
  ['REJECTD', ['failed', 'rejected']],
  ['SKIPPED', ['failed', 'undelivered']],
  ['ACCEPTD', ['interim', 'pending']],
  ['ENROUTE', ['interim', 'pending']],
  ['SCHEDULED', ['interim', 'pending']],
  ['UNKNOWN', ['unknown', 'pending']],

  ['DELIVERED', ['delivered', 'delivered']],
  ['UNDELIVERABLE', ['failed', 'undelivered']],
  ['UNDELIVERED', ['failed', 'undelivered']],
  ['FAILED', ['failed', 'undelivered']],
  ['REJECTED', ['failed', 'rejected']],
  ['DND_REJECTED', ['failed', 'rejected']],
  ['DNDNUMBER', ['failed', 'rejected']],
  ['BWLISTS', ['failed', 'rejected']],
  ['BLACKLIST', ['failed', 'rejected']],
  ['NACK', ['failed', 'rejected']],
  ['ACCEPTED', ['interim', 'pending']],
  ['BUFFERED', ['interim', 'pending']],
  ['SUBMITTED', ['interim', 'pending']],
])

const UNKNOWN_WORD = ['failed', 'undelivered'] as const

const meaning = (stat: string) => VOCABULARY.get(stat) ?? VOCABULARY.get(stat.toUpperCase()) ?? UNKNOWN_WORD

/** Whether the word is in the vocabulary, in any case. */
export const isStatWord = (word: string): boolean => VOCABULARY.has(word.toUpperCase())

/** A word nobody knows counts as failed: the gateway said something other than delivered. */
export const classOfStat = (stat: string): StatClass => meaning(stat)[0]

/**
 * The status a segment has after a receipt with this word: UNDELIV, DELETED, SKIPPED and unknown words are
 * `undelivered`; UNKNOWN and interim words leave it `pending`. So does NO_RECEIPT, which no SMSC ever said.
 */
export const statusOfStat = (stat: string): StatStatus => (stat === NO_RECEIPT ? 'pending' : meaning(stat)[1])

/** Whether nothing further is expected after this word; the SMSC may still change its mind about UNKNOWN. */
export function isFinalStat(stat: string): boolean {
  const statClass = classOfStat(stat)
  return statClass === 'delivered' || statClass === 'failed'
}

const RANKS: Readonly<Record<StatClass, number>> = { delivered: 5, failed: 4, unknown: 3, interim: 2 }

/** Which of two receipts of a segment counts: the higher. `NO_RECEIPT` (1) ranks below every real one. */
export const receiptRank = (stat: string): number => (stat === NO_RECEIPT ? 1 : RANKS[classOfStat(stat)])
