import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkValue, variableOf } from '../../shared/dlt/check-value.ts'
import { type DltRuleOverrides, mergeRules } from '../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES } from '../../shared/dlt/rules/rules.ts'
import { DEAD, nextState } from '../../shared/dlt/value-form.ts'
import type { VariableType } from '../../shared/dlt/variable-types.ts'

const codeOf = (type: VariableType, value: string, overrides: DltRuleOverrides = {}) =>
  checkValue(type, value, mergeRules(DEFAULT_RULES, overrides))?.code ?? null

describe('checkValue, read strictly', () => {
  it.each<[VariableType, string[]]>([
    ['text', ['Asha Rao', 'Rs.1,250.00', 'आशा देवी', '🙏', 'two\nlines', '\u200b', '’', '{#var#}']],
    ['numeric', ['0', '482913', '9'.repeat(30)]],
    ['alphanumeric', ['Asha', 'AB12', 'a'.repeat(40), 'आशा', 'José', '१२३', '𝒳']],
    ['url', ['https://acme.in/p?id=1', 'http://a.co', 'www.acme.co.in', 'HTTPS://Acme.IN#x']],
    ['urlott', ['https://acme.in/app.apk', 'https://wa.me/919876543210']],
    [
      'cbn',
      [
        '9876543210',
        '919876543210',
        '+919876543210',
        '2212345678',
        '02212345678',
        '18001234',
        '1860123456',
        '18001234567',
        '1401234567',
        '1601234567',
      ],
    ],
    ['email', ['care@acme.in', 'a.b+c@mail.acme.co.in', 'A_b%1@x-y.com']],
  ])('lets into %s: %j', (type, values) => {
    expect(values.filter((value) => codeOf(type, value) !== null)).toEqual([])
  })

  it.each<[VariableType, string, string, number]>([
    ['numeric', '1,250', ',', 2],
    ['numeric', '12.50', '.', 3],
    ['numeric', 'Rs500', 'R', 1],
    ['numeric', '12 ', ' ', 3],
    ['numeric', '१२', '१', 1],
    ['alphanumeric', 'Asha Rao', ' ', 5],
    ['alphanumeric', '05-02', '-', 3],
    ['alphanumeric', '😀', '😀', 1],
    ['alphanumeric', '𝒳y😀', '😀', 3],
    ['alphanumeric', 'Ra\u200bvi', '\u200b', 3],
    ['url', 'acme.in/x', 'a', 1],
    ['url', 'ftp://acme.in', 'f', 1],
    ['url', 'https://10.0.0.1/x', '/', 17],
    ['url', 'https://acme.in/a b', ' ', 18],
    ['url', 'https://-acme.in', '-', 9],
    ['url', 'https://acme..in', '.', 14],
    ['email', 'care at acme.in', ' ', 5],
    ['email', '.care@acme.in', '.', 1],
    ['email', 'care@acme_x.in', '_', 10],
    ['cbn', '98765 43210', ' ', 6],
    ['cbn', '5876543210123', '1', 11],
    ['cbn', '1900123456x', 'x', 11],
    ['cbn', '+4420712345', '4', 2],
    ['cbn', '180012345678', '8', 12],
  ])('refuses in %s the value %j at %j, character %d', (type, value, character, position) => {
    const fault = checkValue(type, value, DEFAULT_RULES)
    expect(fault).toMatchObject({ code: 'value_character', at: { character, position } })
    expect(value.startsWith(character, fault!.at!.index)).toBe(true)
  })

  it.each<[VariableType, string]>([
    ['url', 'https://'],
    ['url', 'www.acme'],
    ['url', 'https://acme.i'],
    ['url', 'https://10.0.0.1'],
    ['email', 'care'],
    ['email', 'care@acme'],
    ['cbn', '987654321'],
    ['cbn', '1800123'],
  ])('refuses in %s the value %j, which is not whole', (type, value) => {
    expect(checkValue(type, value, DEFAULT_RULES)).toMatchObject({ code: 'value_incomplete', at: null })
  })

  it('names the character, its code point and what the type takes', () => {
    expect(checkValue('numeric', '1\u00a0250', DEFAULT_RULES)).toEqual({
      code: 'value_character',
      says: 'holds (U+00A0, no-break space) as character 2: {#numeric#} takes digits only',
      at: { character: '\u00a0', codePoint: 'U+00A0', name: 'no-break space', index: 1, position: 2 },
    })
  })

  it('takes control characters for what they are in every type', () => {
    for (const type of Object.keys(DEFAULT_RULES.variables) as VariableType[]) {
      expect(codeOf(type, '\u0007')).toBe('value_control_character')
    }
  })

  it('says of plain text the same as the automaton the matcher uses', () => {
    const { form } = variableOf('text', DEFAULT_RULES)
    const character = fc.oneof(fc.integer({ min: 0, max: 0x2f }), fc.integer({ min: 0xfff0, max: 0xffff }))
    fc.assert(
      fc.property(character, (point) => {
        const passes = codeOf('text', String.fromCharCode(point)) === null
        expect(nextState(form, 0, point) !== DEAD).toBe(passes)
      }),
    )
  })
})

describe('the readings of operators', () => {
  it.each<['jio' | 'vi', VariableType, string]>([
    ['jio', 'numeric', '1250.00'],
    ['jio', 'alphanumeric', '05-Feb-2026'],
    ['jio', 'alphanumeric', '10:30 AM'],
    ['vi', 'alphanumeric', 'A_1/2.3 x'],
  ])('%s lets into %s what the strict reading refuses: %j', (reading, type, value) => {
    expect(codeOf(type, value)).toBe('value_character')
    expect(codeOf(type, value, { reading })).toBeNull()
  })

  it.each([
    ['1.2.3', 'value_character'],
    ['.5', 'value_character'],
    ['5.', 'value_incomplete'],
    ['1,5', 'value_character'],
  ])('lets one decimal point into a number, between digits: not %j', (value, code) => {
    expect(codeOf('numeric', value, { reading: 'jio' })).toBe(code)
  })

  it('may let an empty value pass, in every type', () => {
    for (const type of Object.keys(DEFAULT_RULES.variables) as VariableType[]) {
      expect(codeOf(type, '')).toBe('value_empty')
      expect(codeOf(type, '', { variables: { [type]: { minChars: 0 } } })).toBeNull()
    }
  })
})
