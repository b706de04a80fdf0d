import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { demoMix } from '../../local/demo/mix.ts'
import { DEMO_ROUTE } from '../../local/seed/demo-tenant.ts'
import { CampaignId } from '../../shared/ids.ts'
import type { PageFacts } from '../../shared/ledger/facts.ts'
import { idKey } from '../../shared/smpp/message-id.ts'
import { until } from '../support/until.ts'
import { type SmscEvent, type TestPlatform, testPlatform, upload } from './platform.fixture.ts'

const RECIPIENTS = 3_000
/** Fast enough for a test, slow enough that there is a middle to be killed in. */
const TPS = 600
const KILL_AT = [700, 1_500]

const submits = (events: SmscEvent[]) => events.filter((event) => event.event === 'submit_sm')
const acked = (events: SmscEvent[]) => events.filter((event) => event.event === 'receipt_acked')

/** One campaign after two SIGKILLs of its worker: the promises are looked at one by one. */
describe('a worker killed with SIGKILL in the middle of a campaign, twice, and started again', () => {
  let platform: TestPlatform
  const campaigns: CampaignId[] = []
  let events: SmscEvent[]
  let pages: PageFacts[]
  const statuses: Record<string, number> = {}

  beforeAll(async () => {
    platform = await testPlatform({
      tps: TPS,
      timingScale: 0.1,
      // Slow answers, so that some are on their way whenever the worker is killed, on any machine.
      simulator: { receiptDelayMs: { min: 200, max: 800 }, responseDelayMs: { min: 100, max: 300 } },
    })
    const mix = demoMix(RECIPIENTS)
    for (const { name, templateId, mapping, csv } of mix) {
      campaigns.push(CampaignId.parse(await upload(platform, { name, templateId, mapping }, csv)))
    }
    for (const id of campaigns) {
      const answer = await platform.api('POST', `/v1/campaigns/${id}/check`, { thenLaunch: true })
      expect(answer.status, JSON.stringify(answer.body)).toBe(202)
    }
    try {
      await crashTwiceAndSettle()
    } catch (error) {
      throw new Error(`${error}\n${platform.lastLines()}`)
    }

    events = platform.smscEvents()
    pages = await Promise.all(campaigns.map((id) => platform.deps.ledger.readPage(id, 0)))
    for (const id of campaigns) {
      const { body } = await platform.api('GET', `/v1/campaigns/${id}/report`)
      for (const [status, count] of Object.entries<number>(body.statuses)) {
        statuses[status] = (statuses[status] ?? 0) + count
      }
    }
  }, 240_000)
  afterAll(() => platform?.stop())

  async function copiesLeft(): Promise<number> {
    const { visible, inFlight } = await platform.deps.queue.depth('dispatch-demo-service')
    return visible + inFlight
  }

  async function crashTwiceAndSettle(): Promise<void> {
    for (const submitted of KILL_AT) {
      await until(async () => (await platform.truth())!.submitted >= submitted, 60_000)
      await platform.killWorker('SIGKILL')
      await platform.startWorker()
    }
    const settled = async (id: CampaignId) =>
      (await platform.api('GET', `/v1/campaigns/${id}`)).body.state === 'settled'
    for (const id of campaigns) await until(() => settled(id), 120_000)
    await until(async () => (await platform.truth())!.receipts.pending === 0, 30_000)
    // The last copies go after the last facts: deleted, or found finished when they come again.
    await until(async () => (await copiesLeft()) === 0, 60_000)
  }

  it('promise 1: every receipt the SMSC was told it may forget is in the ledger', async () => {
    const placed = new Set(
      pages.flatMap(({ slices }) =>
        slices.flatMap((slice) => (slice.kind === 'receipts' ? slice.rows.map((row) => row[3]) : [])),
      ),
    )
    const elsewhere = acked(events)
      .map((event) => event.messageId)
      .filter((id) => !placed.has(id))
    const kept = await platform.deps.ledger.findUnplaced(DEMO_ROUTE, elsewhere.map(idKey))
    const known = new Set(kept.map((receipt) => receipt.id))
    expect(elsewhere.filter((id) => !known.has(id))).toEqual([])
    expect(acked(events).length).toBeGreaterThan(KILL_AT[0]! / 2)
  })

  it('promise 2: no batch was deleted from the queue before the outcomes of all its segments were durable', async () => {
    expect(await copiesLeft()).toBe(0)
    for (const { claims, slices } of pages) {
      expect(claims.map((claim) => claim.state)).toEqual(claims.map(() => 'finished'))
      const known = new Set(slices.flatMap((slice) => slice.rows.map((row) => `${row[0]}.${row[1]}`)))
      const messages = claims.reduce((sum, claim) => sum + claim.reserved.length, 0)
      expect(known.size).toBe(messages)
    }
  })

  it('promise 3: every recipient is accounted for once, and nothing was sent twice', async () => {
    const total = Object.values(statuses).reduce((sum, count) => sum + count, 0)
    expect(total).toBe(RECIPIENTS)
    const perPart = Map.groupBy(submits(events), (event) => `${event.to} ${event.part}`)
    expect([...perPart.values()].filter((parts) => parts.length > 1)).toEqual([])
    expect((await platform.truth())!.messages.repeated).toBe(0)
    expect(statuses.queued ?? 0).toBe(0)
  })

  it('tells of what the crashes left unknown: unconfirmed, never guessed', () => {
    const outcomes = pages.flatMap(({ slices }) =>
      slices.flatMap((slice) => (slice.kind === 'outcomes' ? [...slice.rows] : [])),
    )
    const unconfirmed = outcomes.filter((row) => row[4] === 'unconfirmed').length
    expect(unconfirmed).toBeGreaterThan(0)
    expect(statuses.unconfirmed).toBeGreaterThan(0)
    expect(statuses.unconfirmed).toBeLessThan(RECIPIENTS)
  })

  it('lists the receipt of an unconfirmed message by its number', async () => {
    const accepted = new Set(
      pages.flatMap(({ slices }) =>
        slices.flatMap((slice) => (slice.kind === 'outcomes' ? slice.rows.map((row) => row[5]) : [])),
      ),
    )
    const lost = acked(events).find((event) => !accepted.has(event.messageId))
    expect(lost).toBeDefined()
    const submit = submits(events).find((event) => event.messageId === lost!.messageId)!
    const { body } = await platform.api('GET', `/v1/recipients/${submit.to}/messages`)
    // Another part of the message may have got a receipt, so it is the segment that is looked at.
    expect(body.items[0].segments[submit.part - 1].status).toBe('unconfirmed')
    expect(body.unplacedReceipts.map((receipt: { messageId: string }) => receipt.messageId)).toContain(
      lost!.messageId,
    )
  })
})
