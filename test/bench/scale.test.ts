import { describe, expect, it } from 'vitest'
import { drawReceiptDelayMs, LAST_RECEIPT_MS, MEAN_RECEIPT_DELAY_MS } from '../../bench/receipt-profile.ts'
import { simulateLedger } from '../../bench/scale-ledger.ts'
import { foldsOfPage } from '../../bench/scale-limits.ts'
import { TIMING } from '../../shared/timing.ts'
import { seededRandom } from '../support/fake-random.ts'

const load = (perSecond: number, taskTps: number, ordered = true) =>
  simulateLedger({ perSecond, taskTps, seconds: 5, ordered }, () => seeded.next())
const seeded = seededRandom(1)

describe('the model of the ledger', () => {
  it('has one task write of a page where there is one', () => {
    expect(load(1_000, 1_000).tasksPerPage).toBe(1)
  })

  it('spreads a page over as many tasks as receive ten of its batches', () => {
    expect(load(10_000, 1_000).tasksPerPage).toBe(5)
  })

  it('packs worse when batches come from anywhere in the queue, or with fewer rows in a commit', () => {
    const { writeUnitsPerMessage } = load(10_000, 1_000)
    expect(load(10_000, 1_000, false).writeUnitsPerMessage).toBeGreaterThan(writeUnitsPerMessage)
    expect(load(10_000, 100).writeUnitsPerMessage).toBeGreaterThan(writeUnitsPerMessage)
  })

  it('never writes less than a unit for the claim and the end of each batch', () => {
    expect(load(10_000, 10_000).writeUnitsPerMessage).toBeGreaterThan(2 / 100)
  })
})

describe('the profile of receipts', () => {
  it('comes to its mean, and never later than its last', () => {
    const delays = Array.from({ length: 20_000 }, () => drawReceiptDelayMs(() => seeded.next()))
    const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
    expect(Math.abs(mean / MEAN_RECEIPT_DELAY_MS - 1)).toBeLessThan(0.1)
    expect(Math.max(...delays)).toBeLessThanOrEqual(LAST_RECEIPT_MS)
  })
})

describe('folds of a page', () => {
  it('are far fewer than one for each floor in which receipts come', () => {
    expect(foldsOfPage()).toBeGreaterThan(20)
    expect(foldsOfPage()).toBeLessThan(LAST_RECEIPT_MS / TIMING.noticeFloorMs / 50)
  })
})
