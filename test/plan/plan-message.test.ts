import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { messageComposer, textOf } from '../../shared/campaign/plan-message.ts'
import { fill } from '../../shared/dlt/template.ts'
import { segment } from '../../shared/sms/segment.ts'
import { aTemplate } from './plan.factory.ts'

const NO_LIMIT = Number.POSITIVE_INFINITY

describe('messageComposer', () => {
  it('writes the parts as JSON, to be put behind the number', () => {
    expect(messageComposer(aTemplate('Dear {#var#}, hello'), 8, NO_LIMIT)(['Asha'])).toEqual({
      ok: true,
      message: {
        dataCoding: 0,
        segments: 1,
        jsonEnd: '"dc":0,"parts":["Dear Asha, hello"]}',
        jsonEndBytes: 36,
        values: ['Asha'],
        warnings: [],
      },
    })
  })

  it('says the same as filling, cutting and serialising step by step, on the short way or the long', () => {
    const chars = fc.string({
      unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '€', '{', '@', '`', 'अ', '👋'),
      maxLength: 60,
    })
    // Long enough for several segments, of characters that can be counted or that cannot.
    const long = fc.constantFrom(
      'x'.repeat(150),
      'two lines\n'.repeat(40),
      '€'.repeat(90),
      'x'.repeat(45_000),
    )
    const piece = fc.oneof(chars, long)
    const value = fc.oneof(fc.constantFrom('Asha', '', 'Rs 500', '"', '~', 'आशा', '\u0007'), chars)
    fc.assert(
      fc.property(
        piece,
        piece,
        piece,
        value,
        value,
        fc.constantFrom(8, 16),
        (a, b, c, first, second, bits) => {
          const template = aTemplate(
            `Dear ${a}{#var#}${b}{#var#}${c}`
              .replaceAll('{#var#}', '\u0001')
              .replace(/[{#}]/g, '.')
              .replaceAll('\u0001', '{#var#}'),
          )
          const composed = messageComposer(template, bits as 8 | 16, NO_LIMIT)([first, second])
          const filled = fill(template, [first, second])
          if (!filled.ok) {
            expect(composed).toEqual({ ok: false, code: filled.code, message: filled.message })
            return
          }
          const cut = segment(filled.text, bits as 8 | 16)
          if (!cut.ok) {
            expect(composed).toEqual({ ok: false, code: cut.code, message: cut.message })
            return
          }
          if (!composed.ok) throw new Error(composed.message)
          const { message } = composed
          expect(JSON.parse(`{${message.jsonEnd}`)).toEqual({ dc: cut.dataCoding, parts: cut.parts })
          expect(message.segments).toBe(cut.parts.length)
          expect(message.dataCoding).toBe(cut.dataCoding)
          expect(message.jsonEndBytes).toBe(Buffer.byteLength(message.jsonEnd))
          expect(textOf(message)).toBe(filled.text)
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each([
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
  ])('cuts %i plain characters into %i segments', (length, segments) => {
    const composed = messageComposer(aTemplate(`${'x'.repeat(length - 4)}{#var#}`), 8, NO_LIMIT)(['Asha'])
    expect(composed).toMatchObject({ ok: true, message: { segments } })
  })

  it('refuses a message that a line of the plan has no room for, on the short way and the long', () => {
    const template = aTemplate('Dear {#var#}')
    const bytes = Buffer.byteLength('"dc":0,"parts":["Dear Asha"]}')
    expect(messageComposer(template, 8, bytes)(['Asha'])).toMatchObject({ ok: true })
    expect(messageComposer(template, 8, bytes - 1)(['Asha'])).toMatchObject({
      ok: false,
      code: 'message_too_long',
    })
    expect(messageComposer(template, 8, bytes)(['आशा'])).toMatchObject({
      ok: false,
      code: 'message_too_long',
    })
  })

  it('hands on why a text cannot be cut', () => {
    const compose = messageComposer(aTemplate('x{#var#}'), 8, NO_LIMIT)
    expect(compose(['\ud83d'])).toMatchObject({ ok: false, code: 'lone_surrogate' })
  })
})
