import { describe, expect, it } from 'vitest'
import { caseOf } from './cases.ts'
import { read } from './reading.ts'
import { attack, STAGES } from './session-target.ts'

const CASES = 4_000
const SEED = 2_026
const ENDS = {
  binding: ['destroyed', 'protocolError', 'unboundByPeer', 'bindRefused'],
  bound: ['destroyed', 'protocolError', 'unboundByPeer'],
  draining: ['destroyed', 'protocolError', 'unboundByPeer'],
}

describe('whatever bytes a peer sends', () => {
  it('are the same for the same seed, and reach every part', () => {
    const sum = { pdus: 0, malformed: 0, receipts: 0, broken: 0 }
    for (let n = 0; n < CASES; n++) {
      const chunks = caseOf(SEED, n)
      if (n < 50) expect(Buffer.concat(caseOf(SEED, n))).toEqual(Buffer.concat(chunks))
      const { broken, ...counts } = read(chunks)
      sum.pdus += counts.pdus
      sum.malformed += counts.malformed
      sum.receipts += counts.receipts
      sum.broken += broken ? 1 : 0
    }
    for (const count of Object.values(sum)) expect(count).toBeGreaterThan(CASES / 20)
  })

  it('framing, codec and receipt parser read them or refuse them, with the errors they promise', () => {
    for (let n = CASES; n < 2 * CASES; n++) expect(() => read(caseOf(SEED, n)), `case ${n}`).not.toThrow()
  })

  it.each(STAGES)(
    'a session that is %s hands every segment back once, ends once, and is silent then',
    (stage) => {
      const ends = new Set<string>()
      for (let n = 0; n < CASES; n++) {
        try {
          ends.add(attack(caseOf(SEED, n), stage).end)
        } catch (error) {
          throw new Error(`case ${n}: ${error}`, { cause: error })
        }
      }
      expect([...ends]).toEqual(expect.arrayContaining(ENDS[stage]))
    },
  )
})
