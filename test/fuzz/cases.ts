/** Byte streams a peer might send, from noise to almost right. A case is a pure function of its seed and number. */
import type { Random } from '../../shared/ports.ts'
import { encodePdu } from '../../shared/smpp/codec.ts'
import { seededRandom } from '../support/fake-random.ts'

/** A stream as it arrives: cut into chunks anywhere. */
export type Case = readonly Buffer[]

/** Odd, so that neighbouring seeds and numbers do not meet. */
const SEED_STRIDE = 0x9e37_79b1

export function caseOf(seed: number, n: number): Case {
  const random = seededRandom(Math.imul(seed, SEED_STRIDE) + n)
  return cut(Buffer.concat(streamOf(random)), random)
}

function streamOf(random: Random): Buffer[] {
  const pdus = Array.from({ length: 1 + below(random, 4) }, () => pduOf(random))
  return random.next() < 0.1 ? [...pdus, noise(random, below(random, 64))] : pdus
}

function pduOf(random: Random): Buffer {
  const pdu = one(random, SEEDS)(random)
  switch (below(random, 10)) {
    case 0:
      return noise(random, below(random, 80))
    case 1:
      return framed(Buffer.concat([noise(random, 12), noise(random, below(random, 120))]))
    case 2:
    case 3:
      return pdu
    default:
      return mutated(pdu, random)
  }
}

/** Well-formed PDUs of every kind a session meets, to start from. */
const SEEDS: readonly ((random: Random) => Buffer)[] = [
  (random) => deliver(random, 4, one(random, RECEIPTS)),
  (random) => deliver(random, 0x44, `\x05\x00\x03\x07\x02\x01${one(random, RECEIPTS)}`),
  (random) => deliver(random, below(random, 256), one(random, RECEIPTS)),
  (random) =>
    encodePdu('deliver_sm', {
      ...head(random),
      ...{ esm_class: 4, message_payload: Buffer.from(one(random, RECEIPTS).repeat(1 + below(random, 40))) },
      ...{ receipted_message_id: noise(random, below(random, 70)), message_state: below(random, 256) },
      network_error_code: noise(random, 3),
    }),
  (random) => encodePdu('submit_sm_resp', { ...head(random), message_id: one(random, IDS) }),
  (random) => encodePdu('submit_sm_resp', { ...head(random), command_status: below(random, 1_100) }),
  (random) => encodePdu('generic_nack', { ...head(random), command_status: 3 }),
  (random) => encodePdu('enquire_link', head(random)),
  (random) => encodePdu('enquire_link_resp', head(random)),
  (random) => encodePdu('bind_transceiver_resp', { ...head(random), system_id: 'SMSC' }),
  (random) => encodePdu('unbind', head(random)),
  (random) => encodePdu('unbind_resp', head(random)),
  (random) => encodePdu('alert_notification', head(random)),
  (random) => encodePdu('data_sm', { ...head(random), message_payload: Buffer.from(one(random, RECEIPTS)) }),
]

const IDS = [
  '0',
  'A1B2C3',
  '123456789012345678901234567890',
  'f47ac10b-58cc-4372-a567-0e02b2c3d479',
  '\xff\x80',
]
const RECEIPTS = [
  'id:123A456B sub:001 dlvrd:001 submit date:2609010600 done date:2609010601 stat:DELIVRD err:000 text:Dear Asha',
  'id: 42 STAT: undeliv err: 650',
  'text:id:7 stat:DELIVRD submit date:2026-09-01 06:00',
  'ID:1,SUB:001,DONE DATE:260901060000,STAT:EXPIRED',
  'stat:\0\0 id:',
  'STOP',
  'id:'.repeat(60),
  'submit date '.repeat(20),
]

const head = (random: Random) => ({
  sequence_number: below(random, 2) ? below(random, 40) : below(random, 2 ** 31),
})

const deliver = (random: Random, esmClass: number, text: string) =>
  encodePdu('deliver_sm', {
    ...head(random),
    ...{ source_addr: '919876543210', destination_addr: 'ACMEIN', esm_class: esmClass },
    ...{
      data_coding: one(random, [0, 1, 3, 8, 4]),
      short_message: Buffer.from(text.slice(0, 250), 'latin1'),
    },
  })

const ODD_LENGTHS = [0, 1, 4, 15, 16, 17, 69_632, 69_633, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]

/** A few octets changed, lost or doubled; its command_length told right, so that the damage reaches the codec. */
function mutated(pdu: Buffer, random: Random): Buffer {
  let octets = Buffer.from(pdu)
  for (let times = 1 + below(random, 4); times > 0; times--) octets = mutatedOnce(octets, random)
  return random.next() < 0.85 && octets.length >= 16 ? framed(octets.subarray(4)) : octets
}

function mutatedOnce(octets: Buffer<ArrayBuffer>, random: Random): Buffer<ArrayBuffer> {
  const at = below(random, octets.length)
  switch (below(random, 6)) {
    case 0:
      if (octets.length > 0) octets[at] = below(random, 256)
      return octets
    case 1:
      if (octets.length > 0) octets[at]! ^= 1 << below(random, 8)
      return octets
    case 2:
      return Buffer.concat([octets.subarray(0, at), octets.subarray(at + below(random, 8))])
    case 3:
      return Buffer.concat([octets.subarray(0, at), noise(random, below(random, 20)), octets.subarray(at)])
    case 4:
      return Buffer.concat([octets, octets.subarray(at)])
    default:
      if (octets.length >= 4) octets.writeUInt32BE(one(random, ODD_LENGTHS), 0)
      return octets
  }
}

function framed(body: Buffer): Buffer {
  const pdu = Buffer.alloc(4 + body.length)
  pdu.writeUInt32BE(pdu.length, 0)
  body.copy(pdu, 4)
  return pdu
}

/** Most streams arrive whole or in a few pieces; some octet by octet. */
function cut(stream: Buffer, random: Random): Case {
  if (random.next() < 0.02) return Array.from(stream, (_, at) => stream.subarray(at, at + 1))
  const chunks: Buffer[] = []
  for (let from = 0; from < stream.length; ) {
    const until = random.next() < 0.5 ? stream.length : from + 1 + below(random, stream.length - from)
    chunks.push(stream.subarray(from, until))
    from = until
  }
  return chunks
}

function noise(random: Random, octets: number): Buffer<ArrayBuffer> {
  const bytes = Buffer.alloc(octets)
  for (let at = 0; at < octets; at++) bytes[at] = below(random, 256)
  return bytes
}

const below = (random: Random, limit: number): number => Math.floor(random.next() * limit)
const one = <T>(random: Random, of: readonly T[]): T => of[below(random, of.length)]!
