import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claim } from '../../shared/ledger/facts.ts'
import type { ClaimBid, Hold, Ledger } from '../../shared/ports.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { seededRandom } from '../support/fake-random.ts'
import { hostileLedger } from '../support/hostile.ts'
import { MemoryLedger } from '../support/memory-ledger.ts'
import { persistent } from '../support/persistent.ts'
import { batchOf, bidFor, NOW, someCampaign, someOwner } from './ledger.factory.ts'
import { ledgersOn } from './ledgers.ts'

const aws = withEmulators()
const kind = ledgersOn(aws)
/** The same again where calls fail before and after they were applied, under a caller who repeats them. */
const hostile = kind.map(([name, make]): [string, () => Ledger] => [
  `${name}, calls failing and repeated`,
  () => persistent(hostileLedger(make(), { random: seededRandom(8), throttled: 0.2, answerLost: 0.3 })),
])

const OWNERS = [someOwner(), someOwner(), someOwner()]
const Bits = fc.string({ unit: fc.constantFrom('0', '1'), minLength: 6, maxLength: 6 })
const Step = fc.record({
  op: fc.constantFrom('claim', 'claim', 'reserve', 'renew', 'park', 'release', 'finish', 'requeue'),
  owner: fc.nat(OWNERS.length - 1),
  bits: Bits,
  passMs: fc.constantFrom(0, 0, 1_000, 20_000, 40_000),
})
type Step = typeof Step extends fc.Arbitrary<infer T> ? T : never

/**
 * Plays the steps on one batch; every worker acts on the last hold it knows, however stale. The feeder queues what it
 * saw parked, never what may be parked one day: a duplicate of such a call, arriving late, would come true.
 */
async function play(ledger: Ledger, steps: readonly Step[]): Promise<unknown[]> {
  const batch = batchOf(someCampaign())
  const holds = OWNERS.map((owner): Hold => ({ ...batch, owner, gen: 0 }))
  const parked = [...holds]
  const claims = OWNERS.map((): Claim[] => [])
  const answers: unknown[] = []
  let now = NOW
  for (const { op, owner, bits, passMs } of steps) {
    now += passMs
    const hold = holds[owner] as Hold
    if (op === 'claim') {
      const bid: ClaimBid = bidFor(batch, { owner: hold.owner, now, reserve: bits })
      const answer = await ledger.claim(bid)
      if (answer.granted) {
        holds[owner] = { ...hold, gen: answer.claim.gen }
        claims[owner] = [answer.claim]
      }
      answers.push(withoutCampaign(answer))
      continue
    }
    const answer = await {
      reserve: () => ledger.reserve(hold, bits),
      renew: () => ledger.renew(hold, now + 30_000),
      park: () => ledger.park(hold, bits, 'retry', now + 60_000),
      release: () => ledger.release(hold, bits),
      finish: () => ledger.finish(claims[owner]!),
      requeue: () => ledger.requeue(parked[owner] as Hold),
    }[op]()
    if (op === 'park' && answer === true) parked[owner] = { ...hold, gen: hold.gen + 1 }
    answers.push(answer)
  }
  return [...answers, withoutCampaign(await ledger.readPage(batch.campaign, 0))]
}

const withoutCampaign = (answer: unknown) =>
  JSON.parse(JSON.stringify(answer, (name, value) => (name === 'campaign' ? undefined : value)))

describe.each([...kind.slice(1), ...hostile])('a ledger %s', (_name, make) => {
  it('answers every sequence of workers as the memory ledger does', async () => {
    const ledger = make()
    await fc.assert(
      fc.asyncProperty(fc.array(Step, { minLength: 1, maxLength: 25 }), async (steps) => {
        expect(await play(ledger, steps)).toEqual(await play(new MemoryLedger(), steps))
      }),
      { numRuns: 40 },
    )
  })
})
