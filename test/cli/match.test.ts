import { describe, expect, it } from 'vitest'
import { vectors } from '../dlt/match/vectors.ts'
import { dakghar } from './dakghar.ts'

const lines = (texts: string[]) => texts.map((text) => `${JSON.stringify(text)}\n`).join('')
const TEMPLATE = "Dear {#var#}, you're due"

describe('dakghar match --json', () => {
  it('answers each line with match, position, expected and found', async () => {
    const { exitCode, json, stderr } = await dakghar(
      ['match', '--template', TEMPLATE, '--json'],
      lines(["Dear Asha, you're due", 'Dear Asha, you’re due']),
    )
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(Object.keys(json[0]!).slice(0, 4)).toEqual(['match', 'position', 'expected', 'found'])
    expect(json).toEqual([
      {
        match: true,
        position: null,
        expected: null,
        found: null,
        character: null,
        expectedCodePoint: null,
        foundCodePoint: null,
        foundName: null,
        variable: null,
        reason: null,
        message: null,
        suggestion: null,
        values: ['Asha'],
      },
      {
        match: false,
        position: 14,
        expected: "'",
        found: '’',
        character: 15,
        expectedCodePoint: 'U+0027',
        foundCodePoint: 'U+2019',
        foundName: 'right single quotation mark',
        variable: null,
        reason: 'fixed_text',
        message: expect.stringContaining('character 15'),
        suggestion: expect.stringContaining('replace ’'),
        values: null,
      },
    ])
  })

  it('says the same as the matcher of what operators refuse', async () => {
    const some = vectors.filter((_, i) => i % 6 === 0)
    for (const { template, text, position, expected, found } of some) {
      const { json } = await dakghar(['match', '--template', template, '--json'], lines([text]))
      expect(json).toMatchObject([{ match: false, position, expected, found }])
    }
  })

  it('refuses a line that is no JSON string, naming it, and goes on', async () => {
    const { exitCode, json, stderr } = await dakghar(
      ['match', '--template', TEMPLATE, '--json'],
      `Dear Asha\n${lines(["Dear Asha, you're due"])}`,
    )
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^line 1: not a JSON string/)
    expect(json).toMatchObject([{ match: null, error: { code: 'not_a_json_string' } }, { match: true }])
  })

  it('takes the types that a portal keeps beside the text', async () => {
    const args = [
      'match',
      '--template',
      '{#var#}: OTP {#var#}, {#num#}',
      '--types',
      'alphanumeric,numeric,',
      '--json',
    ]
    const { json } = await dakghar(args, lines(['Asha: OTP 12, 3', 'Asha: OTP 1x, 3', 'A R: OTP 12, 3']))
    expect(json).toMatchObject([
      { match: true },
      { match: false, position: 11, found: 'x', variable: 2 },
      { match: false, position: 1, found: ' ', variable: 1 },
    ])
  })

  it('says what a variable takes where only its value can go on', async () => {
    const { json } = await dakghar(
      ['match', '--template', 'OTP {#numeric#}', '--json'],
      lines(['OTP x', 'OTP ']),
    )
    expect(json).toMatchObject([
      { position: 4, expected: 'digits only', expectedCodePoint: null, found: 'x' },
      { position: 4, expected: 'digits only', expectedCodePoint: null, found: null },
    ])
  })

  it('compares line ends in the form of the route, and values as an operator reads them', async () => {
    const args = ['match', '--template', 'Due\n{#alp#}', '--newlines', 'crlf', '--reading', 'jio', '--json']
    const { json } = await dakghar(args, lines(['Due\r\n05-Feb-2026', 'Due\n05-Feb-2026']))
    expect(json).toMatchObject([{ match: true }, { match: false, position: 3, expected: '\r', found: '\n' }])
  })

  it('answers a hostile line of 1 MB', { timeout: 30_000 }, async () => {
    const args = ['match', '--template', `${'{#var#}a'.repeat(5_000)}b`, '--json']
    const { json } = await dakghar(args, lines(['a'.repeat(1_000_000)]))
    expect(json).toMatchObject([{ match: false }])
  })
})

describe('dakghar match', () => {
  it('prints a table that says why and what to do', async () => {
    const { stdout } = await dakghar(
      ['match', '--template', 'Dear {#var#}, hello.'],
      lines(['Dear Asha, hello.', 'Dear Asha, hello!']),
    )
    expect(stdout).toBe(
      [
        'line  match  at  why                                               what to do                            text',
        '1     yes    -   -                                                 -                                     Dear Asha, hello.',
        '2     no     17  the template has . (U+002E), the text ! (U+0021)  replace "!" by ".", as in ", hello."  Dear Asha, hello!',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [[], '--template is missing'],
    [['--template', 'Dear {#name#}'], '--template: {#name#} at character 6 is not a DLT variable'],
    [['--template', 'x {#var#}', '--types', 'digits'], '--types: digits is none of var, numeric'],
    [
      ['--template', 'x {#var#}', '--types', 'url,url'],
      '--types: the template has 1 variables, 2 types are given',
    ],
    [['--template', 'x {#num#}', '--types', 'url'], '--types: variable 1 is {#num#}'],
    [['--template', 'x', '--newlines', 'cr'], '--newlines must be one of exact, lf, crlf, space, not cr'],
    [['--template', 'x', '--reading', 'airtel'], '--reading must be one of strict, jio, vi, not airtel'],
  ])('refuses %j as a wrong command line', async (args, sentence) => {
    const { exitCode, stderr } = await dakghar(['match', ...args])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(sentence)
  })
})
