import { describe, expect, it } from 'vitest'
import type { Copy } from '../../bind-worker/intake/held-batch.ts'
import { Taker } from '../../bind-worker/intake/taker.ts'
import { LedgerWriter } from '../../bind-worker/ledger-writer.ts'
import { dispatchBody, parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import type { BootId } from '../../shared/ids.ts'
import { silentLog } from '../../shared/log.ts'
import type { ClaimBid } from '../../shared/ports.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger, MemoryQueue } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN, OTHER_BOOT, planLine, QUEUE, TERMS } from './factories.ts'

const BODY = dispatchBody(TERMS, [], JSON.stringify(planLine([1, 1])))
const LEASE_AND_GRACE_MS = TIMING.leaseMs + TIMING.takeoverGraceMs + 1

/** A ledger that loses answers and fails reads as told. */
class UnkindLedger extends MemoryLedger {
  answersToLose = 0
  readsFail = false
  appendsWait: Promise<void> | null = null
  override async claim(bid: ClaimBid) {
    const answer = await super.claim(bid)
    if (this.answersToLose-- > 0) throw new Error('timeout')
    return answer
  }
  override async readPage(...args: Parameters<MemoryLedger['readPage']>) {
    if (this.readsFail) throw new Error('throttled')
    return super.readPage(...args)
  }
  override async append(...args: Parameters<MemoryLedger['append']>) {
    await this.appendsWait
    return super.append(...args)
  }
}

function setUp() {
  const clock = fakeClock()
  const ledger = new UnkindLedger()
  const queue = new MemoryQueue(clock)
  const takerOf = (boot: BootId) => {
    const parts = { clock, timing: TIMING, log: silentLog, ledger, queue, boot }
    const writer = new LedgerWriter({ ...parts, onDurable: () => {} })
    return new Taker({ ...parts, writer, reserveAhead: 1 })
  }
  const take = async (boot: BootId) => {
    await queue.send(QUEUE, [BODY])
    const [message] = await queue.receive(QUEUE, { max: 1, waitSeconds: 0, visibilitySeconds: 60 })
    const copy: Copy = { queue: QUEUE, receipt: message!.receipt, body: message!.body }
    return takerOf(boot).take(copy, parseDispatchBody(BODY))
  }
  const claim = async () => (await ledger.readPage(CAMPAIGN, 0)).claims[0]!
  return { clock, ledger, queue, take, claim }
}

describe('a claim', () => {
  it('whose answer was lost is asked for again, and is ours', async () => {
    const { clock, ledger, take, claim } = setUp()
    ledger.answersToLose = 2
    const taken = take(BOOT)
    await clock.advance(10 * TIMING.retryBaseMs)
    expect((await taken)?.waiting.map((task) => task.message.i)).toEqual([0, 1])
    expect(await claim()).toMatchObject({ state: 'held', owner: BOOT, crashes: 0, gen: 1 })
  })

  it('is fenced from the first time it was asked for', async () => {
    const { clock, ledger, take } = setUp()
    ledger.answersToLose = 1
    const askedAtMs = clock.monotonicMs()
    const taken = take(BOOT)
    await clock.advance(10 * TIMING.retryBaseMs)
    expect((await taken)?.fenceAtMs).toBe(askedAtMs + TIMING.leaseMs - TIMING.leaseFenceMs)
  })

  it('is not asked for for ever', async () => {
    const { clock, ledger, take } = setUp()
    ledger.answersToLose = Number.POSITIVE_INFINITY
    const failed = expect(take(BOOT)).rejects.toThrow('timeout')
    await clock.advance(TIMING.leaseMs)
    await failed
  })

  it('is let go of as it was when the page cannot be read: nobody crashed, and nothing was sent', async () => {
    const { clock, ledger, take, claim } = setUp()
    const first = (await take(OTHER_BOOT))!
    await ledger.release(first.hold, '00')
    ledger.readsFail = true
    await expect(take(BOOT)).rejects.toThrow('throttled')
    ledger.readsFail = false
    expect(await claim()).toMatchObject({ state: 'queued', reserved: '00', crashes: 0 })
    await clock.advance(1)
    expect((await take(BOOT))?.waiting.map((task) => task.message.i)).toEqual([0, 1])
  })
})

describe('a poison batch', () => {
  it('keeps its copy until its outcomes are durable', async () => {
    const { clock, ledger, queue, take } = setUp()
    for (let crash = 0; crash < 5; crash++) {
      await take(`01JX${crash}DDDDDDDDDDDDDDDDDDDDD` as BootId)
      await clock.advance(LEASE_AND_GRACE_MS)
    }
    ledger.appendsWait = new Promise(() => {})
    const before = queue.bodies(QUEUE).length
    const batch = await take(BOOT)
    expect(batch?.quiet).toBe(true)
    expect((await queue.depth(`${QUEUE}-dlq`)).visible).toBe(1)
    expect(queue.bodies(QUEUE)).toHaveLength(before + 1)
  })
})
