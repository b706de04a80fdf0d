/**
 * The other end of `window.ts` and `pacing.ts`: accepts every submit_sm and answers it after a delay. As a process of
 * its own, so that it measures arrivals with a clock the sender does not hold up.
 */
import { fork } from 'node:child_process'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { encodePdu } from '../shared/smpp/codec.ts'
import { PduFramer } from '../shared/smpp/framing.ts'
import { ANSWERED_AT_ONCE, nextMessage, numbered, SUBMIT_SM } from './peer.ts'

/** How long an answer takes, and how often so long relative to the others, a whole number. */
export interface Delay {
  ms: number
  weight: number
}

export interface PeerOptions {
  delays: readonly Delay[]
  /** Segments a second it takes; the rest queues. Unlimited when left out. */
  capacity?: number
}

/** Segments that arrived together, and when by the peer's clock. */
export type Arrival = [atMs: number, segments: number]

export interface SmscPeer {
  port: number
  /** Everything that arrived since the last time this was asked. */
  arrivals(): Promise<Arrival[]>
  stop(): void
}

export async function startPeer(options: PeerOptions): Promise<SmscPeer> {
  const child = fork(new URL(import.meta.url), [JSON.stringify(options)])
  const port = await nextMessage<number>(child)
  return {
    port,
    arrivals: () => {
      child.send('arrivals')
      return nextMessage<Arrival[]>(child)
    },
    stop: () => child.kill(),
  }
}

const SUBMIT_RESP = encodePdu('submit_sm_resp', { message_id: '0a1b2c3d4e5f6071' })

interface Answer {
  dueMs: number
  sequence: number
  socket: Socket
}

function serve({ delays, capacity }: PeerOptions): void {
  /** One queue for each delay: within it, what came first is due first. */
  const queues = delays.map((delay) => ({ ...delay, answers: [] as Answer[] }))
  /** Each queue as often as its weight says, to draw from. */
  const lots = queues.flatMap((queue) => Array<typeof queue>(queue.weight).fill(queue))
  let arrivals: Arrival[] = []
  let freeAtMs = 0

  const take = (socket: Socket, sequence: number, nowMs: number): void => {
    freeAtMs = Math.max(freeAtMs, nowMs) + (capacity ? 1_000 / capacity : 0)
    const queue = lots[Math.floor(Math.random() * lots.length)]!
    queue.answers.push({ dueMs: freeAtMs + queue.ms, sequence, socket })
  }
  const answerDue = (): void => {
    const nowMs = performance.now()
    const due = new Map<Socket, Buffer[]>()
    for (const { answers } of queues) {
      const waiting = answers.findIndex(({ dueMs }) => dueMs > nowMs)
      for (const { socket, sequence } of answers.splice(0, waiting < 0 ? answers.length : waiting)) {
        const pdus = due.get(socket) ?? []
        due.set(socket, pdus)
        pdus.push(numbered(SUBMIT_RESP, sequence))
      }
    }
    for (const [socket, pdus] of due) socket.write(Buffer.concat(pdus))
  }

  const server = createServer({ noDelay: true }, (socket) => {
    const framer = new PduFramer()
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const nowMs = performance.now()
      let segments = 0
      for (const pdu of framer.push(chunk)) {
        const commandId = pdu.readUInt32BE(4)
        const sequence = pdu.readUInt32BE(12)
        const response = ANSWERED_AT_ONCE[commandId]
        if (response) socket.write(numbered(response, sequence))
        if (commandId !== SUBMIT_SM) continue
        take(socket, sequence, nowMs)
        segments++
      }
      if (segments > 0) arrivals.push([nowMs, segments])
    })
  })
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  setInterval(answerDue, 1)
  process.on('message', () => {
    process.send?.(arrivals)
    arrivals = []
  })
  process.on('disconnect', () => process.exit())
}

if (import.meta.main) serve(JSON.parse(process.argv[2]!) as PeerOptions)
