import { describe, expect, it } from 'vitest'
import { matchTemplate } from '../../../shared/dlt/match/match.ts'
import { mergeRules } from '../../../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES } from '../../../shared/dlt/rules/rules.ts'
import { aTemplate, matching, mismatching } from './match.factory.ts'
import { vectors } from './vectors.ts'

describe('a text that matches', () => {
  it('gives the values of the variables', () => {
    expect(matching('Dear {#var#}, your OTP is {#numeric#}.', 'Dear Asha Rao, your OTP is 482913.')).toEqual({
      match: true,
      values: ['Asha Rao', '482913'],
    })
  })

  it('needs no variable', () => {
    expect(matching('Office closed today.', 'Office closed today.')).toEqual({ match: true, values: [] })
  })

  it('is found where the first place that fits does not', () => {
    expect(matching('{#var#}, {#var#}. Bye', 'Rao, Asha, 12. A. Bye')).toMatchObject({ match: true })
    expect(matching('a{#var#}a', 'aaaa')).toEqual({ match: true, values: ['aa'] })
  })

  it('makes the last variable as long as can be when several assignments fit', () => {
    expect(matching('{#var#} {#var#}', 'Asha Devi Rao')).toEqual({
      match: true,
      values: ['Asha', 'Devi Rao'],
    })
  })

  it.each([
    ['{#var#}', 30, 'अ'],
    ['{#var#}', 30, '😀'],
    ['{#alphanumeric#}', 40, 'अ'],
    ['{#numeric#}', 30, '7'],
  ])('lets %s have %d characters and not one more', (tag, most, character) => {
    expect(matching(`x ${tag} y`, `x ${character.repeat(most)} y`)).toMatchObject({ match: true })
    expect(mismatching(`x ${tag} y`, `x ${character.repeat(most + 1)} y`)).toMatchObject({
      reason: 'value_too_long',
      variable: 1,
      character: 3 + most,
      position: 2 + most * character.length,
      expected: { character: ' ' },
      found: { character },
    })
  })

  it('may be a value of 30 characters side by side with another, the known way to longer ones', () => {
    expect(matching('x {#var#}{#var#} y', `x ${'v'.repeat(60)} y`)).toMatchObject({ match: true })
    expect(matching('x {#var#}{#var#} y', `x ${'v'.repeat(61)} y`)).toMatchObject({ match: false })
  })

  it.each([
    ['Pay at {#url#} now', 'Pay at https://acme.in/p?id=1 now', ['https://acme.in/p?id=1']],
    ['Pay at {#urg#}{#uro#}', 'Pay at https://acme.in/abcdefghijklmnopqrstuvwxyz', null],
    ['Pay at https://acme.in/{#url#}.', 'Pay at https://acme.in/x.y.', ['x.y']],
    [
      'Call {#cbn#} or write to {#email#}.',
      'Call 18001234567 or write to a@b.co.in.',
      ['18001234567', 'a@b.co.in'],
    ],
  ])('fills %j by type', (template, text, values) => {
    expect(matching(template, text)).toMatchObject(
      values === null ? { match: true } : { match: true, values },
    )
  })

  it('takes what a tenant or route lets into its variables', () => {
    const text = 'Due 05-Feb-2026'
    expect(matching('Due {#alphanumeric#}', text)).toMatchObject({ match: false, position: 6 })
    const rules = mergeRules(DEFAULT_RULES, { reading: 'jio' })
    expect(matchTemplate(aTemplate('Due {#alphanumeric#}', { rules }), text)).toMatchObject({ match: true })
  })
})

