import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { SubmitEncoder } from '../../bind-worker/session/submit-encoder.ts'
import type { PlannedMessage } from '../../shared/contracts/dispatch.ts'
import { RouteConfig } from '../../shared/contracts/route.ts'
import type { Msisdn } from '../../shared/ids.ts'
import { decodePdu, encodePdu, isResponse, type Pdu, tlvOctets } from '../../shared/smpp/codec.ts'
import { parseReceipt } from '../../shared/smpp/receipt.ts'
import { receiptRank, statusOfStat } from '../../shared/smpp/states.ts'
import { segment } from '../../shared/sms/segment.ts'
import { planLine } from '../worker/factories.ts'

const gateway = RouteConfig.parse(JSON.parse(readFileSync('examples/routes/getclickmedia.json', 'utf8')))

/** The submit_sm PDUs of a text to 919876543210 from GCMDIA. */
function submitted(text: string): Pdu[] {
  const cut = segment(text, 8)
  if (!cut.ok) throw new Error(cut.message)
  const message: PlannedMessage = { i: 0, to: '919876543210' as Msisdn, dc: cut.dataCoding, parts: cut.parts }
  const line = planLine([1], { header: 'GCMDIA', entity: '110100001483', template: '1107161191448698079' })
  const encoder = new SubmitEncoder(gateway, line, {
    referenceBits: 8,
    validUntil: Date.UTC(2026, 10, 23, 12),
  })
  return message.parts.map((_, part) => decodePdu(encoder.encode(message, part)))
}

const shortMessage = (pdu: Pdu) => pdu.short_message as Buffer

describe('Connection parameters of the gateway', () => {
  it('host smpp.getclickmedia.com, port 2776 with TLS, system type GCM, transceiver', () => {
    expect(gateway).toMatchObject({
      host: 'smpp.getclickmedia.com',
      port: 2776,
      tls: true,
      systemType: 'GCM',
      bindType: 'transceiver',
    })
  })

  it('always use the TLS port in production: a route without TLS must ask for it', () => {
    const plain = {
      ...JSON.parse(readFileSync('examples/routes/getclickmedia.json', 'utf8')),
      port: 2775,
      tls: false,
    }
    expect(RouteConfig.safeParse(plain).success).toBe(false)
    expect(RouteConfig.safeParse({ ...plain, allowPlaintext: true }).success).toBe(true)
  })

  it('system type may be left blank', () => {
    expect(RouteConfig.parse({ ...gateway, systemType: undefined }).systemType).toBe('')
  })

  it('enquire_link every 30–60 seconds: 30 by default, and never rarer than 60', () => {
    expect(gateway.enquireLinkSeconds).toBe(30)
    expect(RouteConfig.parse({ ...gateway, enquireLinkSeconds: undefined }).enquireLinkSeconds).toBe(30)
    expect(RouteConfig.safeParse({ ...gateway, enquireLinkSeconds: 61 }).success).toBe(false)
  })
})

describe('Each PDU has a fixed 16-byte header', () => {
  it('length, command id, status and sequence number', () => {
    const octets = encodePdu('enquire_link', { sequence_number: 7 })
    expect(octets).toHaveLength(16)
    expect([0, 4, 8, 12].map((at) => octets.readUInt32BE(at))).toEqual([16, 0x15, 0, 7])
  })
})

describe('submit_sm', () => {
  it('source_addr is the sender ID, destination_addr the number in international format', () => {
    const [pdu] = submitted('Hello')
    expect(pdu).toMatchObject({
      command: 'submit_sm',
      source_addr: 'GCMDIA',
      destination_addr: '919876543210',
    })
  })

  it('source TON alphanumeric, destination TON international with the ISDN plan', () => {
    const [pdu] = submitted('Hello')
    expect(pdu).toMatchObject({ source_addr_ton: 5, source_addr_npi: 0, dest_addr_ton: 1, dest_addr_npi: 1 })
  })

  it('short_message holds at most 160 GSM-7 characters', () => {
    expect(submitted('x'.repeat(160))).toHaveLength(1)
    expect(submitted('x'.repeat(161))).toHaveLength(2)
  })

  it('short_message holds at most 140 octets of Unicode', () => {
    const [pdu] = submitted('अ'.repeat(70))
    expect(shortMessage(pdu!)).toHaveLength(140)
    expect(submitted('अ'.repeat(71))).toHaveLength(2)
  })

  it('data_coding is 0x00 for English and 0x08 for Unicode and regional languages', () => {
    expect(submitted('Your order has been confirmed.')[0]!.data_coding).toBe(0)
    expect(submitted('आपका ऑर्डर पक्का हो गया है।')[0]!.data_coding).toBe(8)
  })

  it('registered_delivery 0x01 requests a delivery receipt, on every part', () => {
    expect(submitted('x'.repeat(400)).map((pdu) => pdu.registered_delivery)).toEqual([1, 1, 1])
  })

  it('esm_class is 0x00 for standard and 0x40 with UDH for concatenated messages', () => {
    expect(submitted('short').map((pdu) => pdu.esm_class)).toEqual([0x00])
    expect(submitted('x'.repeat(161)).map((pdu) => pdu.esm_class)).toEqual([0x40, 0x40])
  })
})

