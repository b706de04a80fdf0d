import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodePdu,
  encodePdu,
  isResponse,
  MalformedPdu,
  octetsToText,
  type Pdu,
  tlvOctets,
  vendorTlv,
} from '../../shared/smpp/codec.ts'
import { FramingError, PduFramer } from '../../shared/smpp/framing.ts'
import { receiptOf } from '../../shared/smpp/receipt-pdu.ts'

interface Vector {
  hex: string
  framing: 'complete' | 'short' | 'trailing_bytes' | 'invalid_command_length'
  decoded: Record<string, unknown> & { tlvs?: { tag: string; name: string | null; value_hex: string }[] }
  hostile?: boolean
  source: string
}
const { vectors } = JSON.parse(readFileSync(new URL('vectors/pdus.json', import.meta.url), 'utf8')) as {
  vectors: Vector[]
}
// Vendor TLVs a route declares are written as well as read; 0x1403 and the others are only read.
for (const tag of [0x1400, 0x1401, 0x1402]) vendorTlv(tag)

const wellFormed = vectors.filter(
  (v) => v.framing === 'complete' && !v.decoded.decode_error && v.decoded.command,
)

/** Fields of a vector that are not in the PDU under their own name. */
const NOT_FIELDS = new Set([
  'command_id',
  'sm_length',
  'short_message_hex',
  'udh_hex',
  'user_data_hex',
  'tlvs',
  'violations',
  // SMPP 3.4 calls them so; the codec keeps its own spelling.
  'addr_ton',
  'addr_npi',
])

describe('PDUs of other implementations', () => {
  it.each(wellFormed.map((v) => [v.decoded.command as string, v.source, v] as const))(
    'decodes %s of %s',
    (_c, _s, v) => {
      const pdu = decodePdu(Buffer.from(v.hex, 'hex'))
      expect(pdu.command_id).toBe(Number(v.decoded.command_id))
      for (const [field, value] of Object.entries(v.decoded)) {
        if (!NOT_FIELDS.has(field)) expect([field, pdu[field]]).toEqual([field, value])
      }
      if (v.decoded.short_message_hex !== undefined) {
        expect((pdu.short_message as Buffer).toString('hex')).toBe(v.decoded.short_message_hex)
      }
      for (const tlv of v.decoded.tlvs ?? []) expect(tlvHex(pdu, tlv)).toBe(tlv.value_hex)
    },
  )

  /** We write a body exactly where SMPP 3.4 has one: always, but for a response with an error status. */
  const writable = wellFormed.filter(
    (v) => v.decoded.command_status === 0 && onlyKnownTlvs(v) && !v.source.includes('NoMessageId'),
  )
  it.each(writable.map((v) => [v.decoded.command as string, v.source, v] as const))(
    'writes %s of %s back octet for octet',
    (_command, _source, v) => {
      const { command, ...fields } = decodePdu(Buffer.from(v.hex, 'hex'))
      expect(encodePdu(command, fields).toString('hex')).toBe(v.hex)
    },
  )

  it('keeps the octets of a TLV it does not know', () => {
    const [vector] = wellFormed.filter((v) => v.source.includes('vendor_specific_bypass'))
    expect(tlvOctets(decodePdu(Buffer.from(vector!.hex, 'hex')), 0x1002)?.toString()).toBe('4')
  })

  it('finds the receipt in a deliver_sm, by its TLVs, its text or its payload', () => {
    const receipts = wellFormed
      .filter((v) => v.decoded.command === 'deliver_sm')
      .map((v) => receiptOf(decodePdu(Buffer.from(v.hex, 'hex'))))
    const ids = receipts.map((r) => (r.isReceipt ? r.id : null))
    expect(ids).toEqual(
      expect.arrayContaining([
        '38601fa',
        '6aad5',
        '126e85a6edeac1a02020099312479564',
        '117062714244798261',
        null,
      ]),
    )
  })
})

function onlyKnownTlvs(v: Vector): boolean {
  const pdu = decodePdu(Buffer.from(v.hex, 'hex'))
  return Object.keys(pdu).every((field) => !/^\d+$/.test(field))
}

