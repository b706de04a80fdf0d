import { afterEach, describe, expect, it } from 'vitest'
import { Copies } from '../../bind-worker/intake/copies.ts'
import { Finisher } from '../../bind-worker/intake/finisher.ts'
import type { HeldBatch } from '../../bind-worker/intake/held-batch.ts'
import { LedgerWriter } from '../../bind-worker/ledger-writer.ts'
import type { Claim } from '../../shared/ledger/facts.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger, MemoryQueue } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN, heldBatch, OTHER_BOOT, planLine, QUEUE } from './factories.ts'

/** A ledger whose claims cannot be moved while it is down. */
class FallibleLedger extends MemoryLedger {
  down = false
  /** Batches finished with each request that came through. */
  readonly finished: number[][] = []
  /** Called when a claim was parked, before the worker hears of it. */
  onPark = () => {}
  override async finish(claims: readonly Claim[]): Promise<void> {
    if (this.down) throw new Error('throttled')
    await super.finish(claims)
    this.finished.push(claims.map(({ batch }) => batch))
  }
  override async park(...args: Parameters<MemoryLedger['park']>): Promise<boolean> {
    if (this.down) throw new Error('throttled')
    const parked = await super.park(...args)
    this.onPark()
    return parked
  }
}

const open: { copies: Copies; finisher: Finisher }[] = []
afterEach(async () => {
  for (const { copies, finisher } of open.splice(0)) {
    finisher.destroy()
    await copies.close()
  }
})

async function setUp() {
  const clock = fakeClock()
  const ledger = new FallibleLedger()
  const queue = new MemoryQueue(clock)
  const parts = { clock, timing: TIMING, log: silentLog, ledger, queue }
  const writer = new LedgerWriter({ ...parts, boot: BOOT, onDurable: () => {} })
  const copies = new Copies(parts)
  const ended: HeldBatch[] = []
  const finisher = new Finisher({ ...parts, writer, copies, onEnded: (batch) => ended.push(batch) })
  open.push({ copies, finisher })

  const receive = async () => {
    const [message] = await queue.receive(QUEUE, { max: 1, waitSeconds: 0, visibilitySeconds: 60 })
    copies.hold({ queue: QUEUE, receipt: message!.receipt })
    return message!.receipt
  }
  /** A batch of two messages, claimed and reserved, with its copy in hand. */
  const held = async (number = 0) => {
    const batch = heldBatch(planLine([1, 1], { batch: number }))
    await ledger.claim({
      ...{ ...batch.hold, lineHash: 'h', reserve: '11', takeoverGraceMs: 0 },
      ...{ now: clock.now(), leaseUntil: clock.now() + TIMING.leaseMs },
    })
    await queue.send(QUEUE, ['the batch'])
    batch.copies.splice(0, 1, await receive())
    return batch
  }
  const claim = async () => (await ledger.readPage(CAMPAIGN, 0)).claims[0]!
  return { clock, ledger, queue, copies, finisher, ended, held, receive, claim }
}

describe('batches whose every message has its outcome', () => {
  it('are finished many at a time, and their copies deleted after that', async () => {
    const { clock, ledger, queue, finisher, ended, held } = await setUp()
    const batches = [await held(1), await held(2), await held(3)]
    for (const batch of batches) {
      batch.waiting = []
      finisher.end(batch)
    }
    await clock.advance(TIMING.lingerMs)
    expect(ledger.finished).toEqual([[1, 2, 3]])
    expect(ended).toEqual(batches)
    await clock.advance(TIMING.lingerMs)
    expect(queue.bodies(QUEUE)).toEqual([])
  })

  it('are finished as soon as the ledger can, and no copy is deleted before', async () => {
    const { clock, ledger, queue, finisher, ended, held, claim } = await setUp()
    const batch = await held()
    batch.waiting = []
    ledger.down = true
    finisher.end(batch)
    await clock.advance(120_000)
    expect(ended).toEqual([])
    expect(queue.bodies(QUEUE)).toHaveLength(1)
    ledger.down = false
    await clock.advance(10_000)
    expect(ended).toEqual([batch])
    expect(await claim()).toMatchObject({ state: 'finished', reserved: '11' })
    expect(queue.bodies(QUEUE)).toEqual([])
  })

  it('are left as they are by a process that dies', async () => {
    const { clock, ledger, copies, queue, finisher, held, claim } = await setUp()
    const batch = await held()
    batch.waiting = []
    ledger.down = true
    finisher.end(batch)
    await clock.advance(TIMING.lingerMs)
    finisher.destroy()
    await finisher.idle()
    expect(await claim()).toMatchObject({ state: 'held' })
    expect(copies.size).toBe(0)
    expect(queue.bodies(QUEUE)).toHaveLength(1)
  })
})

describe('the end of a batch', () => {
  it('lost to another owner leaves its copy to reappear', async () => {
    const { clock, copies, finisher, ended, held } = await setUp()
    const batch = await held()
    batch.lost = true
    finisher.end(batch)
    await clock.advance(0)
    expect(ended).toEqual([batch])
    expect(copies.size).toBe(0)
  })

  it('found taken over when it is to be given back leaves its copy to reappear', async () => {
    const { clock, ledger, copies, queue, finisher, ended, held } = await setUp()
    const batch = await held()
    batch.withdrawal = { kind: 'release' }
    const takeover = { ...batch.hold, owner: OTHER_BOOT, lineHash: 'h', reserve: '11', takeoverGraceMs: 0 }
    const later = clock.now() + TIMING.leaseMs + 1
    await ledger.claim({ ...takeover, now: later, leaseUntil: later + TIMING.leaseMs })
    finisher.end(batch)
    await clock.advance(0)
    expect(ended).toEqual([batch])
    expect(copies.size).toBe(0)
    expect((await queue.depth(QUEUE)).inFlight).toBe(1)
  })

  it('leaves a copy that came while it was parked: the feeder may have sent it for the next owner', async () => {
    const { clock, ledger, copies, queue, finisher, held, receive } = await setUp()
    const batch = await held()
    batch.withdrawal = { kind: 'park', reason: 'paused', notBefore: 0 }
    await queue.send(QUEUE, ['the batch, again'])
    const again = await receive()
    ledger.onPark = () => batch.copies.push(again)
    finisher.end(batch)
    await clock.advance(TIMING.lingerMs)
    expect(copies.size).toBe(0)
    expect(queue.bodies(QUEUE)).toEqual(['the batch, again'])
  })

  it('is written however long the ledger is down: what was not sent is not left reserved', async () => {
    const { clock, ledger, finisher, ended, held, claim } = await setUp()
    const batch = await held()
    batch.withdrawal = { kind: 'park', reason: 'paused', notBefore: 0 }
    ledger.down = true
    finisher.end(batch)
    await clock.advance(120_000)
    expect(ended).toEqual([])
    ledger.down = false
    await clock.advance(10_000)
    expect(ended).toEqual([batch])
    expect(await claim()).toMatchObject({ state: 'parked', reserved: '00' })
  })
})
