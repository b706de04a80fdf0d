import { encodeTime } from 'ulid'
import { describe, expect, it } from 'vitest'
import { LateSuppressions } from '../../lambdas/suppress/late-suppressions.ts'
import { Msisdn, PlanId } from '../../shared/ids.ts'
import { listKey, type SuppressionList } from '../../shared/suppression/list.ts'
import { encodeNumbers } from '../../shared/suppression/list-format.ts'
import { launched, numberOf, planLine, TENANT } from '../lambdas/launched.factory.ts'
import { MemorySuppressions } from '../support/memory-ports.ts'
import { aLoadedList, anEntry } from '../suppression/suppression.factory.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const number = (batch: number, i: number) => Msisdn.parse(numberOf(0, batch, i))

/** A campaign whose plan was made now, two batches of three; `late` tells what to skip of them. */
async function planned(record: Parameters<typeof launched>[0] = {}) {
  const deps = await launched(record)
  const writer = { lateMs: 0 }
  const writersClock = { ...deps.clock, now: () => deps.clock.now() - writer.lateMs }
  deps.suppressions = new MemorySuppressions(writersClock)
  const { plan, launch, ...campaign } = deps.campaign
  const lateFor = (planAt: number) => {
    const id = PlanId.parse(`${encodeTime(planAt)}0000000000000000`)
    return new LateSuppressions(deps, { ...campaign, plan: { ...plan!, id }, launch: launch! })
  }
  const late = lateFor(deps.clock.now())
  const lines = [0, 1].map((batch) => planLine(0, batch, deps.size))
  const say = (msisdn: Msisdn, fields: Parameters<typeof anEntry>[0] = {}) =>
    deps.suppressions.putEntry(TENANT, anEntry({ msisdn, at: deps.clock.now(), ...fields }))
  const load = async (numbers: Msisdn[], fields: Partial<SuppressionList> = {}) => {
    const loaded = aLoadedList(deps.clock.now())
    const list: SuppressionList = { ...loaded, ...fields }
    await deps.suppressions.createList(TENANT, list)
    await deps.objects.put(listKey(TENANT, loaded), encodeNumbers(Float64Array.from(numbers, Number)))
  }
  return Object.assign(deps, { lines, writer, say, load, lateFor, skips: () => late.skips(lines) })
}

describe('the messages to skip', () => {
  it('are none when nothing was said since the plan was made', async () => {
    const { skips } = await planned()
    expect(await skips()).toEqual([[], []])
  })

  it('are those to numbers suppressed since, also while the feeder is at work', async () => {
    const { clock, say, skips } = await planned()
    await clock.advance(HOUR_MS)
    await say(number(0, 2))
    await say(number(1, 0))
    await say(Msisdn.parse('919999999999'))
    expect(await skips()).toEqual([[2], [0]])
    await clock.advance(HOUR_MS)
    await say(number(1, 2))
    expect(await skips()).toEqual([[2], [0, 2]])
  })

  it('are not those of numbers allowed again meanwhile', async () => {
    const { clock, say, skips } = await planned()
    await clock.advance(HOUR_MS)
    await say(number(0, 0))
    expect(await skips()).toEqual([[0], []])
    await clock.advance(1)
    await say(number(0, 0), { state: 'allowed', reason: 'start' })
    expect(await skips()).toEqual([[], []])
  })

  it('count what arrived late by when it was written down, not by when it was said', async () => {
    const { clock, say, skips } = await planned()
    await clock.advance(HOUR_MS)
    await say(number(0, 0), { at: clock.now() - 10 * HOUR_MS })
    expect(await skips()).toEqual([[0], []])
  })

  it.each([
    [4 * MINUTE_MS, [0, 1]],
    [HOUR_MS, []],
  ])('allow for clocks that differ by minutes: %i ms before the plan', async (beforeMs, skipped) => {
    const { clock, say, load, lines, lateFor } = await planned()
    await say(number(0, 0))
    await load([number(0, 1)])
    expect(await lateFor(clock.now() + beforeMs).skips(lines)).toEqual([skipped, []])
  })

  it('are found in plans older than the log', async () => {
    const { clock, say, skips } = await planned()
    await say(number(0, 1))
    await say(number(1, 0), { state: 'allowed', reason: 'start' })
    await clock.advance(100 * 24 * HOUR_MS)
    expect(await skips()).toEqual([[1], []])
  })

  it('are found although the clock of who wrote them down is minutes late', async () => {
    const { clock, writer, say, skips } = await planned()
    await clock.advance(HOUR_MS)
    expect(await skips()).toEqual([[], []])
    writer.lateMs = 4 * MINUTE_MS
    await say(number(0, 0))
    expect(await skips()).toEqual([[0], []])
  })

  it('are those to numbers of lists loaded since, but for those allowed after the list', async () => {
    const { clock, say, load, skips } = await planned()
    await say(number(0, 1), { state: 'allowed' })
    await clock.advance(HOUR_MS)
    await load([number(0, 0), number(0, 1), number(1, 2)])
    expect(await skips()).toEqual([[0, 1], [2]])
    await clock.advance(1)
    await say(number(1, 2), { state: 'allowed' })
    expect(await skips()).toEqual([[0, 1], []])
  })

  it('are not those of a list that is removed, or not loaded', async () => {
    const { clock, load, skips } = await planned()
    await clock.advance(HOUR_MS)
    await load([number(0, 0)], { state: 'removed' })
    await load([number(0, 1)], { id: '01K6S0PPRESS00000000000002', state: 'loading', loadedAt: null })
    expect(await skips()).toEqual([[], []])
  })

  it('are none of transactional messages', async () => {
    const { clock, say, skips } = await planned({ record: { lane: 'otp' } })
    await clock.advance(HOUR_MS)
    await say(number(0, 0))
    expect(await skips()).toEqual([[], []])
  })

  it('are not looked for in plan lines when there can be none', async () => {
    const { clock, lateFor } = await planned()
    expect(await lateFor(clock.now()).skips(['no plan line'])).toEqual([[]])
  })
})
