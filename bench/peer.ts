/** What the SMSC processes of the benches have in common: how they are asked, and what each answers at once. */
import type { ChildProcess } from 'node:child_process'
import { encodePdu } from '../shared/smpp/codec.ts'

export const SUBMIT_SM = 0x04

/** By command_id of the request; sequence_number is for {@link numbered} to fill in. */
export const ANSWERED_AT_ONCE: Readonly<Record<number, Buffer>> = {
  9: encodePdu('bind_transceiver_resp', { system_id: 'bench' }),
  21: encodePdu('enquire_link_resp'),
  6: encodePdu('unbind_resp'),
}

/** A copy with this sequence_number. */
export function numbered(pdu: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(pdu)
  copy.writeUInt32BE(sequence, 12)
  return copy
}

/** The next message of a process. @throws Error when it ends instead. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`the peer ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as T)
    })
  })
}
