import { beforeEach, describe, expect, it } from 'vitest'
import { registerTemplate, TEMPLATE_ID, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

const CTAS = {
  urls: [{ kind: 'static', url: 'https://acme.example/offers' }],
  numbers: ['1800 123 4567'],
  emails: ['care@acme.example'],
}
const codesOf = (body: { findings: { code: string }[] }) => body.findings.map(({ code }) => code)

describe('a template', () => {
  it('tells what each variable takes, from its tags and from the types beside the text', async () => {
    const { body } = await registerTemplate(at, {
      text: 'Rs {#var#} on {#numeric#}.',
      types: ['alphanumeric', null],
    })
    expect(body).toMatchObject({ variables: 2, types: ['alphanumeric', 'numeric'] })
  })

  it('comes with what the rules warn of', async () => {
    const { body } = await registerTemplate(at, {
      text: '{#var#}{#var#} is ready to be fetched at the shop.',
    })
    expect(codesOf(body)).toEqual(['template_adjacent_variables'])
  })

  it('is refused with every rule that refuses it', async () => {
    const refused = await registerTemplate(at, { text: '{#var#}' })
    expect(refused).toMatchObject({ status: 422, body: { code: 'template_variables_only' } })
  })

  it('is warned of a CTA while nobody has said what is whitelisted, and refused when it is not', async () => {
    const text = 'Dear {#var#}, see https://acme.example/offers today.'
    const other = 'Dear {#var#}, see https://acme.example/prices today.'
    expect(codesOf((await registerTemplate(at, { text })).body)).toEqual(['cta_whitelist_unknown'])
    await at.call('PUT', '/v1/entity/ctas', { json: CTAS })
    expect(codesOf((await at.call('GET', `/v1/templates/${TEMPLATE_ID}`)).body)).toEqual([])
    const refused = await registerTemplate(at, { id: '1107161234567890124', text: other })
    expect(refused).toMatchObject({ status: 422, body: { code: 'cta_not_whitelisted' } })
  })

  it('may get types, a name and a consent template later, and keeps the rest', async () => {
    const { body: before } = await registerTemplate(at)
    const json = { types: ['numeric'], consentId: '1107161234567890777' }
    const { body } = await at.call('PATCH', `/v1/templates/${TEMPLATE_ID}`, { json })
    expect(body).toEqual({ ...before, ...json })
    expect((await at.call('GET', `/v1/templates/${TEMPLATE_ID}`)).body).toEqual(body)
  })

  it.each([
    [
      'too many types',
      { types: ['numeric', 'numeric'] },
      'variable_type_count',
      /body\.types: the template has 1/,
    ],
    ['another text', { text: 'Hello {#var#}' }, 'unknown_field', /body\.text/],
  ])('is not changed by %s', async (_, json, code, detail) => {
    await registerTemplate(at)
    const refused = await at.call('PATCH', `/v1/templates/${TEMPLATE_ID}`, { json })
    expect(refused).toMatchObject({ status: 422, body: { code } })
    expect(refused.body.detail).toMatch(detail)
    expect((await at.call('GET', `/v1/templates/${TEMPLATE_ID}`)).body.types).toEqual(['text'])
  })

  it('is read as the routes of its pool want it', async () => {
    const north = (await at.deps.registry.route('north' as never))!
    await at.deps.registry.putRoute({
      ...north,
      dltRules: { levels: { template_adjacent_variables: 'off' } },
    })
    const { body } = await registerTemplate(at, {
      text: '{#var#}{#var#} is ready to be fetched at the shop.',
    })
    expect(body.findings).toEqual([])
  })
})

describe('the rules', () => {
  it('are those of the table until the tenant overrides them', async () => {
    const { body } = await at.call('GET', '/v1/entity/rules')
    expect(body).toMatchObject({ overrides: {} })
    const level = (rules: { code: string; level: string }[]) =>
      rules.find(({ code }) => code === 'value_url')?.level
    expect(level(body.rules)).toBe('refuse')
    const json = { levels: { value_url: 'warn' } }
    const { body: after } = await at.call('PUT', '/v1/entity/rules', { json })
    expect([after.overrides, level(after.rules)]).toEqual([json, 'warn'])
    expect((await at.call('GET', '/v1/entity/rules')).body).toEqual(after)
    expect((await at.call('GET', '/v1/entity/rules', { key: at.keys.rival })).body).toEqual(body)
  })

  it('that make a message impossible cannot be overridden', async () => {
    const json = { levels: { value_empty: 'warn' } }
    expect(await at.call('PUT', '/v1/entity/rules', { json })).toMatchObject({ status: 422 })
  })
})

describe('the whitelist', () => {
  it('is null until somebody has said, and then as it was said', async () => {
    expect((await at.call('GET', '/v1/entity/ctas')).body).toEqual({ ctas: null })
    await at.call('PUT', '/v1/entity/ctas', { json: CTAS })
    expect((await at.call('GET', '/v1/entity/ctas')).body).toEqual({ ctas: CTAS })
  })

  it('takes no URL that a portal would not', async () => {
    const json = { ...CTAS, urls: [{ kind: 'dynamic', url: 'https://acme.example/offers' }] }
    const refused = await at.call('PUT', '/v1/entity/ctas', { json })
    expect(refused).toMatchObject({ status: 422 })
    expect(refused.body.detail).toMatch(/body\.urls\.0.*end in its first \?/)
  })
})

describe('the audit', () => {
  it('lists who did what, newest first, page after page, to the tenant it concerns', async () => {
    await registerTemplate(at)
    await at.deps.clock.advance(1)
    await at.call('PUT', '/v1/entity/ctas', { json: CTAS })
    const { body: first } = await at.call('GET', '/v1/audit?limit=1')
    expect(first.items).toMatchObject([
      { action: 'ctas.set', subject: 'acme', detail: { urls: 1, numbers: 1, emails: 1 } },
    ])
    expect(first.items[0].actor).toMatch(/^key:/)
    const { body: second } = await at.call('GET', `/v1/audit?limit=1&cursor=${first.next}`)
    expect(second).toMatchObject({
      items: [{ action: 'template.registered', subject: TEMPLATE_ID }],
      next: null,
    })
    expect((await at.call('GET', '/v1/audit', { key: at.keys.rival })).body.items).toEqual([])
  })
})
