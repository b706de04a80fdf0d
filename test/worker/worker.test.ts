import { afterEach, describe, expect, it } from 'vitest'
import { STATUS } from '../../shared/smpp/codec.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN, route as routeConfig } from './factories.ts'
import { endWorkers, workerSetUp as setUp, short } from './worker.factory.ts'

afterEach(endWorkers)

describe('the line of a worker', () => {
  it('sends every part once, records every outcome and receipt, and deletes the batches', async () => {
    const { smsc, start, feed, facts, queued, deps } = await setUp()
    const { drain } = start()
    await feed([...short(60), 3, 2], short(50))
    await until(async () => (await facts()).receipts.length === 115)
    await until(async () => (await queued()) === 0)
    await drain()

    const { outcomes, receipts, claims } = await facts()
    expect(smsc.truth()).toMatchObject({
      submitted: 115,
      messages: { complete: 112, incomplete: 0, repeated: 0 },
    })
    expect(outcomes.map((row) => row[4])).toEqual(Array(115).fill('accepted'))
    expect(new Set(outcomes.map((row) => row[5]))).toEqual(
      new Set(smsc.log.map((record) => record.messageId)),
    )
    expect(new Set(receipts.map((row) => row[3]))).toEqual(new Set(outcomes.map((row) => row[5])))
    expect(claims.map((claim) => claim.state)).toEqual(['finished', 'finished'])
    expect((await deps.queue.depth('settle')).visible).toBeGreaterThan(0)
  })

  it('sends all parts of a message over one bind, in order, with the DLT ids on each', async () => {
    const { smsc, start, feed, facts } = await setUp()
    start()
    await feed([3, 4, 2, 5, 3, 2, 4])
    await until(async () => (await facts()).outcomes.length === 23)
    const byNumber = Map.groupBy(smsc.log, (record) => record.to)
    for (const parts of byNumber.values()) {
      expect(new Set(parts.map((record) => record.bind)).size).toBe(1)
      expect(parts.map((record) => record.part)).toEqual(parts.map((_, index) => index + 1))
      expect(parts.every((record) => record.esmClass === 0x40)).toBe(true)
    }
    expect(smsc.log.every((record) => record.entityId === '1701158019811140068')).toBe(true)
    expect(smsc.log.every((record) => record.templateId === '1107161191448698079')).toBe(true)
  })

  it('records what the SMSC refused, with its status', async () => {
    const { start, feed, facts, queued } = await setUp({
      onSubmit: (record) => (record.to.endsWith('3') ? { status: STATUS.ESME_RINVDSTADR! } : undefined),
    })
    start()
    await feed(short(20))
    await until(async () => (await facts()).outcomes.length === 20 && (await queued()) === 0)
    const refused = (await facts()).outcomes.filter((row) => row[4] === 'refused')
    expect(refused.map((row) => row[5])).toEqual(['11', '11'])
  })

  it('tells of its binds by heartbeat', async () => {
    const { start, deps } = await setUp()
    start()
    await until(async () => {
      const beats = await deps.registry.heartbeats(routeConfig().id)
      return beats.length === 2 && beats.every((beat) => beat.state === 'bound')
    })
  })
})

describe('an end', () => {
  it('SIGTERM: returns unsent batches to the queue, leaves no outcome unwritten, sends nothing twice later', async () => {
    const { smsc, start, feed, facts, queued } = await setUp({
      route: { tps: 100 },
      simulator: { responseDelayMs: { min: 20, max: 60 } },
    })
    const first = start()
    await feed(short(100), short(100), short(100))
    await until(() => Promise.resolve(smsc.truth().submitted >= 40))
    await first.drain()

    const atDrain = smsc.truth().submitted
    expect(atDrain).toBeLessThan(300)
    const { outcomes, claims } = await facts()
    expect(outcomes).toHaveLength(atDrain)
    expect(claims.every((claim) => claim.state === 'queued' || claim.state === 'finished')).toBe(true)
    expect(smsc.binds).toBe(0)

    start()
    await until(async () => (await facts()).outcomes.length === 300 && (await queued()) === 0)
    expect(smsc.truth()).toMatchObject({ submitted: 300, messages: { complete: 300, repeated: 0 } })
    expect((await facts()).outcomes.every((row) => row[4] === 'accepted')).toBe(true)
  })

  it('crash: the next worker accounts for every message and sends none twice', async () => {
    const { smsc, start, feed, facts, queued } = await setUp({
      route: { tps: 200 },
      simulator: { responseDelayMs: { min: 20, max: 60 } },
    })
    const first = start()
    await feed(short(100), [...short(50), ...Array<number>(20).fill(3)])
    await until(() => Promise.resolve(smsc.truth().submitted >= 50))
    await first.kill()

    start()
    const ended = async () => {
      const { outcomes, receipts } = await facts()
      return new Set([...outcomes, ...receipts].map((row) => `${row[0]}.${row[1]}.${row[2]}`))
    }
    await until(async () => (await ended()).size === 210 && (await queued()) === 0, 30_000)
    const { messages } = smsc.truth()
    expect(messages.repeated).toBe(0)
    const perPart = Map.groupBy(smsc.log, (record) => `${record.to} ${record.part}`)
    expect([...perPart.values()].every((records) => records.length === 1)).toBe(true)
    const kinds = Map.groupBy((await facts()).outcomes, (row) => row[4])
    expect(kinds.get('unconfirmed')?.length ?? 0).toBeGreaterThan(0)
  })
})

