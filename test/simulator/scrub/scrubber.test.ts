import { describe, expect, it } from 'vitest'
import type { ScrubReason } from '../../../simulator/scrub/codes.ts'
import { type Origin, scrubber } from '../../../simulator/scrub/scrubber.ts'
import { Scrub } from '../../../simulator/scrub/setting.ts'
import {
  CHAIN,
  ENTITY,
  FOREIGN,
  HELPLINE,
  LINK,
  OFFER,
  ORDER_TEXT,
  OTHER_ENTITY,
  origin,
  scrubSetting,
  TYPED,
} from './scrub.factory.ts'

const scrub = scrubber(scrubSetting())
const OFFER_TEXT = 'Sale for Asha today. - Dakghar'
const OFFERED = { templateId: OFFER, source: '512345' }
const at = (time: string) => Date.parse(`2026-11-24T${time}+05:30`)

describe('a scrub lets pass', () => {
  it.each<[string, Partial<Origin>, string]>([
    ['the template filled', {}, ORDER_TEXT],
    ['a whitelisted short URL under its header', { templateId: LINK }, link('https://dkg.in/DAKGHR/x7Y')],
    ['digits of a numeric variable that look like a number', { templateId: TYPED }, code('9876543210')],
    ['promotional at 10:00:00', { ...OFFERED, at: at('10:00:00') }, OFFER_TEXT],
    ['promotional at 20:59:59', { ...OFFERED, at: at('20:59:59') }, OFFER_TEXT],
    ['service at midnight', { at: at('00:00:00') }, ORDER_TEXT],
    [
      'an entity without a chain',
      { entityId: OTHER_ENTITY, templateId: FOREIGN, source: 'OTHERS', chain: null },
      'Hello Asha',
    ],
  ])('%s', (_what, fields, text) => {
    expect(scrub(origin(fields), text)).toBeNull()
  })
})

describe('a scrub refuses', () => {
  it.each<[string, ScrubReason, Partial<Origin>, string]>([
    ['no entity id', 'entity_id_wrong', { entityId: null }, ORDER_TEXT],
    ['an entity id with a space', 'entity_id_wrong', { entityId: `${ENTITY} ` }, ORDER_TEXT],
    ['another entity', 'entity_unknown', { entityId: '1701160000000000001' }, ORDER_TEXT],
    ['no chain', 'chain_missing', { chain: null }, ORDER_TEXT],
    ['the chain in capitals', 'chain_unregistered', { chain: CHAIN.toUpperCase() }, ORDER_TEXT],
    ['a header in another case', 'header_unknown', { source: 'Dakghr' }, ORDER_TEXT],
    ["another entity's header", 'header_not_of_entity', { source: 'OTHERS' }, ORDER_TEXT],
    ['no template id', 'template_id_wrong', { templateId: null }, ORDER_TEXT],
    ['a template nobody has', 'template_unknown', { templateId: '1107161191448690000' }, ORDER_TEXT],
    ["another entity's template", 'template_not_of_entity', { templateId: FOREIGN }, 'Hello Asha'],
    ['a header the template is not linked to', 'header_not_linked', { source: 'DAKSVC' }, ORDER_TEXT],
    [
      'a header of another category',
      'category_mismatch',
      { templateId: OFFER, source: 'DAKSVC' },
      OFFER_TEXT,
    ],
    ['promotional a second before 10:00', 'promo_hours', { ...OFFERED, at: at('09:59:59') }, OFFER_TEXT],
    ['promotional at 21:00', 'promo_hours', { ...OFFERED, at: at('21:00:00') }, OFFER_TEXT],
    ['a missing full stop', 'template_mismatch', {}, 'Dear Asha,\nyour order 4711 is shipped - Dakghar'],
    ['an empty value', 'template_mismatch', {}, 'Dear ,\nyour order 4711 is shipped. - Dakghar'],
    ['another line end', 'template_mismatch', {}, ORDER_TEXT.replace('\n', '\r\n')],
    ['a value of 31 characters', 'variable_too_long', {}, ORDER_TEXT.replace('Asha', 'A'.repeat(31))],
    ['a value of another type', 'variable_too_long', { templateId: TYPED }, code('A-4711')],
    [
      'a URL in a plain variable',
      'cta_not_whitelisted',
      {},
      ORDER_TEXT.replace('4711', 'https://dkg.in/DAKGHR/x7'),
    ],
    ['an e-mail address in one', 'cta_not_whitelisted', {}, ORDER_TEXT.replace('4711', 'me@dakghar.example')],
    ['ten digits in one', 'cta_not_whitelisted', {}, ORDER_TEXT.replace('4711', '9876543210')],
    ['a URL nobody whitelisted', 'cta_not_whitelisted', { templateId: LINK }, link('https://other.in/x7')],
    [
      'a short URL under another header',
      'cta_not_whitelisted',
      { templateId: LINK, source: 'DAKSVC' },
      link('https://dkg.in/DAKGHR/x7'),
    ],
  ])('%s', (_what, reason, fields, text) => {
    expect(scrub(origin(fields), text)).toMatchObject({ reason, says: expect.stringMatching(/\w/) })
  })

  it('first who sends, then what is sent', () => {
    expect(scrub(origin({ chain: null, source: 'NOBODY', templateId: null }), '')?.reason).toBe(
      'chain_missing',
    )
    expect(scrub(origin({ source: 'NOBODY', templateId: null }), '')?.reason).toBe('header_unknown')
  })

  it('says where the text leaves the template', () => {
    expect(scrub(origin(), ORDER_TEXT.replace('shipped', 'Shipped'))?.says).toContain('character 31')
  })
})

