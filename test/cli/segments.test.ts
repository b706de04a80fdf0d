import { describe, expect, it } from 'vitest'
import { vectors } from '../sms/vectors.ts'
import { dakghar } from './dakghar.ts'

const lines = (texts: string[]) => texts.map((text) => `${JSON.stringify(text)}\n`).join('')

describe('dakghar segments --json', () => {
  it('answers every vector of the segmenter, one line each', async () => {
    const sendable = vectors.vectors.filter((vector) => vector.text !== undefined)
    const { exitCode, json, stderr } = await dakghar(
      ['segments', '--json'],
      lines(sendable.map((v) => v.text!)),
    )
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(json).toEqual(
      sendable.map(({ encoding, units, segments, text, split }) => ({
        encoding,
        units,
        segments,
        parts: typeof split === 'string' ? text!.match(/.{153}/g) : split!.map((part) => part.text),
      })),
    )
  })

  it('refuses half a surrogate pair with exit code 1, and goes on with the next line', async () => {
    const { exitCode, json, stderr } = await dakghar(['segments', '--json'], '"a\\ud800b"\n"ok"\n')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^line 1: character 2 is half a surrogate pair/)
    expect(json).toEqual([
      {
        encoding: null,
        units: null,
        segments: null,
        parts: [],
        error: { code: 'lone_surrogate', message: expect.stringContaining('line 1') },
      },
      { encoding: 'GSM7', units: 2, segments: 1, parts: ['ok'] },
    ])
  })

  it.each(['Dear customer', '"open', '{"text":"x"}', '12', ''])(
    'refuses %j, which is no JSON string, naming its line',
    async (line) => {
      const { exitCode, json, stderr } = await dakghar(['segments', '--json'], `"fine"\n${line}\n`)
      expect(exitCode).toBe(1)
      expect(stderr).toMatch(/^line 2: not a JSON string/)
      expect(json[1]).toMatchObject({ encoding: null, error: { code: 'not_a_json_string' } })
    },
  )

  it('takes CR LF, a byte order mark, a missing last newline and a raw U+2028', async () => {
    const { exitCode, json } = await dakghar(['segments', '--json'], '\ufeff"one"\r\n"two\u2028"')
    expect(exitCode).toBe(0)
    expect(json).toMatchObject([{ parts: ['one'] }, { parts: ['two\u2028'] }])
  })

  it('cuts for 16-bit references on request', async () => {
    const text = 'अ'.repeat(134)
    const { json } = await dakghar(['segments', '--json', '--reference-bits', '16'], lines([text]))
    expect(json).toMatchObject([{ segments: 3 }])
  })

  it('keeps order and count over 50,000 lines', async () => {
    const texts = Array.from({ length: 50_000 }, (_, i) => `message ${i}`)
    const { json } = await dakghar(['segments', '--json'], lines(texts))
    expect(json.map((answer) => (answer as { parts: string[] }).parts[0])).toEqual(texts)
  })
})

describe('dakghar segments', () => {
  it('prints a table of 150,000 lines', async () => {
    const { exitCode, stdout } = await dakghar(['segments'], '"x"\n'.repeat(150_000))
    expect(exitCode).toBe(0)
    expect(stdout.trimEnd().split('\n')).toHaveLength(150_001)
  })

  it('prints a table that names what forced Unicode', async () => {
    const { stdout } = await dakghar(['segments'], lines(['Your OTP is 1', 'it’s ₹5']))
    expect(stdout).toBe(
      [
        'line  alphabet  units  segments  unicode because of            text',
        '1     GSM7      13     1         -                             Your OTP is 1',
        '2     UCS2      7      1         ’ U+2019 at 3, ₹ U+20B9 at 6  it’s ₹5',
        '',
      ].join('\n'),
    )
  })

  it('shows control characters as escapes, so that a text cannot steer the terminal', async () => {
    const { stdout } = await dakghar(['segments'], lines(['\u001b[2J\u009b\u2028x\ny']))
    expect(stdout).toContain('\\u001b[2J\\u009b\\u2028x\\ny')
  })

  it('refuses another reference width as a wrong command line', async () => {
    const { exitCode, stderr } = await dakghar(['segments', '--reference-bits', '12'])
    expect(exitCode).toBe(2)
    expect(stderr).toContain('--reference-bits must be 8 or 16, not 12')
  })
})
