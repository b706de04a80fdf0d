/** Faults that happen at once: what each does to the connections, or to the accounts. */
import { encodePdu } from '../../shared/smpp/codec.ts'
import { HEADER_OCTETS } from '../../shared/smpp/framing.ts'
import type { MobileOriginated } from '../mo-pdu.ts'
import type { Session } from '../session.ts'
import { type Target, targets } from './chance.ts'
import type { Strike } from './fault.ts'
import type { Random } from './random.ts'

/** What faults act upon. */
export interface Stage {
  readonly sessions: Iterable<Session>
  /** Closes everything and takes no connection for a while. */
  restart(downMs: number): void
  sendMo(systemId: string | undefined, message: MobileOriginated): void
  /** Reports on an id nobody was given. */
  sendOrphan(systemId: string | undefined, receiptId: string): void
}

/** Answers how often it bit: connections struck, or deliveries made. */
export function strike(fault: Strike, stage: Stage, random: Random): number {
  const each = (target: Target, act: (session: Session) => void): number => {
    const struck = targets(target, stage.sessions, random)
    for (const session of struck) act(session)
    return struck.length
  }
  switch (fault.fault) {
    case 'disconnect':
      return each(fault, (session) => (fault.how === 'reset' ? session.reset() : session.destroy()))
    case 'cut-mid-pdu':
      return each(fault, (session) => session.cutMidPdu())
    case 'unbind':
      return each(fault, (session) => session.unbind())
    case 'garbage':
      return each(fault, (session) => session.raw(randomOctets(fault.octets, random)))
    case 'wrong-length':
      return each(fault, (session) => session.raw(withLength(encodePdu('enquire_link'), fault.length)))
    case 'oversized':
      return each(fault, (session) => session.raw(oversized(fault.octets)))
    case 'malformed':
      return each(fault, (session) => session.raw(malformed()))
    case 'restart':
      stage.restart(fault.downMs)
      return 1
    case 'mo':
      for (let n = 0; n < fault.count; n++) stage.sendMo(fault.systemId, fault)
      return fault.count
    case 'orphan-receipts':
      for (let n = 0; n < fault.count; n++) stage.sendOrphan(fault.systemId, unknownId(random))
      return fault.count
  }
}

function randomOctets(octets: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length: octets }, () => Math.floor(random() * 256)))
}

function withLength(pdu: Buffer, length: number): Buffer {
  pdu.writeUInt32BE(length)
  return pdu
}

const DELIVER_SM = 0x0000_0005

function oversized(octets: number): Buffer {
  const pdu = withLength(Buffer.alloc(octets, 'A'), octets)
  return header(pdu)
}

/** A service_type that never ends. */
const malformed = (): Buffer => header(withLength(Buffer.alloc(HEADER_OCTETS + 5, 'A'), HEADER_OCTETS + 5))

/** Makes the header that of a deliver_sm (SMPP 3.4 §3.2), its length apart. */
function header(pdu: Buffer): Buffer {
  pdu.writeUInt32BE(DELIVER_SM, 4)
  pdu.writeUInt32BE(0, 8)
  pdu.writeUInt32BE(0x7fff_ff00, 12)
  return pdu
}

/** 16 hexadecimal digits beginning with f: the counter of message ids needs centuries to get there. */
const unknownId = (random: Random): string =>
  `f${Array.from({ length: 15 }, () => Math.floor(random() * 16).toString(16)).join('')}`
