import { describe, expect, it } from 'vitest'
import { LedgerWriter, type PageKey } from '../../bind-worker/ledger-writer.ts'
import type { OutcomeRow, Slice } from '../../shared/ledger/facts.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN } from './factories.ts'

const PAGE: PageKey = { campaign: CAMPAIGN, page: 3 }
const row = (i: number): OutcomeRow => [0, i, 1, 1, 'accepted', `id-${i}`, 0, 0]

/** A ledger whose appends wait until the test lets them through, or fail when told. */
class SlowLedger extends MemoryLedger {
  readonly attempts: Slice[][] = []
  readonly #gates: PromiseWithResolvers<void>[] = []

  override async append(slices: readonly Slice[]): Promise<void> {
    this.attempts.push([...slices])
    const gate = Promise.withResolvers<void>()
    this.#gates.push(gate)
    await gate.promise
    await super.append(slices)
  }

  letThrough(): void {
    this.#gates.shift()!.resolve()
  }

  fail(): void {
    this.#gates.shift()!.reject(new Error('throttled'))
  }
}

function setUp() {
  const clock = fakeClock()
  const ledger = new SlowLedger()
  const durable: PageKey[][] = []
  const writer = new LedgerWriter({
    ledger,
    clock,
    timing: TIMING,
    log: silentLog,
    boot: BOOT,
    onDurable: (pages) => durable.push(pages),
  })
  return { clock, ledger, writer, durable }
}

describe('LedgerWriter', () => {
  it('says durable only after the ledger has the facts', async () => {
    const { clock, ledger, writer, durable } = setUp()
    let done = false
    writer.outcome(PAGE, row(0))
    writer.whenDurable(() => {
      done = true
    })
    await clock.advance(TIMING.lingerMs)
    expect(ledger.attempts).toHaveLength(1)
    expect(done).toBe(false)
    ledger.letThrough()
    await clock.advance(0)
    expect(done).toBe(true)
    expect(durable).toEqual([[PAGE]])
    expect(writer.backlog).toBe(0)
  })

  it('collects while a commit is being written, and writes what was collected in one slice', async () => {
    const { clock, ledger, writer } = setUp()
    writer.outcome(PAGE, row(0))
    await clock.advance(TIMING.lingerMs)
    for (let i = 1; i <= 50; i++) writer.outcome(PAGE, row(i))
    await clock.advance(1_000)
    expect(ledger.attempts).toHaveLength(1)
    ledger.letThrough()
    await clock.advance(TIMING.lingerMs)
    expect(ledger.attempts[1]!.map((slice) => slice.rows.length)).toEqual([50])
  })

  it('repeats a failed write with the same key and the same rows, although more facts came meanwhile', async () => {
    const { clock, ledger, writer } = setUp()
    writer.outcome(PAGE, row(0))
    await clock.advance(TIMING.lingerMs)
    writer.outcome(PAGE, row(1))
    ledger.fail()
    await clock.advance(10_000)
    expect(ledger.attempts[1]).toEqual(ledger.attempts[0])
    expect(ledger.attempts[1]![0]!.rows).toEqual([row(0)])
  })

  it('waits for the facts added before the question, not for those after it', async () => {
    const { clock, ledger, writer } = setUp()
    let done = false
    writer.outcome(PAGE, row(0))
    await clock.advance(TIMING.lingerMs)
    writer.whenDurable(() => {
      done = true
    })
    writer.outcome(PAGE, row(1))
    ledger.letThrough()
    await clock.advance(0)
    expect(done).toBe(true)
    expect(writer.backlog).toBe(1)
  })

  it('never gives two slices the same number', async () => {
    const { clock, ledger, writer } = setUp()
    for (let i = 0; i < 2_500; i++) writer.outcome({ campaign: CAMPAIGN, page: i % 2 }, row(i))
    writer.receipt(PAGE, [0, 0, 1, 'x', 'DELIVRD', '', null, 0])
    await clock.advance(TIMING.lingerMs)
    const slices = ledger.attempts[0]!
    expect(new Set(slices.map((slice) => slice.n)).size).toBe(slices.length)
    expect(slices.reduce((sum, slice) => sum + slice.rows.length, 0)).toBe(2_501)
  })

  it('is at rest at once when nothing was added', async () => {
    const { writer } = setUp()
    await expect(writer.flushed()).resolves.toBeUndefined()
  })

  it('stops trying when destroyed', async () => {
    const { clock, ledger, writer } = setUp()
    writer.outcome(PAGE, row(0))
    await clock.advance(TIMING.lingerMs)
    writer.destroy()
    ledger.fail()
    await clock.advance(60_000)
    expect(ledger.attempts).toHaveLength(1)
  })
})