/** Where the vectors give a tag without a name. */
const NAMES: Readonly<Record<string, string>> = {
  '0x0202': 'source_subaddress',
  '0x0428': 'congestion_state',
}

function tlvHex(pdu: Pdu, { tag, name }: { tag: string; name: string | null }): string | undefined {
  const octets = tlvOctets(pdu, Number(tag))
  if (octets) return octets.toString('hex')
  const value = pdu[name ?? NAMES[tag] ?? '']
  if (Buffer.isBuffer(value)) return value.toString('hex')
  return typeof value === 'number' ? value.toString(16).padStart(tag === '0x020c' ? 4 : 2, '0') : undefined
}

describe('hostile PDUs', () => {
  it.each(vectors.filter((v) => v.hostile).map((v) => [v.source, v] as const))(
    'survives %s',
    (_source, v) => {
      const octets = Buffer.from(v.hex, 'hex')
      const framer = new PduFramer()
      if (v.framing === 'invalid_command_length') {
        expect(() => framer.push(octets)).toThrow(FramingError)
        return
      }
      const frames = framer.push(octets)
      if (v.framing === 'short') expect(frames).toEqual([])
      else expect(() => decodePdu(frames[0]!)).toThrow(MalformedPdu)
    },
  )

  const deliver = (tail: string) => {
    const body = `${'00'.repeat(17)}${tail}`
    const length = (16 + body.length / 2).toString(16).padStart(8, '0')
    return Buffer.from(`${length}00000005000000000000002a${body}`, 'hex')
  }

  it('says which PDU could not be read, so that it can be answered', () => {
    const frame = deliver('').subarray(0, 20)
    frame.writeUInt32BE(20, 0)
    expect(() => decodePdu(frame)).toThrow(
      expect.objectContaining({ code: 'smpp_malformed_pdu', commandId: 5, sequenceNumber: 42 }),
    )
  })

  it('refuses a request whose body stops before its mandatory fields do', () => {
    const whole = encodePdu('submit_sm', {
      destination_addr: '919876543210',
      short_message: Buffer.from('hi'),
    })
    for (let length = 16; length < whole.length; length++) {
      const cut = Buffer.from(whole.subarray(0, length))
      cut.writeUInt32BE(length, 0)
      expect(() => decodePdu(cut)).toThrow(MalformedPdu)
    }
  })

  it('says which field of a message is missing, or does not end', () => {
    const cut = (body: string) => {
      const frame = Buffer.from(`00000000000000050000000000000001${body}`, 'hex')
      frame.writeUInt32BE(frame.length, 0)
      return () => decodePdu(frame)
    }
    expect(cut('')).toThrow('deliver_sm: service_type is missing')
    expect(cut('0001')).toThrow('deliver_sm: source_addr_npi is missing')
    expect(cut('000101393137')).toThrow('deliver_sm: source_addr at octet 19 has no NUL')
    expect(cut(`${'0'.repeat(32)}0561`)).toThrow('deliver_sm: sm_length 5 exceeds the PDU')
  })

  it('refuses a TLV that runs over the end of its PDU, known or not', () => {
    expect(() => decodePdu(deliver('0424000961'))).toThrow(MalformedPdu)
    expect(() => decodePdu(deliver('14540009'))).toThrow(MalformedPdu)
    expect(() => decodePdu(deliver('001e000961'))).toThrow(MalformedPdu)
  })

  it('reads a TLV no further than its length', () => {
    const pdu = decodePdu(deliver('001e000333343504270004000000020006000101'))
    expect(octetsToText(pdu.receipted_message_id)).toBe('345')
    expect(pdu.message_state).toBe(2)
    expect(pdu.dest_network_type).toBe(1)
  })

  it('leaves an empty integer TLV out', () => {
    expect(decodePdu(deliver('042700000006000101'))).toMatchObject({ dest_network_type: 1 })
    expect(decodePdu(deliver('042700000006000101')).message_state).toBeUndefined()
  })

  it('takes a response without body', () => {
    const pdu = decodePdu(Buffer.from('00000010800000040000005800000063', 'hex'))
    expect(pdu).toMatchObject({ command: 'submit_sm_resp', command_status: 0x58, sequence_number: 99 })
    expect(isResponse(pdu)).toBe(true)
  })

  it('refuses a frame that is not as long as it says', () => {
    expect(() => decodePdu(Buffer.alloc(15))).toThrow(MalformedPdu)
    expect(() => decodePdu(Buffer.from('0000001180000004000000000a342ee1', 'hex'))).toThrow(MalformedPdu)
  })

  it('throws nothing but MalformedPdu on 50,000 mutilated PDUs', () => {
    const octets = wellFormed.map((v) => Buffer.from(v.hex, 'hex'))
    const mutation = fc.record({
      which: fc.nat(octets.length - 1),
      cut: fc.nat(260),
      changes: fc.array(fc.tuple(fc.nat(260), fc.nat(255)), { maxLength: 6 }),
    })
    let refused = 0
    fc.assert(
      fc.property(mutation, ({ which, cut, changes }) => {
        const frame = Buffer.from(
          octets[which]!.subarray(0, Math.max(16, octets[which]!.length - (cut >> 3))),
        )
        for (const [at, octet] of changes) if (at < frame.length) frame[at] = octet
        frame.writeUInt32BE(frame.length, 0)
        try {
          receiptOf(decodePdu(frame))
        } catch (error) {
          if (!(error instanceof MalformedPdu)) throw error
          refused++
        }
      }),
      { numRuns: 50_000 },
    )
    expect(refused).toBeGreaterThan(0)
  })
})