describe('a text that does not match', () => {
  it.each(vectors)(
    'names the first character at fault: $name',
    ({ template, text, position, expected, found }) => {
      const mismatch = mismatching(template, text)
      expect({
        position: mismatch.position,
        expected: mismatch.expected?.character ?? null,
        found: mismatch.found?.character ?? null,
      }).toEqual({ position, expected, found })
    },
  )

  it.each(vectors)('matches once the template has what the text has: $name', ({ template, text }) => {
    if (text !== '') expect(matching(text, text)).toMatchObject({ match: true })
    expect(matching(template, template.replaceAll('{#var#}', 'x'))).toMatchObject({ match: true })
  })

  it('is explained with names, code points and a fix', () => {
    expect(mismatching("Dear {#var#}, you're due", 'Dear Asha, you’re due')).toEqual({
      match: false,
      reason: 'fixed_text',
      position: 14,
      character: 15,
      expected: { character: "'", codePoint: 'U+0027', name: null },
      takes: null,
      found: { character: '’', codePoint: 'U+2019', name: 'right single quotation mark' },
      variable: null,
      message: "character 15: the template has ' (U+0027), the text ’ (U+2019, right single quotation mark)",
      suggestion: 'replace ’ (U+2019, right single quotation mark) by "\'", as in ", you\'re due"',
    })
  })

  it.each([
    ['Wait... {#var#}', 'Wait… Asha', 'replace … (U+2026, ellipsis) by "...", as in "Wait... "'],
    ['Dear {#var#}, hello', 'Dear Asha,  hello', 'remove (U+0020, space), as in ", hello"'],
    ['Dear {#var#}, hello', 'Dear Asha hello', 'insert ",", as in ", hello"'],
    [
      'Your OTP is {#var#}',
      'Your \u200bOTP is 12',
      'remove (U+200B, zero-width space), as in "Your OTP is "',
    ],
    ['OTP {#var#}. - Acme Bank', 'OTP 12.', 'write it as the template has it: " - Acme Bank"'],
    ['Dear {#var#}, hello', 'Dear Asha, hello and goodbye', 'end the text before " and goodbye"'],
    ['Dear {#var#}, bye', `Dear ${'x'.repeat(40)}, bye`, 'shorten the value of variable 1 to 30 characters'],
    ['OTP {#numeric#} now', 'OTP abcdef now', 'give variable 1 a value: digits only'],
  ])('comes with a suggestion: %j, %j', (template, text, suggestion) => {
    expect(mismatching(template, text).suggestion).toBe(suggestion)
  })

  it.each([
    ['OTP {#numeric#} is valid', 'OTP 12a4 is valid', 6, 'value_character', 1],
    ['OTP {#numeric#} is valid', 'OTP x is valid', 4, 'value_character', 1],
    ['OTP {#numeric#}', 'OTP ', 4, 'text_ends', 1],
    ['Dear {#var#}, bye', 'Dear , bye', 5, 'value_empty', 1],
    ['Dear {#var#} {#var#}, bye', 'Dear Asha , bye', 10, 'value_empty', 2],
    ['See {#url#} now', 'See acme.in/x now', 4, 'value_character', 1],
    ['See {#url#} now', 'See https://acme now', 16, 'value_character', 1],
    ['OTP {#numeric#}. Bye', 'OTP 12! Bye', 6, 'fixed_text', null],
    ['Hi {#var#}', `Hi ${'x'.repeat(33)}`, 33, 'value_too_long', 1],
  ])('says which variable is at fault: %j, %j', (template, text, position, reason, variable) => {
    expect(mismatching(template, text)).toMatchObject({ position, reason, variable })
  })

  it('says what a variable takes where only a value can go on', () => {
    expect(mismatching('OTP {#numeric#} now', 'OTP x now')).toMatchObject({
      expected: null,
      takes: 'digits only',
      found: { character: 'x' },
      message: 'character 5: the text has x (U+0078), where variable 1, {#numeric#}, takes digits only',
    })
  })

  it('is reported at the furthest place along the template, not along the text a variable may swallow', () => {
    // A {#var#} that swallows "Asha, you will" reaches the end of the text, and nothing of ", you're".
    expect(mismatching("Dear {#var#}, you're due", 'Dear Asha, you will')).toMatchObject({ position: 14 })
    // The second ", y" follows the template further than the first.
    expect(mismatching('{#var#}, you are', 'a, x, you x')).toMatchObject({ position: 10 })
  })

  it('is reported behind the last variable whose fixed text stands somewhere', () => {
    expect(mismatching('{#var#} of {#var#} for {#var#}', '1 of 2 fro 3')).toMatchObject({
      position: 8,
      expected: { character: 'o' },
    })
  })
})

describe('line ends', () => {
  const template = 'one\r\ntwo {#var#}'

  it.each([
    ['exact', 'one\r\ntwo x', true],
    ['exact', 'one\ntwo x', false],
    ['lf', 'one\ntwo x', true],
    ['lf', 'one\r\ntwo x', false],
    ['crlf', 'one\r\ntwo x', true],
    ['crlf', 'one\ntwo x', false],
    ['space', 'one two x', true],
    ['space', 'one\ntwo x', false],
  ] as const)('of the template are compared in the form %s: %j matches: %j', (newlines, text, match) => {
    expect(matching(template, text, { newlines })).toMatchObject({ match })
  })
})

describe('hostile input of 1 MB', () => {
  const MB = 1_000_000
  const nearlyAll = (repeated: string) => `${repeated.repeat(Math.floor(MB / repeated.length))}!`

  it.each([
    ['a template of the longest kind', '{#var#}a'.repeat(250), 'a'.repeat(MB)],
    ['a text and a template that leave every choice open', nearlyAll('{#var#}a'), 'a'.repeat(MB)],
    ['choices open at every other place', nearlyAll('{#var#}a'), 'ab'.repeat(MB / 2)],
    ['variables side by side', nearlyAll('{#var#}'), 'a'.repeat(MB)],
    ['typed variables', nearlyAll('{#num#}1{#alp#}11'), '1'.repeat(MB)],
    ['numbers to call', nearlyAll('{#cbn#}1'), '18001'.repeat(MB / 5)],
    ['URLs', nearlyAll('{#url#}a'), 'http://a.aa'.repeat(MB / 11)],
    ['fixed text that nearly repeats', `{#var#}${nearlyAll('a')}`, 'a'.repeat(MB)],
  ])('is answered at once: %s', { timeout: 30_000 }, (_, template, text) => {
    // Stepping from place to place, or trying assignments, takes hours.
    expect(matching(template, text)).toMatchObject({ match: false })
  })
})
