import { describe, expect, it } from 'vitest'
import { mergeRules } from '../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES } from '../../shared/dlt/rules/rules.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'

describe('parseTemplate', () => {
  it('cuts the text at its variables, with one fixed part more than variables', () => {
    expect(parseTemplate('Dear {#var#}, your OTP is {#var#}.')).toMatchObject({
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

  it('gives {#var#} the types that a portal keeps beside the text, with their limits', () => {
    expect(
      parseTemplate('{#var#} a {#var#} b {#num#}', { types: ['alphanumeric', null, null] }),
    ).toMatchObject({
      ok: true,
      variables: [
        { type: 'alphanumeric', maxChars: 40 },
        { type: 'text', maxChars: 30 },
        { type: 'numeric', maxChars: 30 },
      ],
    })
  })

  it.each([
    { types: ['numeric'] as const, count: 1 },
    { types: ['numeric', null, null] as const, count: 3 },
  ])('refuses $count types for two variables', ({ types }) => {
    expect(parseTemplate('{#var#} a {#var#}', { types })).toMatchObject({
      ok: false,
      code: 'variable_type_count',
      message: `the template has 2 variables, ${types.length} types are given`,
    })
  })

  it('refuses another type for a variable that the text has typed', () => {
    expect(parseTemplate('{#var#} a {#num#}', { types: [null, 'url'] })).toMatchObject({
      ok: false,
      code: 'variable_type_conflict',
      index: 10,
    })
    expect(parseTemplate('{#var#} a {#num#}', { types: [null, 'numeric'] })).toMatchObject({ ok: true })
  })

  it('takes the limits of a tenant or route', () => {
    const rules = mergeRules(DEFAULT_RULES, { variables: { text: { maxChars: 60 } } })
    expect(parseTemplate('x {#var#}', { rules })).toMatchObject({ variables: [{ maxChars: 60 }] })
  })

  it.each([
    ['Pay at {#url#}', 'a URL that begins'],
    ['Pay at https://acme.in/{#url#}', 'the rest of a URL'],
    ['Pay at WWW.acme.in/{#url#}', 'the rest of a URL'],
    ['https://acme.in or {#url#}', 'a URL that begins'],
  ])('knows from the text before it which part of a URL the variable of %j takes', (text, says) => {
    expect(parseTemplate(text)).toMatchObject({
      variables: [{ form: { says: expect.stringContaining(says) } }],
    })
  })

  it('lets two variables side by side take the two halves of a long URL', () => {
    for (const text of ['Pay at {#urg#}{#uro#} now', 'Pay at {#uro#}{#urg#} now']) {
      expect(parseTemplate(text)).toMatchObject({
        variables: [
          { form: { says: expect.stringContaining('a URL that begins') } },
          { form: { says: 'the rest of a URL' } },
        ],
      })
    }
  })
})