describe('octets in, octets out', () => {
  const octet = fc.nat(255)
  const text = (maxLength: number) =>
    fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength })
  const message = fc.record({
    ...{ service_type: text(5), source_addr: text(20), destination_addr: text(20) },
    ...{ source_addr_ton: octet, source_addr_npi: octet, dest_addr_ton: octet, dest_addr_npi: octet },
    ...{ esm_class: octet, protocol_id: octet, priority_flag: octet, registered_delivery: octet },
    ...{ schedule_delivery_time: text(16), validity_period: text(16), replace_if_present_flag: octet },
    ...{ data_coding: octet, sm_default_msg_id: octet },
    short_message: fc.uint8Array({ maxLength: 254 }).map((octets) => Buffer.from(octets)),
    receipted_message_id: fc.uint8Array({ minLength: 1, maxLength: 20 }).map((octets) => Buffer.from(octets)),
  })

  it.each(['submit_sm', 'deliver_sm'])('reads every field of a %s as it was written', (command) => {
    fc.assert(
      fc.property(message, (fields) => {
        expect(decodePdu(encodePdu(command, fields))).toMatchObject({ command, ...fields })
      }),
    )
  })

  it('carries text and DLT TLVs untouched', () => {
    const entity = vendorTlv(0x1400)
    const octets = Buffer.from(Array.from({ length: 254 }, (_, i) => i))
    const frame = encodePdu('submit_sm', {
      sequence_number: 7,
      source_addr: 'DAKGHR',
      source_addr_ton: 5,
      destination_addr: '919876543210',
      validity_period: '000000010000000R',
      data_coding: 0,
      short_message: octets,
      [entity]: Buffer.from('1701158019811140068'),
    })
    const pdu = decodePdu(frame)
    expect(pdu).toMatchObject({ source_addr: 'DAKGHR', validity_period: '000000010000000R', data_coding: 0 })
    expect(pdu.short_message).toEqual(octets)
    expect(tlvOctets(pdu, 0x1400)?.toString()).toBe('1701158019811140068')
    expect(frame.toString('hex')).toContain(`14000013${Buffer.from('1701158019811140068').toString('hex')}`)
  })

  it('names the same tag the same way every time', () => {
    expect(vendorTlv(0x1401)).toBe(vendorTlv(0x1401))
  })
})
