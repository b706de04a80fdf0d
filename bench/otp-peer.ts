/**
 * The SMSC of `otp.ts`, a process of its own: accepts everything after a fixed time, and notes when messages of the OTP
 * header arrive. No receipts: they would only make it slower.
 */
import { fork } from 'node:child_process'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { decodePdu, encodePdu, octetsToText } from '../shared/smpp/codec.ts'
import { PduFramer } from '../shared/smpp/framing.ts'
import { ANSWERED_AT_ONCE, nextMessage, numbered, SUBMIT_SM } from './peer.ts'

const OTP_HEADER = 'OTPOTP'

export async function startOtpPeer(responseMs: number) {
  const child = fork(new URL(import.meta.url), [String(responseMs)])
  const port = (await nextMessage(child)) as number
  const ask = (what: 'count' | 'otps') => {
    child.send(what)
    return nextMessage(child)
  }
  return {
    port,
    /** Segments that have arrived. */
    count: () => ask('count') as Promise<number>,
    /** When each OTP arrived (epoch ms), by number. */
    otps: async () => new Map((await ask('otps')) as [string, number][]),
    stop: () => child.kill(),
  }
}

function serve(responseMs: number): void {
  let count = 0
  const otps = new Map<string, number>()
  /** In the order they are due, as each takes as long as the others. */
  const answers: { dueMs: number; socket: Socket; pdu: Buffer }[] = []

  const take = (socket: Socket, pdu: Buffer): void => {
    const sequence_number = pdu.readUInt32BE(12)
    const message_id = (++count).toString(16)
    if (pdu.includes(OTP_HEADER, 16, 'latin1')) {
      otps.set(octetsToText(decodePdu(pdu).destination_addr) ?? '', Date.now())
    }
    const response = encodePdu('submit_sm_resp', { message_id, sequence_number })
    answers.push({ dueMs: performance.now() + responseMs, socket, pdu: response })
  }
  const server = createServer({ noDelay: true }, (socket) => {
    const framer = new PduFramer()
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      for (const pdu of framer.push(chunk)) {
        const commandId = pdu.readUInt32BE(4)
        if (commandId === SUBMIT_SM) take(socket, pdu)
        const response = ANSWERED_AT_ONCE[commandId]
        if (response) socket.write(numbered(response, pdu.readUInt32BE(12)))
      }
    })
  })
  setInterval(() => {
    const waiting = answers.findIndex(({ dueMs }) => dueMs > performance.now())
    const due = answers.splice(0, waiting < 0 ? answers.length : waiting)
    for (const [socket, group] of Map.groupBy(due, (answer) => answer.socket)) {
      socket.write(Buffer.concat(group.map(({ pdu }) => pdu)))
    }
  }, 1)
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('message', (what) => process.send?.(what === 'count' ? count : [...otps]))
  process.on('disconnect', () => process.exit())
}

if (import.meta.main) serve(Number(process.argv[2]))
