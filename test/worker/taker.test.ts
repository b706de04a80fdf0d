import { describe, expect, it } from 'vitest'
import type { Copy } from '../../bind-worker/intake/held-batch.ts'
import { Taker } from '../../bind-worker/intake/taker.ts'
import { LedgerWriter } from '../../bind-worker/ledger-writer.ts'
import { dispatchBody, parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import type { BootId } from '../../shared/ids.ts'
import type { OutcomeRow } from '../../shared/ledger/facts.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger, MemoryQueue } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN, OTHER_BOOT, planLine, QUEUE, TERMS } from './factories.ts'

const LEASE_AND_GRACE_MS = TIMING.leaseMs + TIMING.takeoverGraceMs + 1

function setUp() {
  const clock = fakeClock()
  const ledger = new MemoryLedger()
  const queue = new MemoryQueue(clock)
  const as = (boot: BootId, reserveAhead = 100) => {
    const parts = { clock, timing: TIMING, log: silentLog, ledger, queue, boot }
    const writer = new LedgerWriter({ ...parts, onDurable: () => {} })
    return { taker: new Taker({ ...parts, writer, reserveAhead }), writer }
  }
  /** Puts a batch into the queue and receives it, as a puller would. */
  const receive = async (body: string): Promise<Copy> => {
    await queue.send(QUEUE, [body])
    const [message] = await queue.receive(QUEUE, { max: 1, waitSeconds: 0, visibilitySeconds: 60 })
    return { queue: QUEUE, receipt: message!.receipt, body: message!.body }
  }
  const outcomes = async () => {
    const { slices } = await ledger.readPage(CAMPAIGN, 0)
    return slices.flatMap((slice): OutcomeRow[] => (slice.kind === 'outcomes' ? [...slice.rows] : []))
  }
  const dead = async () => (await queue.depth(`${QUEUE}-dlq`)).visible
  const left = async () => {
    const { visible, inFlight } = await queue.depth(QUEUE)
    return visible + inFlight
  }
  return { clock, ledger, queue, as, receive, outcomes, dead, left }
}

const bodyOf = (parts: readonly number[], skip: number[] = []) =>
  dispatchBody(TERMS, skip, JSON.stringify(planLine(parts)))

describe('taking a batch', () => {
  it('claims it with as many of its messages reserved as it was told', async () => {
    const { as, receive, ledger } = setUp()
    const body = bodyOf([1, 1, 1])
    const batch = await as(BOOT, 2).taker.take(await receive(body), parseDispatchBody(body))
    expect(batch?.waiting.map((task) => task.message.i)).toEqual([0, 1, 2])
    expect((await ledger.readPage(CAMPAIGN, 0)).claims).toMatchObject([
      { state: 'held', owner: BOOT, reserved: '110' },
    ])
  })

  it('gives a copy back for the rest of the lease when another worker lives', async () => {
    const { as, receive, queue, clock } = setUp()
    const body = bodyOf([1])
    await as(OTHER_BOOT).taker.take(await receive(body), parseDispatchBody(body))
    expect(await as(BOOT).taker.take(await receive(body), parseDispatchBody(body))).toBeNull()
    await clock.advance(TIMING.leaseMs - 1_000)
    expect((await queue.depth(QUEUE)).inFlight).toBeGreaterThanOrEqual(1)
  })

  it('takes over when the lease has run out, and never sends what was reserved', async () => {
    const { as, receive, clock, outcomes } = setUp()
    const body = bodyOf([1, 2, 1])
    await as(OTHER_BOOT, 2).taker.take(await receive(body), parseDispatchBody(body))
    await clock.advance(LEASE_AND_GRACE_MS)
    const { taker, writer } = as(BOOT)
    const batch = await taker.take(await receive(body), parseDispatchBody(body))
    expect(batch?.waiting.map((task) => task.message.i)).toEqual([2])
    await clock.advance(TIMING.lingerMs)
    await writer.flushed()
    expect((await outcomes()).map((row) => [row[1], row[2], row[4]])).toEqual([
      [0, 1, 'unconfirmed'],
      [1, 1, 'unconfirmed'],
      [1, 2, 'unconfirmed'],
    ])
  })

  it('deletes the copy of a finished batch', async () => {
    const { as, receive, ledger, left } = setUp()
    const body = bodyOf([1])
    const batch = await as(OTHER_BOOT).taker.take(await receive(body), parseDispatchBody(body))
    await ledger.finish([batch!.claim])
    const before = await left()
    expect(await as(BOOT).taker.take(await receive(body), parseDispatchBody(body))).toBeNull()
    expect(await left()).toBe(before)
  })

  it('calls unconfirmed what is suppressed late and may have been sent, under policy resend', async () => {
    const { as, receive, outcomes, clock } = setUp()
    const resend = { ...TERMS, policy: 'resend' } as const
    const body = (skip: number[]) => dispatchBody(resend, skip, JSON.stringify(planLine([1, 2, 1])))
    await as(OTHER_BOOT, 2).taker.take(await receive(body([])), parseDispatchBody(body([])))
    await clock.advance(LEASE_AND_GRACE_MS)
    const { taker, writer } = as(BOOT)
    const batch = await taker.take(await receive(body([1, 2])), parseDispatchBody(body([1, 2])))
    await clock.advance(TIMING.lingerMs + 1)
    await writer.flushed()
    expect(batch?.waiting.map((task) => task.message.i)).toEqual([0])
    expect((await outcomes()).map((row) => row.slice(1, 5))).toEqual([
      [1, 0, 2, 'unconfirmed'],
      [2, 0, 1, 'suppressed'],
    ])
  })

  it('ends late suppressions without sending them', async () => {
    const { as, receive, clock, outcomes } = setUp()
    const body = bodyOf([1, 3], [1])
    const { taker, writer } = as(BOOT)
    const batch = await taker.take(await receive(body), parseDispatchBody(body))
    expect(batch?.waiting.map((task) => task.message.i)).toEqual([0])
    await clock.advance(TIMING.lingerMs)
    await writer.flushed()
    expect((await outcomes()).map((row) => row.slice(1, 5))).toEqual([[1, 0, 3, 'suppressed']])
  })
})

describe('poison', () => {
  it.each([
    ['no JSON', 'not json'],
    ['JSON, but no batch', '{"launch":{},"skip":[],"line":{}}'],
    ['a batch with a number that is none', bodyOf([1]).replace('919876543210', '12')],
  ])('%s goes to the dead letters', async (_name, body) => {
    const { as, receive, dead, left } = setUp()
    expect(await as(BOOT).taker.read(await receive(body))).toBeNull()
    expect(await dead()).toBe(1)
    expect(await left()).toBe(0)
  })

  it('a batch whose text is not the one claimed goes to the dead letters', async () => {
    const { as, receive, ledger, dead } = setUp()
    const body = bodyOf([1])
    const batch = await as(OTHER_BOOT).taker.take(await receive(body), parseDispatchBody(body))
    await ledger.release(batch!.hold, '0')
    const forged = body.replace('message 0', 'massage 0')
    expect(await as(BOOT).taker.take(await receive(forged), parseDispatchBody(forged))).toBeNull()
    expect(await dead()).toBe(1)
  })

  it('a batch that five owners crashed on ends as refused, and in the dead letters', async () => {
    const { as, receive, clock, outcomes, dead } = setUp()
    const body = bodyOf([1, 1])
    for (let crash = 0; crash < 5; crash++) {
      await as(`01JX${crash}DDDDDDDDDDDDDDDDDDDDD` as BootId, 1).taker.take(
        await receive(body),
        parseDispatchBody(body),
      )
      await clock.advance(LEASE_AND_GRACE_MS)
    }
    const { taker, writer } = as(BOOT, 1)
    const batch = await taker.take(await receive(body), parseDispatchBody(body))
    expect(batch?.quiet).toBe(true)
    await clock.advance(TIMING.lingerMs)
    await writer.flushed()
    const kinds = (await outcomes()).map((row) => `${row[1]} ${row[4]} ${row[5]}`.trim())
    expect(kinds).toContain('1 refused poison_batch')
    expect(kinds).toContain('0 unconfirmed')
    expect(await dead()).toBe(1)
  })
})
