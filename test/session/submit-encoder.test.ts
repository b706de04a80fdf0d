import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dltTlvs } from '../../bind-worker/session/dlt-tlvs.ts'
import { SubmitEncoder } from '../../bind-worker/session/submit-encoder.ts'
import { validityPeriod } from '../../bind-worker/session/validity-period.ts'
import type { PlanLine, PlannedMessage } from '../../shared/contracts/dispatch.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import { CampaignId, type Msisdn } from '../../shared/ids.ts'
import {
  decodePdu,
  encodePdu,
  octetsToText,
  type Pdu,
  tlvOctets,
  vendorTlv,
} from '../../shared/smpp/codec.ts'
import { concatUdh, encodeText, referenceNumber } from '../../shared/sms/udh.ts'
import { routeConfig } from './support/factories.ts'

type Line = Pick<PlanLine, 'campaign' | 'header' | 'entity' | 'template'>

const LINE: Line = {
  campaign: CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ'),
  header: 'GCMDIA',
  entity: '1701158019811140068',
  template: '1107161191448698079',
}
const VALID_UNTIL = Date.UTC(2026, 5, 23, 15, 29, 59, 900)

const message = (parts: string[], dc: 0 | 8 = 0): PlannedMessage => ({
  i: 0,
  to: '919876543210' as Msisdn,
  dc,
  parts,
})
const encoder = (route: RouteConfig = routeConfig(), referenceBits: 8 | 16 = 8): SubmitEncoder =>
  new SubmitEncoder(route, LINE, { referenceBits, validUntil: VALID_UNTIL })

const tlvText = (pdu: Pdu, tag: number): string | undefined => tlvOctets(pdu, tag)?.toString('latin1')

/** The same segment through the general codec. */
function byCodec(route: RouteConfig, line: Line, of: PlannedMessage, part: number, bits: 8 | 16): Buffer {
  const text = encodeText(of.parts[part]!, of.dc)
  const total = of.parts.length
  const udh = concatUdh(referenceNumber(line.campaign, of.to, bits), total, part + 1, bits)
  return encodePdu('submit_sm', {
    source_addr_ton: route.sourceTon,
    source_addr_npi: route.sourceNpi,
    source_addr: line.header,
    dest_addr_ton: route.destTon,
    dest_addr_npi: route.destNpi,
    destination_addr: of.to,
    esm_class: total > 1 ? 0x40 : 0,
    validity_period: validityPeriod(VALID_UNTIL),
    registered_delivery: 1,
    data_coding: of.dc,
    short_message: total > 1 ? Buffer.concat([udh, text]) : text,
    ...Object.fromEntries(dltTlvs(route, line).map(([tag, octets]) => [vendorTlv(tag), octets])),
    ...(route.dlt.userMessageReference
      ? { user_message_reference: referenceNumber(line.campaign, of.to, 16) }
      : {}),
  })
}

