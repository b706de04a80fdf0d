import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { type TestPlatform, testPlatform, upload } from './platform.fixture.ts'

const TEMPLATE = {
  id: '1107169999999999001',
  name: 'Order shipped',
  header: 'DEMOST',
  category: 'service_implicit',
  text: 'Dear {#var#}, order {#var#} has been shipped. - Demo Stores',
}
const ROWS = 1_000
const number = (n: number) => `98450${String(n).padStart(5, '0')}`

/** The way of a newcomer: everything over HTTP, nothing but the key. */
describe('a campaign over HTTP alone', () => {
  let platform: TestPlatform
  let id: string

  beforeAll(async () => {
    platform = await testPlatform({
      tps: 5_000,
      timingScale: 0.1,
      simulator: { receiptDelayMs: { min: 20, max: 200 } },
    })
  })
  afterAll(() => platform?.stop())

  const get = async (path: string) => (await platform.api('GET', path)).body

  it('registers a template', async () => {
    expect((await platform.api('POST', '/v1/templates', TEMPLATE)).status).toBe(201)
    expect((await get(`/v1/templates/${TEMPLATE.id}`)).text).toBe(TEMPLATE.text)
  })

  it('uploads through the presigned form and checks', async () => {
    const rows = Array.from({ length: ROWS }, (_, n) => `${number(n)},Customer ${n},A${n}`)
    rows.splice(10, 0, 'not a number,Nobody,A0', `${number(3)},Again,A3`, `98450,Short,A1`)
    id = await upload(
      platform,
      { name: 'Shipped', templateId: TEMPLATE.id },
      `mobile,name,order\n${rows.join('\n')}\n`,
    )
    expect((await platform.api('POST', `/v1/campaigns/${id}/check`)).status).toBe(202)
    await until(async () => (await get(`/v1/campaigns/${id}?waitSeconds=5`)).state === 'checked')
    const { numbers } = await get(`/v1/campaigns/${id}`)
    expect(numbers).toMatchObject({
      rows: ROWS + 3,
      accepted: ROWS,
      invalid: 2,
      duplicates: 1,
      segments: ROWS,
    })
  })

  it('gives the refused rows back with line, code and sentence', async () => {
    const { url } = await get(`/v1/campaigns/${id}/invalid`)
    const text = await (await fetch(url)).text()
    const lines = text.trimEnd().split(/\r?\n/)
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain('dakghar_line')
    expect(lines[1]).toMatch(/^12,number_invalid,.*,not a number,Nobody,A0$/)
  })

  it('launches and settles, in agreement with what the SMSC received', async () => {
    expect((await platform.api('POST', `/v1/campaigns/${id}/launch`)).status).toBe(202)
    await until(async () => (await get(`/v1/campaigns/${id}?waitSeconds=5`)).state === 'settled', 60_000)
    const report = await get(`/v1/campaigns/${id}/report`)
    const truth = (await platform.truth())!
    expect(truth.submitted).toBe(ROWS)
    expect(report.recipients).toBe(ROWS)
    expect(report.segments).toMatchObject({ planned: ROWS, accepted: ROWS, delivered: truth.byStat.DELIVRD })
    const byStatus = { delivered: 'DELIVRD', undelivered: 'UNDELIV', expired: 'EXPIRED', rejected: 'REJECTD' }
    for (const [status, word] of Object.entries(byStatus)) {
      expect(report.statuses[status] ?? 0, status).toBe(truth.byStat[word] ?? 0)
    }
    expect(report.latency.p95Ms).toBeGreaterThan(0)
  })

  it('pages through the messages of one status', async () => {
    const { statuses } = await get(`/v1/campaigns/${id}/report`)
    const seen = new Set<string>()
    let cursor: string | null = null
    do {
      const query: string = `status=delivered&limit=250${cursor ? `&cursor=${cursor}` : ''}`
      const page = await get(`/v1/campaigns/${id}/messages?${query}`)
      for (const item of page.items) {
        expect(item.status).toBe('delivered')
        seen.add(item.to)
      }
      cursor = page.next
    } while (cursor)
    expect(seen.size).toBe(statuses.delivered)
  })

  it('asks for one number', async () => {
    const { items, unplacedReceipts } = await get(`/v1/recipients/${number(77)}/messages`)
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ to: `91${number(77)}`, segments: [{ part: 1, parts: 1 }] })
    expect(items[0].segments[0].messageId).toEqual(expect.any(String))
    expect(unplacedReceipts).toEqual([])
  })

  it('shows its routes bound, without a secret', async () => {
    await until(async () => (await get('/v1/routes')).items[0].binds.length === 2)
    const routes = await get('/v1/routes')
    expect(JSON.stringify(routes)).toContain('bound')
    expect(JSON.stringify(routes)).not.toContain('demo1234')
  })
})
