/** Joins parts into messages as a handset does: by sender, receiver, reference and total (3GPP TS 23.040 §9.2.3.24.1). */
import { type SubmitRecord, textOf } from './truth.ts'

export interface ReceivedMessage {
  source: string
  to: string
  /** By part; a part that never came is undefined. */
  parts: (SubmitRecord | undefined)[]
  complete: boolean
  /** The octets of all parts that came, as latin-1. */
  octets: string
}

/** Takes parts as they come. */
export class Reassembler {
  readonly #open = new Map<string, ReceivedMessage>()

  /**
   * The message the part belongs to, with the part in it. One that comes twice before its message is complete starts
   * another message: that is what a handset would show.
   */
  add(record: SubmitRecord): ReceivedMessage {
    const { source, to, total, part, octets } = record
    if (total === 1) return { source, to, parts: [record], complete: true, octets }
    const key = keyOf(record)
    let message = this.#open.get(key)
    if (!message || message.parts[part - 1]) {
      const parts = Array.from<SubmitRecord | undefined>({ length: total })
      message = { source, to, parts, complete: false, octets: '' }
      this.#open.set(key, message)
    }
    message.parts[part - 1] = record
    message.octets = message.parts.map((each) => each?.octets ?? '').join('')
    message.complete = !message.parts.includes(undefined)
    if (message.complete) this.#open.delete(key)
    return message
  }

  /** Parts still to come start another message. */
  giveUp(message: ReceivedMessage): void {
    const key = keyOf(message.parts.find((part) => part !== undefined)!)
    if (this.#open.get(key) === message) this.#open.delete(key)
  }
}

const keyOf = ({ systemId, source, to, ref, total }: SubmitRecord): string =>
  `${systemId} ${source} ${to} ${ref} ${total}`

/** The messages of a log, in the order their first part came. */
export function reassemble(records: Iterable<SubmitRecord>): ReceivedMessage[] {
  const reassembler = new Reassembler()
  const messages = new Set<ReceivedMessage>()
  for (const record of records) messages.add(reassembler.add(record))
  return [...messages]
}

/** The text a subscriber reads; parts that never came are left out. */
export const textOfMessage = (message: ReceivedMessage): string =>
  message.parts.map((part) => (part ? textOf(part) : '')).join('')