describe('a course that changes', () => {
  it('pause: parks what has not begun, and says so in the claim', async () => {
    const { smsc, start, feed, facts, queued, deps } = await setUp({ route: { tps: 100 } })
    start()
    await feed(short(100), short(100))
    await until(() => Promise.resolve(smsc.truth().submitted >= 20))
    await deps.registry.setControl(CAMPAIGN, { state: 'paused', at: Date.now() })
    await until(async () => (await queued()) === 0)
    const { claims, outcomes } = await facts()
    expect(claims.map((claim) => claim.state)).toContain('parked')
    expect(outcomes).toHaveLength(smsc.truth().submitted)
    const unsent = claims.flatMap((claim) => [...claim.reserved]).filter((bit) => bit === '0').length
    expect(unsent + smsc.truth().submitted).toBe(claims.length * 100)
  })

  it('cancel before the batch was pulled: nothing leaves at all', async () => {
    const { smsc, start, feed, facts, queued, deps } = await setUp()
    await deps.registry.setControl(CAMPAIGN, { state: 'cancelled', at: Date.now() })
    await feed(short(100), short(50))
    start()
    await until(async () => (await queued()) === 0)
    expect(smsc.truth().submitted).toBe(0)
    expect((await facts()).outcomes.map((row) => row[4])).toEqual(Array(150).fill('cancelled'))
  })

  it('cancel: ends what has not begun as cancelled', async () => {
    const { smsc, start, feed, facts, queued, deps } = await setUp({ route: { tps: 100 } })
    start()
    await feed(short(100))
    await until(() => Promise.resolve(smsc.truth().submitted >= 20))
    await deps.registry.setControl(CAMPAIGN, { state: 'cancelled', at: Date.now() })
    await until(async () => (await queued()) === 0)
    const { outcomes } = await facts()
    const kinds = Map.groupBy(outcomes, (row) => row[4])
    expect(outcomes).toHaveLength(100)
    expect(kinds.get('accepted')).toHaveLength(smsc.truth().submitted)
    expect(kinds.get('cancelled')!.length).toBeGreaterThan(0)
  })
})

describe('receipts', () => {
  it('sent again by the SMSC change nothing, and one nobody knows is kept', async () => {
    const { smsc, start, feed, facts, deps } = await setUp()
    const first = start()
    await feed(short(5))
    await until(async () => (await facts()).outcomes.length === 5)
    await first.drain()
    expect(smsc.truth().receipts.acked + smsc.truth().receipts.pending).toBe(5)
    start()
    await until(() => Promise.resolve(smsc.truth().receipts.pending === 0))
    const ids = smsc.log.map((record) => record.messageId)
    const placed = (await facts()).receipts.map((row) => row[3])
    const kept = (await deps.ledger.findUnplaced(routeConfig().id, ids)).map((receipt) => receipt.id)
    expect(new Set([...placed, ...kept])).toEqual(new Set(ids))
  })

  it('a message somebody sent reaches the inbound queue', async () => {
    const { smsc, start, deps } = await setUp()
    start()
    expect(await smsc.sendMo({ from: '919876543210', to: '56161', text: 'STOP' })).toBe(true)
    const [copy] = await deps.queue.receive('inbound', { max: 1, waitSeconds: 5, visibilitySeconds: 30 })
    expect(JSON.parse(copy!.body)).toMatchObject({ from: '919876543210', to: '56161', text: 'STOP' })
  })
})
