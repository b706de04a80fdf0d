/**
 * What the `smpp` package's codec alone costs: the PDUs a worker exchanges (submit_sm, its response, the receipt and
 * its acknowledgement), encoded and decoded over corked sockets, with nothing kept, matched or written anywhere.
 *
 * A process of its own, so that its CPU is its own: `bench/worker.ts` starts it with the options as JSON in argv[2]
 * and reads one line, a {@link BareResult}.
 */
import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { connect as connectTls } from 'node:tls'
import smpp from 'smpp'
import { vendorTlv } from '../shared/smpp/codec.ts'
import { PduFramer } from '../shared/smpp/framing.ts'

export interface BareOptions {
  port: number
  /** PEM to trust; null speaks plain TCP. */
  ca: string | null
  servername: string
  systemId: string
  password: string
  binds: number
  window: number
  messages: number
  /** Messages after which measuring begins. */
  warmUp: number
}

export interface BareResult {
  messages: number
  seconds: number
  cpuMicrosPerMessage: number
}

const SUBMIT_SM_RESP = 0x8000_0004
const DELIVER_SM = 0x05
const BIND_RESP = 0x8000_0009

const options: BareOptions = JSON.parse(process.argv[2]!)
const text = Buffer.from('Dear Asha, your order 100042 is out for delivery and arrives today. - Demo Stores')
const entity = Buffer.from('1701160000000012345')
const template = Buffer.from('1107160000000000101')

let submitted = 0
let receipts = 0
const warm = Promise.withResolvers<void>()
const finished = Promise.withResolvers<void>()

const sockets = await Promise.all(Array.from({ length: options.binds }, bind))
for (const { fill } of sockets) fill()
await warm.promise
const cpuBefore = process.cpuUsage()
const startedAt = performance.now()
const before = receipts
await finished.promise
const messages = options.messages - before
const seconds = (performance.now() - startedAt) / 1_000
const { user, system } = process.cpuUsage(cpuBefore)
const result: BareResult = { messages, seconds, cpuMicrosPerMessage: (user + system) / messages }
console.log(JSON.stringify(result))
process.exit(0)

async function bind(_: unknown, n: number): Promise<{ fill: () => void }> {
  const socket = await connect()
  const framer = new PduFramer()
  const bound = Promise.withResolvers<void>()
  let sequence = 1
  let inFlight = 0

  const fill = () => {
    while (inFlight < options.window && submitted < options.messages) {
      submitted++
      inFlight++
      socket.write(submitSm(++sequence, `9198${n}${String(submitted).padStart(7, '0')}`))
    }
  }
  socket.on('data', (chunk) => {
    socket.cork()
    for (const frame of framer.push(chunk)) {
      const pdu = decode(frame)
      if (pdu.command_id === SUBMIT_SM_RESP) inFlight--
      else if (pdu.command_id === BIND_RESP) bound.resolve()
      else if (pdu.command_id === DELIVER_SM) {
        socket.write(new smpp.PDU('deliver_sm_resp', { sequence_number: pdu.sequence_number }).toBuffer())
        receipts++
        if (receipts === options.warmUp) warm.resolve()
        if (receipts === options.messages) finished.resolve()
      }
    }
    fill()
    process.nextTick(() => socket.uncork())
  })
  const { systemId: system_id, password } = options
  const request = { system_id, password, interface_version: 0x34, sequence_number: 1 }
  submitted = options.messages
  socket.write(new smpp.PDU('bind_transceiver', request).toBuffer())
  await bound.promise
  submitted = 0
  return { fill }
}

/** The package's own reader, which the platform does not use (see `shared/smpp/codec.ts`), so its types leave it out. */
function decode(frame: Buffer): { command_id: number; sequence_number: number } {
  return Reflect.construct(smpp.PDU, [frame])
}

async function connect(): Promise<Socket> {
  const { port, ca, servername } = options
  const address = { host: '127.0.0.1', port }
  const socket = ca ? connectTls({ ...address, ca, servername }) : connectTcp(address)
  await once(socket, ca ? 'secureConnect' : 'connect')
  return socket.setNoDelay(true)
}

function submitSm(sequence_number: number, destination_addr: string): Buffer {
  return new smpp.PDU('submit_sm', {
    sequence_number,
    source_addr_ton: 5,
    source_addr: 'DEMOST',
    dest_addr_ton: 1,
    dest_addr_npi: 1,
    destination_addr,
    validity_period: '261231235900000+',
    registered_delivery: 1,
    data_coding: 0,
    short_message: text,
    [vendorTlv(0x1400)]: entity,
    [vendorTlv(0x1401)]: template,
  }).toBuffer()
}