describe('a submit_sm', () => {
  test('carries what every segment must', () => {
    const pdu = decodePdu(encoder().encode(message(['Your order ORD-9921 has been confirmed.']), 0))
    expect(pdu).toMatchObject({
      command: 'submit_sm',
      sequence_number: 0,
      service_type: '',
      source_addr_ton: 5,
      source_addr_npi: 0,
      source_addr: 'GCMDIA',
      dest_addr_ton: 1,
      dest_addr_npi: 1,
      destination_addr: '919876543210',
      esm_class: 0,
      registered_delivery: 1,
      data_coding: 0,
      validity_period: '260623152959000+',
      short_message: Buffer.from('Your order ORD-9921 has been confirmed.'),
    })
    expect(tlvText(pdu, 0x1400)).toBe('1701158019811140068')
    expect(tlvText(pdu, 0x1401)).toBe('1107161191448698079')
    expect(tlvOctets(pdu, 0x1402)).toBeNull()
    expect(pdu.user_message_reference).toBeUndefined()
  })

  test('of a long message has the UDH before the text, and the same DLT TLVs on every part', () => {
    const long = message(['a'.repeat(153), 'b'.repeat(153), 'c'])
    const pdus = [0, 1, 2].map((part) => decodePdu(encoder().encode(long, part)))
    const bodies = pdus.map((pdu) => pdu.short_message as Buffer)
    expect(pdus.map((pdu) => pdu.esm_class)).toEqual([0x40, 0x40, 0x40])
    expect(bodies.map((body) => [...body.subarray(0, 3)])).toEqual(Array(3).fill([5, 0, 3]))
    expect(new Set(bodies.map((body) => body[3])).size).toBe(1)
    expect(bodies.map((body) => [...body.subarray(4, 6)])).toEqual([
      [3, 1],
      [3, 2],
      [3, 3],
    ])
    expect(bodies.map((body) => body.length)).toEqual([159, 159, 7])
    expect(new Set(pdus.map((pdu) => tlvText(pdu, 0x1400))).size).toBe(1)
    expect(new Set(pdus.map((pdu) => tlvText(pdu, 0x1401))).size).toBe(1)
  })

  test('in Hindi goes as big-endian UCS-2 with data_coding 8', () => {
    const pdu = decodePdu(encoder().encode(message(['नमस्ते'], 8), 0))
    expect(pdu.data_coding).toBe(8)
    expect(pdu.short_message).toEqual(Buffer.from('0928092e0938094d09240947', 'hex'))
  })

  test('takes tags, NUL, chain and user_message_reference from the route', () => {
    const route = routeConfig({
      dlt: {
        entityTag: 0x1500,
        templateTag: 0x1501,
        chainTag: 0x1502,
        nulTerminated: true,
        chain: 'tmIds',
        userMessageReference: true,
      },
      telemarketerIds: ['1101172974420820002', '1101172974420830004'],
    })
    const pdu = decodePdu(encoder(route).encode(message(['hello']), 0))
    expect(tlvText(pdu, 0x1500)).toBe('1701158019811140068\0')
    expect(tlvText(pdu, 0x1501)).toBe('1107161191448698079\0')
    expect(octetsToText(tlvOctets(pdu, 0x1502))).toBe('1101172974420820002,1101172974420830004')
    expect(pdu.user_message_reference).toBe(referenceNumber(LINE.campaign, '919876543210', 16))
  })

  test('refuses a short_message over 254 octets, header included', () => {
    expect(() => encoder().encode(message(['x'.repeat(255)]), 0)).toThrow('255 octets exceeds 254')
    expect(() => encoder().encode(message(['x'.repeat(249), 'y']), 0)).toThrow('255 octets exceeds 254')
    expect(encoder().encode(message(['x'.repeat(254)]), 0)).toBeInstanceOf(Buffer)
  })

  test('refuses a part the message does not have', () => {
    expect(() => encoder().encode(message(['x']), 1)).toThrow('part 1 of 1')
  })

  test('of a long message has SAR TLVs instead of a UDH where the route says so', () => {
    const long = message(['a'.repeat(153), 'b'])
    const sar = routeConfig({ longMessage: 'sar', dlt: { userMessageReference: true } })
    const pdus = [0, 1].map((part) => decodePdu(encoder(sar).encode(long, part)))
    expect(pdus.map((pdu) => pdu.esm_class)).toEqual([0, 0])
    expect(pdus.map((pdu) => String(pdu.short_message))).toEqual(long.parts)
    expect(pdus.map((pdu) => [pdu.sar_total_segments, pdu.sar_segment_seqnum])).toEqual([
      [2, 1],
      [2, 2],
    ])
    const reference = referenceNumber(LINE.campaign, long.to, 8)
    expect(pdus.map((pdu) => pdu.sar_msg_ref_num)).toEqual([reference, reference])
    expect(pdus.map((pdu) => tlvText(pdu, 0x1401))).toEqual([LINE.template, LINE.template])
    expect(pdus.every((pdu) => typeof pdu.user_message_reference === 'number')).toBe(true)
  })

  test.each([
    [0, ['a'.repeat(153), 'b'.repeat(153), 'c'], 307],
    [8, ['न'.repeat(67), 'म'], 136],
  ] as const)(
    'with data_coding %i goes out whole in message_payload where the route says so',
    (dc, parts, octets) => {
      const whole = message([...parts], dc)
      const pdu = decodePdu(encoder(routeConfig({ longMessage: 'payload' })).encode(whole, 0))
      expect(pdu).toMatchObject({ esm_class: 0, data_coding: dc, short_message: Buffer.alloc(0) })
      expect(pdu.message_payload).toEqual(encodeText(parts.join(''), dc))
      expect((pdu.message_payload as Buffer).length).toBe(octets)
      expect(tlvText(pdu, 0x1400)).toBe(LINE.entity)
    },
  )

  test.each(['sar', 'payload'] as const)('of a short message is the same on a %s route', (longMessage) => {
    const short = message(['ready'])
    expect(encoder(routeConfig({ longMessage })).encode(short, 0)).toEqual(encoder().encode(short, 0))
  })

  test('laid by hand is octet for octet what the codec encodes', () => {
    const digits = (min: number, max: number) =>
      fc.stringMatching(new RegExp(`^[1-9]\\d{${min - 1},${max - 1}}$`))
    const gsm = fc.string({ unit: fc.constantFrom(...'abcXYZ 019@£Δ{}€\n'), minLength: 1, maxLength: 70 })
    const ucs2 = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    const texts = fc.oneof(
      fc.record({ dc: fc.constant(0 as const), parts: fc.array(gsm, { minLength: 1, maxLength: 4 }) }),
      fc.record({ dc: fc.constant(8 as const), parts: fc.array(ucs2, { minLength: 1, maxLength: 4 }) }),
    )
    const routes = fc.record({
      sourceTon: fc.integer({ min: 0, max: 6 }),
      sourceNpi: fc.integer({ min: 0, max: 18 }),
      destTon: fc.integer({ min: 0, max: 6 }),
      destNpi: fc.integer({ min: 0, max: 18 }),
      telemarketerIds: fc.array(digits(12, 19), { maxLength: 3 }),
      dlt: fc.record({
        nulTerminated: fc.boolean(),
        chain: fc.constantFrom('none' as const, 'tmIds' as const, 'hash' as const),
        userMessageReference: fc.boolean(),
      }),
    })
    const lines = fc.record({
      campaign: fc.constantFrom('c1', 'single-tenant-2026112310').map((id) => CampaignId.parse(id)),
      header: fc.stringMatching(/^[A-Za-z0-9]{1,20}$/),
      entity: digits(12, 19),
      template: digits(12, 19),
    })
    const bits = fc.constantFrom(8 as const, 16 as const)
    fc.assert(
      fc.property(routes, lines, texts, digits(7, 15), bits, (changes, line, text, to, referenceBits) => {
        const route = routeConfig(changes)
        const of: PlannedMessage = { i: 0, to: to as Msisdn, ...text }
        const hand = new SubmitEncoder(route, line, { referenceBits, validUntil: VALID_UNTIL })
        for (const part of of.parts.keys()) {
          const general = byCodec(route, line, of, part, referenceBits)
          expect(hand.encode(of, part).toString('hex')).toBe(general.toString('hex'))
        }
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('the PE-TM chain', () => {
  const entity = '1101172974420810001'
  const hashOf = (telemarketerIds: string[]): string | undefined => {
    const route = routeConfig({ dlt: { chain: 'hash' }, telemarketerIds })
    return dltTlvs(route, { ...LINE, entity })
      .find(([tag]) => tag === 0x1402)?.[1]
      .toString()
  }

  // Vectors: ids from an operator's manual.
  test.each([
    [['1101172974420830004'], 'c0c951afca257c5b87c3da535c09112080483f35b7e6faf35e2428b3b526b694'],
    [
      ['1101172974420820002', '1101172974420830004'],
      'ba38bbe4ab3780a70aad6071c006e720eed8efc1ff70b00691d3b6844e6497e2',
    ],
    [
      ['1101172974420820002', '1101172974420820003', '1101172974420830004'],
      'd3133e436040034d9e95932ea93a1f82c37e1d98803229f835d8f3124e77e07f',
    ],
  ])('is hashed as operators register it: %j', (telemarketerIds, hash) => {
    expect(hashOf(telemarketerIds)).toBe(hash)
  })

  test('has no TLV for telemarketer ids when there are none', () => {
    expect(dltTlvs(routeConfig({ dlt: { chain: 'tmIds' } }), LINE).map(([tag]) => tag)).toEqual([
      0x1400, 0x1401,
    ])
  })
})

describe('validity_period', () => {
  test.each([
    [Date.UTC(2026, 10, 23, 15, 29, 0), '261123152900000+'],
    [Date.UTC(2026, 11, 31, 23, 59, 59, 999), '261231235959000+'],
    [Date.UTC(2027, 0, 1), '270101000000000+'],
  ])('is absolute and in UTC, never later than the moment given: %i', (end, expected) => {
    expect(validityPeriod(end)).toBe(expected)
  })
})
