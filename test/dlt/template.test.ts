import { describe, expect, it } from 'vitest'
import { parseTemplate } from '../../shared/dlt/template.ts'

describe('parseTemplate', () => {
  it('cuts the text at its variables, with one fixed part more than variables', () => {
    expect(parseTemplate('Dear {#var#}, your OTP is {#var#}.')).toEqual({
      ok: true,
      text: 'Dear {#var#}, your OTP is {#var#}.',
      fixed: ['Dear ', ', your OTP is ', '.'],
      variables: [
        { type: 'text', maxChars: 30 },
        { type: 'text', maxChars: 30 },
      ],
    })
  })

  it('keeps variables side by side, at the start and at the end', () => {
    expect(parseTemplate('{#var#}{#var#}')).toMatchObject({ ok: true, fixed: ['', '', ''] })
  })

  it('takes a text without variables', () => {
    expect(parseTemplate('Office closed today.')).toMatchObject({
      ok: true,
      fixed: ['Office closed today.'],
      variables: [],
    })
  })

  it('leaves white space, newlines, braces and hashes of the fixed text alone', () => {
    const text = ' {a}  #1 {{#var#}}\r\n\u2019 '
    expect(parseTemplate(text)).toMatchObject({ ok: true, text, fixed: [' {a}  #1 {', '}\r\n\u2019 '] })
  })

  it.each([
    ['var', 'text', 30],
    ['numeric', 'numeric', 30],
    ['number', 'numeric', 30],
    ['num', 'numeric', 30],
    ['alphanumeric', 'alphanumeric', 40],
    ['alp', 'alphanumeric', 40],
    ['url', 'url', 30],
    ['urg', 'url', 30],
    ['urlott', 'urlott', 30],
    ['uro', 'urlott', 30],
    ['cbn', 'cbn', 30],
    ['email', 'email', 30],
  ])('knows the tag {#%s#} as %s of at most %d characters', (tag, type, maxChars) => {
    expect(parseTemplate(`x {#${tag}#}`)).toMatchObject({ ok: true, variables: [{ type, maxChars }] })
  })

  it.each(['Var', 'VAR', 'var1', ' var ', 'var_2', 'Alphanumeric'])(
    'refuses {#%s#} and says what to write',
    (tag) => {
      const result = parseTemplate(`Dear {#${tag}#}`)
      expect(result).toMatchObject({ ok: false, code: 'variable_unknown', index: 5 })
      const meant = tag.toLowerCase().replace(/[^a-z]/g, '')
      expect(result).toMatchObject({
        message: expect.stringMatching(`at character 6 is not a DLT variable: write {#${meant}#}`),
      })
    },
  )

  it('lists the known tags when a name resembles none', () => {
    expect(parseTemplate('{#name#}')).toMatchObject({
      ok: false,
      code: 'variable_unknown',
      message: expect.stringContaining('known are {#var#}, {#numeric#}'),
    })
    expect(parseTemplate('{##}')).toMatchObject({ ok: false, code: 'variable_unknown' })
  })

  it.each([
    ['Dear {#var', 'variable_unclosed', 5],
    ['Dear {#var#}, {#}', 'variable_unclosed', 14],
    ['Dear var#}', 'variable_unopened', 8],
    ['{#var#} and #}', 'variable_unopened', 12],
    ['Dear #VAR#', 'variable_syntax', 5],
    ['{#var#} #var1#', 'variable_syntax', 8],
    ['{#var {#var#}', 'variable_unknown', 0],
    ['', 'template_empty', 0],
  ])('refuses %j as %s', (text, code, index) => {
    expect(parseTemplate(text)).toMatchObject({ ok: false, code, index })
  })
})
