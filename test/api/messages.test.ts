import { beforeEach, describe, expect, it } from 'vitest'
import { CampaignId } from '../../shared/ids.ts'
import { ASHA, BALU, CAMPAIGN, CHITRA, DEV, launchedCampaign, sentCampaign } from './support/sent-campaign.ts'
import { ACME, type Answer, createCampaign, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

interface Row {
  to: string
  status: string
}
const list = (query = '') => at.call('GET', `/v1/campaigns/${CAMPAIGN}/messages${query}`)
const numbers = async (query: string) => (await list(query)).body.items.map((row: Row) => row.to)

describe('the messages of a campaign', () => {
  it('are a row per recipient with its segments and receipts', async () => {
    await sentCampaign(at.deps)
    const { items, next } = (await list()).body
    expect(next).toBeNull()
    expect(items.map(({ to, status }: Row) => [to, status])).toEqual([
      [ASHA, 'delivered'],
      [BALU, 'undelivered'],
      [CHITRA, 'refused'],
      [DEV, 'queued'],
    ])
    const delivered = { stat: 'DELIVRD', err: '000' }
    const times = { doneAt: '2026-09-01T05:30:03.000Z', arrivedAt: '2026-09-01T05:30:04.000Z' }
    const submittedAt = '2026-09-01T05:30:01.000Z'
    expect(items[1]).toEqual({
      id: `${CAMPAIGN}.0.0.1`,
      campaign: CAMPAIGN,
      to: BALU,
      status: 'undelivered',
      text: 'Dear Balu, this is a long text',
      reason: {
        code: 'err:034',
        reason: 'network_fault',
        sentence: expect.any(String),
        fix: { who: 'gateway', where: 'route' },
        resend: 'later',
        dlt: false,
        known: true,
      },
      segments: [
        {
          part: 1,
          parts: 2,
          status: 'delivered',
          messageId: 'b1',
          submittedAt,
          resent: false,
          receipt: { ...delivered, ...times },
        },
        {
          part: 2,
          parts: 2,
          status: 'undelivered',
          messageId: 'b2',
          submittedAt,
          resent: false,
          receipt: { stat: 'UNDELIV', err: '034', ...times },
        },
      ],
    })
    expect(items[2].segments[0]).toMatchObject({ messageId: null, submittedAt, receipt: null })
    expect(items[3].segments[0]).toMatchObject({ messageId: null, submittedAt: null, receipt: null })
  })

  it.each([
    ['delivered', [ASHA]],
    ['refused', [CHITRA]],
    ['queued', [DEV]],
    ['expired', []],
  ])('of status %s', async (status, expected) => {
    await sentCampaign(at.deps)
    expect(await numbers(`?status=${status}`)).toEqual(expected)
  })

  it('of a status are found without reading pages that hold none', async () => {
    await sentCampaign(at.deps)
    const read: number[] = []
    const readPage = at.deps.ledger.readPage.bind(at.deps.ledger)
    at.deps.ledger.readPage = (campaign, page) => {
      read.push(page)
      return readPage(campaign, page)
    }
    await list('?status=queued')
    expect(read).toEqual([1])
  })

  it.each([1, 2, 3, 4])('come in pages of %i without loss or repeat', async (limit) => {
    await sentCampaign(at.deps)
    const seen: string[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body }: Answer = await list(`?limit=${limit}${cursor && `&cursor=${cursor}`}`)
      expect(body.items.length).toBeLessThanOrEqual(limit)
      seen.push(...body.items.map((row: Row) => row.to))
      cursor = body.next
    }
    expect(seen).toEqual([ASHA, BALU, CHITRA, DEV])
  })

  it('go on in a page of one status where the last ended', async () => {
    await sentCampaign(at.deps)
    const first = (await list('?limit=2')).body
    expect(await numbers(`?status=refused&cursor=${first.next}`)).toEqual([CHITRA])
  })

  it.each(['9876543211', '%2B91%2098765%2043211', '09876543211'])(
    'to %s are found through the index',
    async (to) => {
      await sentCampaign(at.deps)
      expect(await numbers(`?to=${to}`)).toEqual([BALU])
    },
  )

  it('to a number may be asked for with a status', async () => {
    await sentCampaign(at.deps)
    expect(await numbers(`?to=${BALU}&status=undelivered`)).toEqual([BALU])
    expect(await numbers(`?to=${BALU}&status=delivered`)).toEqual([])
  })

  it('to a number of whose shard the plan has none are none', async () => {
    await sentCampaign(at.deps)
    expect(await numbers('?to=9800000099')).toEqual([])
  })

  it('to what is no number are refused', async () => {
    await sentCampaign(at.deps)
    expect(await list('?to=12')).toMatchObject({ status: 422, body: { code: 'number_invalid' } })
  })

  it.each(['eyJwYWdlIjotMX0', 'eyJwYWdlIjowfQ', 'e30'])(
    'after a made-up cursor are refused: %s',
    async (cursor) => {
      await sentCampaign(at.deps)
      expect(await list(`?cursor=${cursor}`)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } })
    },
  )

  it('of a draft are none', async () => {
    const id = await createCampaign(at)
    expect((await at.call('GET', `/v1/campaigns/${id}/messages`)).body).toEqual({ items: [], next: null })
  })

  it('that a cancelled campaign never fed are cancelled', async () => {
    await launchedCampaign(at.deps, { state: 'cancelled' })
    expect(await numbers('?status=cancelled')).toEqual([ASHA, BALU, CHITRA, DEV])
  })
})