describe('settings', () => {
  it('let unknown entities, headers and templates pass unread', () => {
    const lenient = scrubber(scrubSetting({ unknown: 'pass' }))
    for (const fields of [
      { entityId: '1701160000000000001' },
      { source: 'NEWONE' },
      { templateId: '1107161191448690000' },
    ]) {
      expect(lenient(origin(fields), 'anything')).toBeNull()
    }
    expect(lenient(origin(), 'anything')?.reason).toBe('template_mismatch')
    expect(lenient(origin({ source: 'OTHERS' }), 'anything')?.reason).toBe('header_not_of_entity')
  })

  it('read line ends and hours as the operator does', () => {
    const rules = { newlines: 'crlf', promotionalHours: { fromMinute: 540, toMinute: 1_260 } } as const
    const operator = scrubber(scrubSetting({ rules }))
    expect(operator(origin(), ORDER_TEXT)?.reason).toBe('template_mismatch')
    expect(operator(origin(), ORDER_TEXT.replace('\n', '\r\n'))).toBeNull()
    expect(operator(origin({ ...OFFERED, at: at('09:30:00') }), OFFER_TEXT)).toBeNull()
  })

  it('let ten digits pass at an operator that takes them for an order number', () => {
    const operator = scrubber(scrubSetting({ rules: { levels: { value_phone_possible: 'warn' } } }))
    expect(operator(origin(), ORDER_TEXT.replace('4711', '9876543210'))).toBeNull()
  })

  it('refuse fixed text that is not whitelisted, whatever the values are', () => {
    const text = 'Questions on 4711? Call 1800 123 4567. - Dakghar'
    expect(scrub(origin({ templateId: HELPLINE }), text)?.reason).toBe('cta_not_whitelisted')
    const setting = scrubSetting()
    setting.registry.entities[0]!.whitelist!.numbers.push('18001234567')
    expect(scrubber(setting)(origin({ templateId: HELPLINE }), text)).toBeNull()
    setting.registry.entities[0]!.whitelist = null
    expect(scrubber(setting)(origin({ templateId: HELPLINE }), text)).toBeNull()
  })

  it.each([
    [
      'a template that cannot be read',
      { text: 'Dear {#name#}' },
      '{#name#} at character 6 is not a DLT variable',
    ],
    ['types that are too many', { types: ['numeric', 'numeric'] }, 'has 1 variables, 2 types are given'],
    ["a header of somebody else's", { headers: ['OTHERS'] }, 'OTHERS is not among the headers of entity'],
    ['a template twice', { id: TYPED }, `template ${TYPED} is registered twice`],
  ])('are refused with %s', (_what, template, says) => {
    const { registry } = scrubSetting()
    const [first] = registry.entities
    const added = {
      ...first!.templates.find(({ id }) => id === TYPED)!,
      id: '1107161191448699999',
      ...template,
    }
    const entities = [{ ...first!, templates: [...first!.templates, added] }]
    expect(String(Scrub.safeParse({ registry: { entities } }).error)).toContain(says)
  })
})

function link(url: string): string {
  return `Track your order at ${url} - Dakghar`
}
function code(value: string): string {
  return `Your code is ${value}. - Dakghar`
}
