/** SMPP as Wireshark's dissector reads it, which was written by neither us nor the peers. */
import { execFileSync } from 'node:child_process'

export const COMMAND = {
  genericNack: 0x8000_0000,
  bindTransceiver: 0x09,
  unbind: 0x06,
  submitSm: 0x04,
  submitSmResp: 0x8000_0004,
  deliverSm: 0x05,
  deliverSmResp: 0x8000_0005,
  enquireLink: 0x15,
  enquireLinkResp: 0x8000_0015,
} as const

export interface WirePdu {
  /** Number of the TCP connection. */
  stream: string
  /** Sent by the SMSC. */
  fromSmsc: boolean
  command: number
  status: number
  sequence: number
  /** What the dissector shows of a field, every time it occurs. */
  all(field: string): string[]
  /** The octets of a field in hexadecimal. */
  octets(field: string): string | null
}

export interface Conversation {
  pdus: WirePdu[]
  /** Packets in which the dissector found something malformed, by who sent them. */
  malformed: { fromSmsc: boolean; text: string }[]
}

/**
 * Reads a capture of plain TCP to an SMSC at `port`. PDML, because tshark's field output prints the PDUs of one TCP
 * segment into each other; no TLS, because the dissector cannot be put on top of it.
 */
export function dissect(file: string, port: number): Conversation {
  const filter = `smpp && tcp.port == ${port}`
  const args = ['-r', file, '-d', `tcp.port==${port},smpp`, '-Y', filter, '-T', 'pdml']
  const pdml = execFileSync('tshark', args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const conversation: Conversation = { pdus: [], malformed: [] }
  for (const packet of pdml.split('<packet>').slice(1)) {
    const stream = shown(packet, 'tcp.stream')[0] ?? '?'
    const fromSmsc = shown(packet, 'tcp.srcport')[0] === String(port)
    if (/_ws\.malformed|Malformed Packet/.test(packet)) {
      conversation.malformed.push({ fromSmsc, text: shown(packet, 'tcp.payload')[0] ?? 'no payload' })
    }
    for (const text of packet.split('<proto name="smpp"').slice(1)) {
      conversation.pdus.push(pduOf(text, stream, fromSmsc))
    }
  }
  return conversation
}

function pduOf(text: string, stream: string, fromSmsc: boolean): WirePdu {
  const number = (field: string) => Number(shown(text, field)[0])
  return {
    stream,
    fromSmsc,
    command: number('smpp.command_id'),
    status: number('smpp.command_status'),
    sequence: number('smpp.sequence_number'),
    all: (field) => shown(text, field),
    octets: (field) => attribute(text, field, 'value')[0] ?? null,
  }
}

const shown = (text: string, field: string): string[] => attribute(text, field, 'show')

function attribute(text: string, field: string, name: string): string[] {
  const pattern = new RegExp(`name="${field.replaceAll('.', '\\.')}"[^>]*\\s${name}="([^"]*)"`, 'g')
  return [...text.matchAll(pattern)].map((match) => match[1]!)
}
