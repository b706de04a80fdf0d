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

/**
 * The messages of a log, in the order their first part came. A part that comes twice before its message is complete
 * starts another message: that is what a handset would show.
 */
export function reassemble(records: Iterable<SubmitRecord>): ReceivedMessage[] {
  const messages: ReceivedMessage[] = []
  const open = new Map<string, { message: ReceivedMessage; missing: number }>()
  for (const record of records) {
    const { systemId, source, to, ref, total, part } = record
    if (total === 1) {
      messages.push({ source, to, parts: [record], complete: true, octets: record.octets })
      continue
    }
    const key = `${systemId} ${source} ${to} ${ref} ${total}`
    let entry = open.get(key)
    if (!entry || entry.message.parts[part - 1]) {
      const parts = Array.from<SubmitRecord | undefined>({ length: total })
      entry = { message: { source, to, parts, complete: false, octets: '' }, missing: total }
      open.set(key, entry)
      messages.push(entry.message)
    }
    entry.message.parts[part - 1] = record
    if (--entry.missing === 0) {
      entry.message.complete = true
      open.delete(key)
    }
  }
  for (const message of messages) {
    if (message.parts.length > 1) message.octets = message.parts.map((part) => part?.octets ?? '').join('')
  }
  return messages
}

/** The text a subscriber reads; parts that never came are left out. */
export const textOfMessage = (message: ReceivedMessage): string =>
  message.parts.map((part) => (part ? textOf(part) : '')).join('')