describe('The Python example', () => {
  it('its "—" is not in the GSM alphabet and forces UCS-2', () => {
    const [pdu] = submitted('Your order ORD-9921 has been confirmed. — GCMDIA')
    expect(pdu!.data_coding).toBe(8)
    expect(shortMessage(pdu!).toString('hex')).toContain('2014')
  })

  it('with a plain hyphen the same text stays GSM-7 and may be twice as long', () => {
    const [pdu] = submitted('Your order ORD-9921 has been confirmed. - GCMDIA')
    expect(pdu!.data_coding).toBe(0)
  })
})

describe('Long messages', () => {
  it('a 300-character English message is 2 segments, 2 credits', () => {
    expect(segment('x'.repeat(300), 8)).toMatchObject({ encoding: 'GSM7', parts: { length: 2 } })
  })

  it('texts over 160 GSM-7 or 70 Unicode characters are split, and reassembled by their UDH', () => {
    for (const text of ['x'.repeat(161), 'अ'.repeat(71)]) {
      const parts = submitted(text)
      expect(parts.map((pdu) => shortMessage(pdu).subarray(0, 3).toString('hex'))).toEqual([
        '050003',
        '050003',
      ])
      expect(parts.map((pdu) => [...shortMessage(pdu).subarray(4, 6)])).toEqual([
        [2, 1],
        [2, 2],
      ])
      expect(new Set(parts.map((pdu) => shortMessage(pdu)[3])).size).toBe(1)
    }
  })
})

describe('DLT TLVs', () => {
  it('0x1400 carries the entity id and 0x1401 the template id, on every segment', () => {
    for (const pdu of submitted('x'.repeat(400))) {
      expect(tlvOctets(pdu, 0x1400)?.toString()).toBe('110100001483')
      expect(tlvOctets(pdu, 0x1401)?.toString()).toBe('1107161191448698079')
    }
  })

  it('user_message_reference is sent where the route asks for it', () => {
    const route = RouteConfig.parse({ ...gateway, dlt: { userMessageReference: true } })
    const line = planLine([1])
    const encoder = new SubmitEncoder(route, line, { referenceBits: 8, validUntil: Date.UTC(2026, 10, 23) })
    expect(decodePdu(encoder.encode(line.messages[0]!, 0)).user_message_reference).toEqual(expect.any(Number))
  })
})

describe('deliver_sm with a delivery receipt', () => {
  const example =
    'id:gcm_msg_abc123 sub:001 dlvrd:001 submit date:2606231030 done date:2606231031 stat:DELIVRD err:000'

  it('the body of the example is read', () => {
    expect(parseReceipt({ text: example })).toMatchObject({
      isReceipt: true,
      id: 'gcm_msg_abc123',
      sub: '001',
      dlvrd: '001',
      submitDate: '2606231030',
      doneDate: '2606231031',
      stat: 'DELIVRD',
      err: '000',
      final: true,
    })
  })

  it.each([
    ['DELIVRD', 'delivered'],
    ['UNDELIV', 'undelivered'],
    ['REJECTD', 'rejected'],
    ['EXPIRED', 'expired'],
  ] as const)('stat %s means %s', (stat, status) => {
    expect(statusOfStat(stat)).toBe(status)
    expect(receiptRank(stat)).toBeGreaterThan(receiptRank('ENROUTE'))
  })
})

describe('submit_sm_resp', () => {
  it('carries command_status 0 and the message_id the receipt will name', () => {
    const response = decodePdu(
      encodePdu('submit_sm_resp', { message_id: 'gcm_msg_abc123', sequence_number: 3 }),
    )
    expect(response).toMatchObject({ command_status: 0, message_id: 'gcm_msg_abc123', sequence_number: 3 })
    expect(isResponse(response)).toBe(true)
  })
})
