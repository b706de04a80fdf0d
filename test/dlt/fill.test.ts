import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fill } from '../../shared/dlt/fill.ts'
import { parseTemplate, type Template } from '../../shared/dlt/template.ts'

function template(text: string): Template {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed
}

const greeting = template('Dear {#var#}, pay {#var#} now')

const injections = readFileSync(new URL('./vectors/placeholder-injection.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.slice(line.indexOf(',') + 1))

describe('fill', () => {
  it('puts the values between the fixed parts, in order', () => {
    expect(fill(greeting, ['Asha', 'Rs.500'])).toEqual({ ok: true, text: 'Dear Asha, pay Rs.500 now' })
  })

  it.each(injections)('inserts %j as it stands', (value) => {
    expect(fill(greeting, [value, value])).toEqual({ ok: true, text: `Dear ${value}, pay ${value} now` })
  })

  it.each(['$&', '$1', '$$', "$'", '{#var#}', '{#numeric#}', '%s', '\\n', '__proto__', '</script>'])(
    'expands nothing inside %j',
    (value) => {
      expect(fill(template('<{#var#}>'), [value])).toEqual({ ok: true, text: `<${value}>` })
    },
  )

  it('refuses an empty value and names the variable', () => {
    expect(fill(greeting, ['Asha', ''])).toEqual({
      ok: false,
      code: 'value_empty',
      variable: 2,
      message: 'the value of variable 2 is empty, and a variable needs at least one character',
    })
  })

  it.each([
    { tag: 'var', limit: 30, characters: ['a', 'अ', '😀'] },
    { tag: 'alphanumeric', limit: 40, characters: ['a', 'अ', '𝒳'] },
  ])('lets $limit characters into {#$tag#} and not one more', ({ tag, limit, characters }) => {
    const one = template(`x{#${tag}#}`)
    for (const character of characters) {
      expect(fill(one, [character.repeat(limit)])).toMatchObject({ ok: true })
      expect(fill(one, [character.repeat(limit + 1)])).toEqual({
        ok: false,
        code: 'value_too_long',
        variable: 1,
        message: `the value of variable 1 has ${limit + 1} characters, operators let ${limit} pass`,
      })
    }
  })

  it.each(['\ufffe', '\uffff'])('refuses %j, which is no character and which no queue takes', (character) => {
    const parsed = parseTemplate('Hi {#var#}')
    expect(parsed.ok && fill(parsed, [`a${character}`])).toMatchObject({ code: 'value_control_character' })
  })

  it('refuses control characters but TAB, LF, VT, FF and CR', () => {
    const one = template('x{#var#}')
    const passed = Array.from({ length: 0x20 }, (_, code) => code).filter(
      (code) => fill(one, [`a${String.fromCharCode(code)}`]).ok,
    )
    expect(passed).toEqual([9, 10, 11, 12, 13])
    expect(fill(one, ['a\0'])).toMatchObject({
      code: 'value_control_character',
      message: 'the value of variable 1 holds the control character U+0000 as character 2: remove it',
      at: { index: 1, position: 2 },
    })
    expect(fill(one, ['😀\u0007'])).toMatchObject({ at: { codePoint: 'U+0007', index: 2, position: 2 } })
  })

  it('refuses a value that breaks the type of its variable, and says which character does', () => {
    expect(fill(template('Dear {#var#}, pay Rs.{#numeric#}'), ['Asha', '1,250.00'])).toEqual({
      ok: false,
      code: 'value_character',
      variable: 2,
      message: 'the value of variable 2 holds , (U+002C) as character 2: {#numeric#} takes digits only',
      at: { character: ',', codePoint: 'U+002C', name: null, index: 1, position: 2 },
    })
  })

  it('takes the types that a portal registered beside the text', () => {
    const parsed = parseTemplate('Dear {#var#}, your OTP is {#var#}', { types: [null, 'numeric'] })
    expect(parsed.ok && fill(parsed, ['Asha', '12a'])).toMatchObject({ code: 'value_character', variable: 2 })
    expect(parsed.ok && fill(parsed, ['Asha', '12'])).toMatchObject({ ok: true })
  })

  it.each([
    { values: ['Asha'], variable: 2 },
    { values: ['Asha', '5', 'x'], variable: 3 },
  ])('refuses $values.length values for 2 variables', ({ values, variable }) => {
    expect(fill(greeting, values)).toMatchObject({ ok: false, code: 'value_count', variable })
  })

  it('keeps every fixed part and every value, in order and nothing else', () => {
    const fixed = fc.string({ unit: fc.constantFrom('a', ' ', '.', 'अ', '{', '}', '$', '\n') })
    const value = fc.string({
      minLength: 1,
      maxLength: 15,
      unit: fc.constantFrom('{', '#', 'v', 'a', 'r', '}', '$', '&'),
    })
    fc.assert(
      fc.property(fc.array(fc.tuple(fixed, value), { minLength: 1, maxLength: 6 }), fixed, (pairs, last) => {
        const parsed = parseTemplate(pairs.map(([before]) => `${before}{#var#}`).join('') + last)
        const expected = pairs.map(([before, inserted]) => before + inserted).join('') + last
        expect(parsed).toMatchObject({ ok: true, fixed: [...pairs.map(([before]) => before), last] })
        const filled = fill(
          parsed as Template,
          pairs.map(([, inserted]) => inserted),
        )
        expect(filled).toEqual({ ok: true, text: expected })
      }),
    )
  })
})
