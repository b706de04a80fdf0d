import { describe, expect, it } from 'vitest'
import { NO_RECEIPT } from '../../shared/ledger/facts.ts'
import {
  classOfStat,
  isFinalStat,
  receiptRank,
  stateOfWord,
  statusOfStat,
  wordOfState,
} from '../../shared/smpp/states.ts'

describe('the words of receipts', () => {
  it.each([
    ['DELIVRD', 'delivered', 'delivered'],
    ['Delivered', 'delivered', 'delivered'],
    ['UNDELIV', 'failed', 'undelivered'],
    ['DELETED', 'failed', 'undelivered'],
    ['SKIPPED', 'failed', 'undelivered'],
    ['FAILED', 'failed', 'undelivered'],
    ['EXPIRED', 'failed', 'expired'],
    ['REJECTD', 'failed', 'rejected'],
    ['REJECTED', 'failed', 'rejected'],
    ['DND_REJECTED', 'failed', 'rejected'],
    ['RT:0148', 'failed', 'undelivered'],
    ['UNKNOWN', 'unknown', 'pending'],
    ['ACCEPTD', 'interim', 'pending'],
    ['ENROUTE', 'interim', 'pending'],
    ['SCHEDULED', 'interim', 'pending'],
  ] as const)('%s is %s and makes the segment %s', (word, statClass, status) => {
    expect(classOfStat(word)).toBe(statClass)
    expect(statusOfStat(word)).toBe(status)
  })

  it('ranks delivered over failed over UNKNOWN over interim over no receipt at all', () => {
    const ranks = ['DELIVRD', 'EXPIRED', 'UNKNOWN', 'ENROUTE', NO_RECEIPT].map(receiptRank)
    expect(ranks).toEqual([5, 4, 3, 2, 1])
  })

  it('awaits more after UNKNOWN and interim words only', () => {
    expect(['DELIVRD', 'BADSTAT', 'UNKNOWN', 'ENROUTE'].map(isFinalStat)).toEqual([true, true, false, false])
  })

  it('translates message_state 0 to 9 there and back', () => {
    for (let state = 0; state <= 9; state++) expect(stateOfWord(wordOfState(state)!)).toBe(state)
    expect(wordOfState(10)).toBeNull()
    expect(wordOfState(-1)).toBeNull()
    expect(stateOfWord('DND')).toBeNull()
  })
})
