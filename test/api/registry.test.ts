import { beforeEach, describe, expect, it } from 'vitest'
import type { Heartbeat } from '../../shared/contracts/records.ts'
import { heartbeat } from '../contracts/registry.factory.ts'
import { RIVAL, registerTemplate, TEMPLATE_ID, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

describe('templates', () => {
  it('are registered with their header, and answer their lane and how many values they need', async () => {
    const created = await registerTemplate(at)
    expect(created).toMatchObject({
      status: 201,
      body: { id: TEMPLATE_ID, lane: 'service', variables: 1, createdAt: '2026-09-01T06:00:00.000Z' },
    })
    expect((await at.call('GET', `/v1/templates/${TEMPLATE_ID}`)).body).toEqual(created.body)
    expect((await at.call('GET', '/v1/templates')).body.items).toEqual([created.body])
    expect((await at.call('GET', '/v1/headers')).body.items).toMatchObject([{ name: 'ACMEIN' }])
  })

  it('leave a header registered before as it was', async () => {
    await at.call('POST', '/v1/headers', { json: { name: 'ACMEIN' } })
    await at.deps.clock.advance(1_000)
    await registerTemplate(at)
    expect((await at.call('GET', '/v1/headers')).body.items).toEqual([
      { name: 'ACMEIN', createdAt: '2026-09-01T06:00:00.000Z' },
    ])
  })

  it('are refused a second time', async () => {
    await registerTemplate(at)
    expect(await registerTemplate(at)).toMatchObject({ status: 409, body: { code: 'template_exists' } })
  })

  it.each([
    ['a variable nobody knows', { text: 'Dear {#name#}' }, 'variable_unknown', /{#name#} at character 6/],
    ['a variable left open', { text: 'Dear {#var' }, 'variable_unclosed', /body\.text/],
    [
      'an id Excel has shortened',
      { id: '1.10716E+18' },
      'invalid_request',
      /body\.id: must be 12 to 19 digits/,
    ],
    [
      'a header with prefix',
      { header: 'VM-ACMEIN' },
      'invalid_request',
      /body\.header: must be 3 to 6 letters/,
    ],
    ['a category of its own', { category: 'marketing' }, 'invalid_request', /body\.category/],
  ])('are refused with %s', async (_, fields, code, detail) => {
    const refused = await registerTemplate(at, fields)
    expect(refused).toMatchObject({ status: 422, body: { code } })
    expect(refused.body.detail).toMatch(detail)
    expect((await at.call('GET', '/v1/templates')).body.items).toEqual([])
  })

  it.each(['1107161234567890999', 'no-id'])('that nobody registered are not found: %s', async (id) => {
    expect(await at.call('GET', `/v1/templates/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'template_not_found' },
    })
  })
})

describe('headers', () => {
  it('are registered once, however often they are sent', async () => {
    const first = await at.call('POST', '/v1/headers', { json: { name: 'ACMEIN' } })
    await at.deps.clock.advance(60_000)
    expect((await at.call('POST', '/v1/headers', { json: { name: 'ACMEIN' } })).body).toEqual(first.body)
    expect((await at.call('GET', '/v1/headers')).body.items).toHaveLength(1)
  })
})

describe('the entity', () => {
  it("is the key's own", async () => {
    expect((await at.call('GET', '/v1/entity', { key: at.keys.rival })).body).toMatchObject({
      tenant: 'rival',
      entityId: '1101234567890123456',
      lanes: { service: 'main', otp: 'main' },
      paisePerSegment: 12.5,
    })
  })
})

describe('routes', () => {
  it('are those of the pools of the tenant, with their binds, without addresses, accounts and counts', async () => {
    const at05 = Date.UTC(2026, 8, 1, 6, 0, 5)
    await at.deps.registry.putHeartbeat('north' as never, {
      boot: '01K6B00T',
      bind: 0,
      bindAs: 'transceiver',
      state: 'bound',
      since: at05,
      at: at05,
      window: 50,
      inFlight: 7,
      submitted: 1_000,
      receipts: 900,
      lastError: 'bind refused for system id acme-1',
      latencyP50Ms: 24,
      latencyP95Ms: 41,
      perSecond: 187.5,
    })
    const { body } = await at.call('GET', '/v1/routes')
    const iso = '2026-09-01T06:00:05.000Z'
    const latency = { latencyP50Ms: 24, latencyP95Ms: 41 }
    const said = { bind: 0, bindAs: 'transceiver', state: 'bound', window: 50, since: iso, at: iso }
    const bind = { worker: '01K6B00T', silent: false, ...said, ...latency }
    expect(body.items).toEqual([
      {
        id: 'north',
        pool: 'main',
        lanes: ['otp', 'service', 'promotional'],
        tls: true,
        tps: 100,
        bindType: 'transceiver',
        state: 'up',
        binds: [bind],
      },
    ])
  })

  it('tell the binds of a killed worker from living ones, and forget those of one that ended', async () => {
    const { clock, registry } = at.deps
    const beat = (state: Heartbeat['state'], bind: number) =>
      registry.putHeartbeat('north' as never, { ...heartbeat(bind), state, at: clock.now() })
    await beat('bound', 0)
    await beat('closed', 1)
    await clock.advance(60_000)
    await beat('bound', 2)
    const { body } = await at.call('GET', '/v1/routes')
    const binds = body.items[0].binds.map((row: { bind: number; silent: boolean }) => [row.bind, row.silent])
    expect(binds.sort()).toEqual([
      [0, true],
      [2, false],
    ])
  })

  it('tell what each bind of a pair is, and that a receiver is missing although messages leave', async () => {
    const { registry } = at.deps
    const beat = (bind: number, bindAs: Heartbeat['bindAs'], state: Heartbeat['state']) =>
      registry.putHeartbeat('north' as never, { ...heartbeat(bind), bindAs, state, at: at.deps.clock.now() })
    const stateOf = async () => (await at.call('GET', '/v1/routes')).body.items[0].state
    await beat(0, 'transmitter', 'bound')
    await beat(1, 'receiver', 'waiting')
    const { body } = await at.call('GET', '/v1/routes')
    expect(body.items[0].binds.map((row: Heartbeat) => row.bindAs).sort()).toEqual([
      'receiver',
      'transmitter',
    ])
    expect(body.items[0].state).toBe('notReceiving')
    await at.deps.clock.advance(60_000)
    expect(await stateOf()).toBe('down')
    await beat(2, 'transmitter', 'bound')
    await beat(3, 'receiver', 'bound')
    expect(await stateOf()).toBe('up')
  })

  it('of other pools do not show', async () => {
    const rival = (await at.deps.registry.tenant(RIVAL))!
    await at.deps.registry.putTenant({ ...rival, pools: {} })
    expect((await at.call('GET', '/v1/routes', { key: at.keys.rival })).body.items).toEqual([])
  })
})

describe('a preview', () => {
  const preview = async (json: unknown) => at.call('POST', '/v1/messages/preview', { json })

  it('gives text, encoding, segments and price', async () => {
    await registerTemplate(at)
    expect((await preview({ templateId: TEMPLATE_ID, variables: ['Asha'] })).body).toMatchObject({
      text: 'Dear Asha, your order is ready.',
      lane: 'service',
      encoding: 'GSM7',
      units: 31,
      segments: 1,
      price: { paise: 12.5, rupees: '₹0.13' },
      unicodeCharacters: [],
    })
  })

  it('names the characters that force Unicode', async () => {
    await registerTemplate(at)
    const { body } = await preview({ templateId: TEMPLATE_ID, variables: ['Asha — आशा'] })
    expect(body).toMatchObject({ encoding: 'UCS2', segments: 1 })
    expect(body.unicodeCharacters[0]).toEqual({
      ...{ character: '—', codePoint: 'U+2014', name: 'em dash', index: 10, variable: 1, replacement: '-' },
    })
    expect(body.unicodeCharacters).toHaveLength(4)
  })

  it('suggests values that say the same in fewer segments', async () => {
    await registerTemplate(at, { text: `Dear {#var#}, ${'your order is on its way. '.repeat(4)}` })
    const { body } = await preview({ templateId: TEMPLATE_ID, variables: ['Asha’s'] })
    expect(body).toMatchObject({ segments: 2, suggestion: { variables: ["Asha's"], segments: 1 } })
    expect(body.suggestion.price.paise).toBe(12.5)
  })

  it('says what DLT would', async () => {
    await registerTemplate(at)
    const { body } = await preview({ templateId: TEMPLATE_ID, variables: ['bit.ly/abcd'] })
    expect(body.findings).toMatchObject([{ code: 'value_url', level: 'refuse' }])
  })

  it('cuts long texts as the pool does', async () => {
    await registerTemplate(at, { text: `${'x'.repeat(160)}{#var#}` })
    const { body } = await preview({ templateId: TEMPLATE_ID, variables: ['yz'] })
    expect(body.parts).toEqual(['x'.repeat(153), `${'x'.repeat(7)}yz`])
    const wide = { ...(await at.deps.registry.pool('main' as never))!, referenceBits: 16 as const }
    await at.deps.registry.putPool(wide)
    const again = await preview({ templateId: TEMPLATE_ID, variables: ['yz'] })
    expect(again.body.parts[0]).toHaveLength(152)
  })

  it.each([
    ['too few values', { variables: [] }, 'value_count'],
    ['a value over the limit', { variables: ['x'.repeat(31)] }, 'value_too_long'],
    ['half a surrogate pair', { variables: ['\ud83d'] }, 'lone_surrogate'],
    ['a template nobody registered', { templateId: '1107161234567890999' }, 'template_not_found'],
  ])('is refused with %s', async (_, fields, code) => {
    await registerTemplate(at)
    const refused = await preview({ templateId: TEMPLATE_ID, variables: ['Asha'], ...fields })
    expect(refused).toMatchObject({ status: 422, body: { code } })
  })
})
