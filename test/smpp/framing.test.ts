import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodePdu } from '../../shared/smpp/codec.ts'
import { FramingError, MAX_PDU_OCTETS, PduFramer } from '../../shared/smpp/framing.ts'

const frame = (octets: number): Buffer => {
  const pdu = Buffer.alloc(octets, 0x5a)
  pdu.writeUInt32BE(octets, 0)
  return pdu
}

describe('PduFramer', () => {
  it('cuts the same PDUs however the stream is chunked', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 16, max: 300 }), fc.constant(MAX_PDU_OCTETS)), {
      maxLength: 12,
    })
    const cuts = fc.array(
      fc.oneof(fc.constantFrom(1, 2, 3, 4, 5, 15, 16, 17), fc.integer({ min: 1, max: 9_000 })),
      {
        minLength: 1,
      },
    )
    fc.assert(
      fc.property(sizes, cuts, (lengths, chunkLengths) => {
        const pdus = lengths.map(frame)
        const stream = Buffer.concat(pdus)
        const framer = new PduFramer()
        const got: Buffer[] = []
        for (let offset = 0, i = 0; offset < stream.length; i++) {
          const length = Math.max(chunkLengths[i % chunkLengths.length]!, stream.length >> 10)
          got.push(...framer.push(stream.subarray(offset, offset + length)))
          offset += length
        }
        expect(got.map((g) => g.length)).toEqual(lengths)
        expect(got.every((g, i) => g.equals(pdus[i]!))).toBe(true)
        expect(framer.pendingOctets).toBe(0)
      }),
    )
  })

  it('holds an unfinished PDU back, and says how much of it', () => {
    const framer = new PduFramer()
    const pdu = encodePdu('enquire_link', { sequence_number: 1 })
    expect(framer.push(pdu.subarray(0, 3))).toEqual([])
    expect(framer.pendingOctets).toBe(3)
    expect(framer.push(pdu.subarray(3, 15))).toEqual([])
    expect(framer.push(Buffer.concat([pdu.subarray(15), pdu.subarray(0, 5)]))).toEqual([pdu])
    expect(framer.pendingOctets).toBe(5)
  })

  it.each([0, 15, MAX_PDU_OCTETS + 1, 0xffff_ffff])(
    'refuses a command_length of %i before it holds an octet of it',
    (n) => {
      const header = Buffer.alloc(16)
      header.writeUInt32BE(n, 0)
      const framer = new PduFramer()
      expect(() => framer.push(header)).toThrow(FramingError)
      expect(framer.pendingOctets).toBe(0)
    },
  )

  it('refuses a wrong command_length that arrives octet by octet', () => {
    const framer = new PduFramer()
    for (const octet of [0, 0x2a, 0]) expect(framer.push(Buffer.from([octet]))).toEqual([])
    expect(() => framer.push(Buffer.from([0]))).toThrow(FramingError)
  })

  it('hands over the whole PDUs before the garbage with the error', () => {
    const stream = Buffer.concat([frame(16), frame(40), Buffer.from('GET / HTTP/1.1\r\n')])
    expect(() => new PduFramer().push(stream)).toThrow(
      expect.objectContaining({ code: 'smpp_framing', complete: [frame(16), frame(40)] }),
    )
  })
})