describe('one message', () => {
  it('is found by its id', async () => {
    await sentCampaign(at.deps)
    const { body } = await at.call('GET', `/v1/messages/${CAMPAIGN}.0.0.2`)
    expect(body).toMatchObject({ to: CHITRA, status: 'refused', reason: { code: 'smpp:69' } })
  })

  it.each(['nonsense', `${CAMPAIGN}.0.0.3`, `${CAMPAIGN}.0.1.0`, `${CAMPAIGN}.2.0.0`, '01K6X.0.0.0'])(
    'that does not exist is not found: %s',
    async (id) => {
      await sentCampaign(at.deps)
      const answer = await at.call('GET', `/v1/messages/${id}`)
      expect(answer).toMatchObject({ status: 404, body: { code: 'message_not_found' } })
    },
  )
})

describe('files of a check', () => {
  it.each([
    ['invalid', 1],
    ['duplicates', 1],
  ])('%s.csv is fetched by a link that expires', async (name, rows) => {
    await launchedCampaign(at.deps)
    const { body } = await at.call('GET', `/v1/campaigns/${CAMPAIGN}/${name}`)
    expect(body).toEqual({
      url: expect.stringMatching(new RegExp(`^https://objects.invalid/plans/${CAMPAIGN}/.*${name}.csv`)),
      rows,
      expiresAt: '2026-09-01T06:15:00.000Z',
    })
  })

  it('are not there before a check', async () => {
    const id = await createCampaign(at)
    const answer = await at.call('GET', `/v1/campaigns/${id}/invalid`)
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_checked' } })
  })
})

describe('what was sent to a number', () => {
  const history = async (to: string = BALU, query = '') =>
    (await at.call('GET', `/v1/recipients/${to}/messages${query}`)).body
  const later = CampaignId.parse('01K6CAMPAGN000000000000002')

  it('is a row per campaign, newest first', async () => {
    await sentCampaign(at.deps)
    await launchedCampaign(at.deps, { id: later })
    const { to, from, items } = await history('98765-43211')
    expect({ to, from }).toEqual({ to: BALU, from: '2026-08-25T06:00:00.000Z' })
    expect(items.map((row: { campaign: string; status: string }) => [row.campaign, row.status])).toEqual([
      [later, 'queued'],
      [CAMPAIGN, 'undelivered'],
    ])
  })

  it('leaves out campaigns created before', async () => {
    await sentCampaign(at.deps)
    expect((await history(BALU, '?from=2026-09-01T10:30:00.001%2B05:30')).items).toEqual([])
    expect((await history(BALU, '?from=2026-09-01T10:30:00%2B05:30')).items).toHaveLength(1)
  })

  it('leaves out campaigns that were only checked', async () => {
    await launchedCampaign(at.deps, { state: 'checked', launch: null })
    expect((await history()).items).toEqual([])
  })

  it('is at most a hundred rows', async () => {
    for (let n = 0; n < 101; n++) {
      await launchedCampaign(at.deps, {
        id: CampaignId.parse(`01K6CAMPAGN0000000000${String(n).padStart(5, '0')}`),
      })
    }
    const { items } = await history()
    expect(items).toHaveLength(100)
    expect(items[0].campaign).toBe('01K6CAMPAGN000000000000100')
  })

  it('includes receipts nobody could place, for headers of the tenant only', async () => {
    await at.deps.registry.registerHeader(ACME, { name: 'ACMEIN', createdAt: 0 })
    const arrivedAt = at.deps.clock.now() - 1_000
    const unplaced = {
      route: 'north',
      class: 'd',
      stat: 'DELIVRD',
      err: '000',
      doneAt: null,
      msisdn: BALU,
    } as const
    await at.deps.ledger.putUnplaced([
      { ...unplaced, idKey: 'x1', id: 'X1', arrivedAt, header: 'ACMEIN' },
      { ...unplaced, idKey: 'x2', id: 'X2', arrivedAt, header: 'RIVALS' },
      { ...unplaced, idKey: 'x3', id: 'X3', arrivedAt, header: 'ACMEIN', route: 'elsewhere' },
      { ...unplaced, idKey: 'x4', id: 'X4', arrivedAt: Date.UTC(2026, 7, 1), header: 'ACMEIN' },
    ])
    expect((await history()).unplacedReceipts).toEqual([
      {
        messageId: 'X1',
        header: 'ACMEIN',
        stat: 'DELIVRD',
        err: '000',
        doneAt: null,
        arrivedAt: '2026-09-01T05:59:59.000Z',
      },
    ])
    const rivals = await at.call('GET', `/v1/recipients/${BALU}/messages`, { key: at.keys.rival })
    expect(rivals.body.unplacedReceipts).toEqual([])
  })
})
