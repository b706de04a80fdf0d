import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeUcs2, encodeUcs2 } from '../../shared/sms/ucs2.ts'
import { vectors } from './vectors.ts'

describe('UCS-2', () => {
  it.each(vectors.ucs2_octet_vectors)('writes $text big endian', ({ text, hex }) => {
    expect(encodeUcs2(text).toString('hex')).toBe(hex)
    expect(decodeUcs2(Buffer.from(hex, 'hex'))).toBe(text)
  })

  it('comes back as it went, joiners and surrogate pairs included', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUcs2(encodeUcs2(text))).toBe(text)
      }),
    )
  })

  it('marks half a code unit at the end', () => {
    expect(decodeUcs2(Buffer.from('09280', 'hex'))).toBe('न')
    expect(decodeUcs2(Buffer.from('092809', 'hex'))).toBe('न\ufffd')
  })

  it('leaves the octets it reads untouched', () => {
    const octets = Buffer.from('0928', 'hex')
    decodeUcs2(octets)
    expect(octets.toString('hex')).toBe('0928')
  })
})
