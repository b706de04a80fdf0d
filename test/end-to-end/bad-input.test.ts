import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LONG_TEMPLATE, SHORT_TEMPLATE } from '../../local/seed/demo-tenant.ts'
import { newApiKey } from '../../shared/contracts/api-key.ts'
import { TenantId } from '../../shared/ids.ts'
import { until } from '../support/until.ts'
import { type TestPlatform, testPlatform, upload } from './platform.fixture.ts'

const MAPPING = { to: 'mobile', variables: ['name', 'order'] }

/** What people get wrong, and the sentence each gets for it. */
describe('bad input', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await testPlatform({ timingScale: 0.1 })
  })
  afterAll(() => platform?.stop())

  const get = async (path: string) => (await platform.api('GET', path)).body

  /** Uploads, checks, and answers the campaign once the check is over. */
  async function checked(csv: string | Uint8Array<ArrayBuffer>, mapping: object | null = MAPPING) {
    const campaign = { name: 'Bad', templateId: SHORT_TEMPLATE.id, ...(mapping && { mapping }) }
    const id = await upload(platform, campaign, csv)
    expect((await platform.api('POST', `/v1/campaigns/${id}/check`)).status).toBe(202)
    await until(async () => (await get(`/v1/campaigns/${id}?waitSeconds=5`)).state !== 'checking')
    return get(`/v1/campaigns/${id}`)
  }

  it('no template: says where to register one', async () => {
    const { status, body } = await platform.api('POST', '/v1/campaigns', {
      name: 'x',
      templateId: '1107160000000000999',
    })
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'template_not_found',
      detail: expect.stringContaining('POST /v1/templates'),
    })
  })

  it('unknown columns: names those it saw', async () => {
    const { state, problem } = await checked('mobile,nom,commande\n9876543210,Asha,A1\n')
    expect(state).toBe('draft')
    expect(problem.message).toContain('commande')
  })

  it('no number column: says which names it knows', async () => {
    const { state, problem } = await checked('who,name,order\n9876543210,Asha,A1\n', null)
    expect(state).toBe('draft')
    expect(problem.message).toContain('mobile')
  })

  it('an empty file', async () => {
    const { state, problem } = await checked('')
    expect(state).toBe('draft')
    expect(problem.code).toBe('file_empty')
  })

  it('a header and no rows', async () => {
    expect((await checked('mobile,name,order\n')).problem.code).toBe('file_no_rows')
  })

  it('a binary file: says what it is', async () => {
    const { problem } = await checked(new Uint8Array(gzipSync('mobile,name,order\n9876543210,Asha,A1\n')))
    expect(problem.code).toBe('file_binary')
    expect(problem.message).toContain('gzip')
  })

  it('a file that is not UTF-8: says the line and how to save it', async () => {
    const bytes = Uint8Array.from(Buffer.from('mobile,name,order\n9876543210,Jos\xe9,A1\n', 'latin1'))
    const { problem } = await checked(bytes)
    expect(problem.code).toBe('file_encoding')
    expect(problem.message).toMatch(/line 2.*UTF-8/is)
  })

  it('10,000 broken rows: every one is in invalid.csv, and the good one is accepted', async () => {
    const rows = Array.from({ length: 10_000 }, (_, n) => `98${n},Broken,A${n}`)
    const campaign = await checked(`mobile,name,order\n${rows.join('\n')}\n9876543210,Asha,A1\n`)
    expect(campaign.state).toBe('checked')
    expect(campaign.numbers).toMatchObject({ rows: 10_001, accepted: 1, invalid: 10_000 })
    const { url } = await get(`/v1/campaigns/${campaign.id}/invalid`)
    const text = await (await fetch(url)).text()
    expect(text.trimEnd().split('\n')).toHaveLength(10_001)
  })

  it('nothing but broken rows: there is nobody to send to', async () => {
    const { state, problem } = await checked('mobile,name,order\n12,Asha,A1\n')
    expect(state).toBe('draft')
    expect(problem.code).toBe('no_recipients')
  })

  it('a value longer than operators let pass: refused with the variable', async () => {
    const campaign = await checked(`mobile,name,order\n9876543210,${'x'.repeat(31)},A1\n9876543211,Asha,A2\n`)
    expect(campaign.numbers.firstInvalid[0]).toMatchObject({ line: 2, code: 'value_too_long' })
  })

  it('a file over the limit: the form refuses it before it is stored', async () => {
    const { body } = await platform.api('POST', '/v1/campaigns', {
      name: 'Big',
      templateId: SHORT_TEMPLATE.id,
    })
    const policy = JSON.parse(Buffer.from(body.upload.fields.Policy, 'base64').toString())
    const range = policy.conditions.find((condition: unknown[]) => condition[0] === 'content-length-range')
    expect(range[2]).toBeLessThanOrEqual(1024 ** 3)
  })

  it('an upload that never came: the check says so', async () => {
    const { body } = await platform.api('POST', '/v1/campaigns', {
      name: 'Never',
      templateId: SHORT_TEMPLATE.id,
    })
    const answer = await platform.api('POST', `/v1/campaigns/${body.campaign.id}/check`)
    expect(answer.status).toBe(422)
    expect(answer.body).toMatchObject({ code: 'upload_missing', detail: expect.stringContaining('upload') })
  })

  it('launch before the check: names the state', async () => {
    const { body } = await platform.api('POST', '/v1/campaigns', {
      name: 'Early',
      templateId: LONG_TEMPLATE.id,
    })
    const answer = await platform.api('POST', `/v1/campaigns/${body.campaign.id}/launch`)
    expect(answer.status).toBe(409)
    expect(answer.body).toMatchObject({ code: 'illegal_state', detail: expect.stringContaining('draft') })
  })

  it('the key of another tenant: the campaign does not exist', async () => {
    const { registry, ids, clock } = platform.deps
    const tenant = TenantId.parse('rival')
    await registry.putTenant({
      id: tenant,
      name: 'Rival',
      entityId: '1701160000000099999',
      pools: {},
      paisePerSegment: 12,
      createdAt: clock.now(),
    })
    const random = (size: number) => Buffer.alloc(size, 7)
    const { text, record } = newApiKey(ids, random, { tenant, name: 'rival', createdAt: clock.now() })
    await registry.putKey(record)
    const { body } = await platform.api('POST', '/v1/campaigns', {
      name: 'Mine',
      templateId: SHORT_TEMPLATE.id,
    })
    const foreign = await fetch(`${platform.url}/v1/campaigns/${body.campaign.id}`, {
      headers: { authorization: `Bearer ${text}` },
    })
    expect(foreign.status).toBe(404)
    expect(await foreign.json()).toMatchObject({ code: 'campaign_not_found' })
  })

  it('no key, or one that is none: 401 with what to send', async () => {
    for (const headers of [{}, { authorization: 'Bearer dk_wrong' }]) {
      const response = await fetch(`${platform.url}/v1/campaigns`, { headers })
      expect(response.status).toBe(401)
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining('Authorization') })
    }
  })
})
