import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEMO_ROUTE, SHORT_TEMPLATE } from '../../local/seed/demo-tenant.ts'
import { until } from '../support/until.ts'
import { postForm, type TestPlatform, testPlatform, upload } from './platform.fixture.ts'

const LISTED = '919845000001'
const STOPPED = '919845000002'
const WILLING = '919845000003'

describe('a suppression list', () => {
  let platform: TestPlatform
  let campaign: string

  beforeAll(async () => {
    platform = await testPlatform({
      timingScale: 0.1,
      simulator: { receiptDelayMs: { min: 20, max: 50 }, outcomes: { DELIVRD: 1 } },
    })
  })
  afterAll(() => platform?.stop())

  const get = async (path: string) => (await platform.api('GET', path)).body

  it('is uploaded through its form and loaded', async () => {
    const { body } = await platform.api('POST', '/v1/suppressions/lists', { name: 'Own DND list' })
    await postForm(body.upload, `${LISTED}\n12\n`)
    const path = `/v1/suppressions/lists/${body.list.id}`
    expect((await platform.api('POST', `${path}/load`)).status).toBe(202)
    await until(async () => (await get(path)).state === 'loaded')
    expect((await get(path)).numbers).toMatchObject({ accepted: 1, invalid: 1 })
  })

  it('leaves its numbers out of a check', async () => {
    const rows = [LISTED, STOPPED, WILLING].map((number) => `${number},Asha,A1`)
    campaign = await upload(
      platform,
      { name: 'Suppressed', templateId: SHORT_TEMPLATE.id },
      `mobile,name,order\n${rows.join('\n')}\n`,
    )
    await platform.api('POST', `/v1/campaigns/${campaign}/check`)
    await until(async () => (await get(`/v1/campaigns/${campaign}?waitSeconds=5`)).state === 'checked')
    expect((await get(`/v1/campaigns/${campaign}`)).numbers).toMatchObject({ accepted: 2, suppressed: 1 })
    const { url, rows: listed } = await get(`/v1/campaigns/${campaign}/suppressed`)
    expect(listed).toBe(1)
    expect(await (await fetch(url)).text()).toContain(LISTED)
  })

  it('grows by the STOP of a subscriber, and what was checked before is not sent to it either', async () => {
    const stop = {
      kind: 'inbound',
      route: DEMO_ROUTE,
      from: STOPPED,
      to: 'DEMOST',
      text: 'STOP',
      dataCoding: 0,
    }
    await platform.deps.queue.send('inbound', [JSON.stringify({ ...stop, arrivedAt: Date.now() })])
    await until(async () => (await get(`/v1/suppressions/${STOPPED}`)).suppressed)

    await platform.api('POST', `/v1/campaigns/${campaign}/launch`)
    await until(
      async () => (await get(`/v1/campaigns/${campaign}?waitSeconds=5`)).state === 'settled',
      60_000,
    )
    expect((await get(`/v1/campaigns/${campaign}/report`)).statuses).toMatchObject({
      ...{ delivered: 1, suppressed: 1 },
    })
    const sent = platform.smscEvents().filter(({ event }) => event === 'submit_sm')
    expect(sent).toMatchObject([{ to: WILLING }])
  })
})
