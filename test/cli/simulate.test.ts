import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { vendorTlv } from '../../shared/smpp/codec.ts'
import { certificateFor } from '../support/certificates.ts'
import { dakghar, MAIN } from './dakghar.ts'
import { connectEsme, type Esme } from './esme.ts'

let children: ChildProcess[] = []
let folder: string

beforeEach(async () => {
  children = []
  folder = await mkdtemp(join(tmpdir(), 'dakghar-simulate-'))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

interface Running {
  child: ChildProcess
  listening: { host: string; port: number; tls: boolean }
  lines: AsyncIterator<string>
}

async function simulate(...args: string[]): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, 'simulate', '--port', '0', '--json', ...args])
  children.push(child)
  const reader: Interface = createInterface({ input: child.stdout })
  const lines = reader[Symbol.asyncIterator]()
  const { value } = await lines.next()
  const { event, ...listening } = JSON.parse(value!)
  expect(event).toBe('listening')
  return { child, listening, lines }
}

/** Stops it as Ctrl-C does. */
async function stop({
  child,
  lines,
}: Running): Promise<{ exitCode: number; truth: Record<string, unknown> }> {
  const ended = once(child, 'close')
  child.kill('SIGINT')
  const { value } = await lines.next()
  const [exitCode] = await ended
  return { exitCode, truth: JSON.parse(value!) }
}

const ENTITY = vendorTlv(0x1400)
const TEMPLATE = vendorTlv(0x1401)

const submitFields = (text: string) => ({
  source_addr_ton: 5,
  source_addr: 'DAKGHR',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '919876543210',
  registered_delivery: 1,
  data_coding: 0,
  short_message: Buffer.from(text),
  [ENTITY]: Buffer.from('1701158019811140068'),
  [TEMPLATE]: Buffer.from('1107161191448698079'),
})

async function bind(esme: Esme, password = 'demo'): Promise<number> {
  esme.send('bind_transceiver', { system_id: 'demo', password, interface_version: 0x34, sequence_number: 1 })
  return (await esme.next()).command_status
}

describe('dakghar simulate', () => {
  it('takes a message, reports it, and on SIGINT prints what it received', async () => {
    const log = join(folder, 'received.jsonl')
    const running = await simulate('--scenario', 'perfect', '--log', log)
    const esme = await connectEsme(running.listening.port)
    expect(await bind(esme)).toBe(0)
    esme.send('submit_sm', { ...submitFields('Hello'), sequence_number: 2 })
    expect(await esme.next()).toMatchObject({
      command: 'submit_sm_resp',
      command_status: 0,
      sequence_number: 2,
    })
    const receipt = await esme.next()
    expect(receipt).toMatchObject({ command: 'deliver_sm' })
    expect(String(receipt.short_message)).toContain('stat:DELIVRD')
    esme.send('deliver_sm_resp', { sequence_number: receipt.sequence_number })
    esme.send('enquire_link', { sequence_number: 3 })
    expect(await esme.next()).toMatchObject({ command: 'enquire_link_resp' })

    esme.destroy()
    const { exitCode, truth } = await stop(running)
    expect(exitCode).toBe(0)
    expect(truth).toMatchObject({
      event: 'stopped',
      submitted: 1,
      receipts: { acked: 1 },
      byStat: { DELIVRD: 1 },
    })
    const events = (await readFile(log, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events).toMatchObject([{ event: 'submit_sm', text: 'Hello' }, { event: 'receipt_acked' }])
  })

  it('speaks TLS with the certificate it is given', async () => {
    const pems = await certificateFor({ dns: 'localhost' })
    const cert = join(folder, 'cert.pem')
    const key = join(folder, 'key.pem')
    await Promise.all([writeFile(cert, pems.cert), writeFile(key, pems.key)])
    const running = await simulate('--tls-cert', cert, '--tls-key', key)
    expect(running.listening.tls).toBe(true)
    const esme = await connectEsme(running.listening.port, {
      ca: pems.cert,
      checkServerIdentity: () => undefined,
    })
    expect(await bind(esme)).toBe(0)
    esme.destroy()
    expect((await stop(running)).exitCode).toBe(0)
  })

  it('refuses a wrong password, and messages without DLT TLVs unless told otherwise', async () => {
    const { [ENTITY]: _, ...withoutEntity } = submitFields('Hello')
    for (const { flags, status } of [
      { flags: [], status: 0x45 },
      { flags: ['--no-dlt'], status: 0 },
    ]) {
      const running = await simulate('--receipt-delay', '60000', ...flags)
      const stranger = await connectEsme(running.listening.port)
      expect(await bind(stranger, 'wrong')).toBe(0x0e)
      stranger.destroy()
      const esme = await connectEsme(running.listening.port)
      expect(await bind(esme)).toBe(0)
      esme.send('submit_sm', { ...withoutEntity, sequence_number: 2 })
      expect((await esme.next()).command_status).toBe(status)
      esme.destroy()
      await stop(running)
    }
  })

  it('scrubs against the registry it is given', async () => {
    const running = await simulate('--scrub', 'examples/scrub.json', '--scenario', 'perfect')
    const esme = await connectEsme(running.listening.port)
    await bind(esme)
    esme.send('submit_sm', { ...submitFields('Hello'), sequence_number: 2 })
    expect((await esme.next()).command_status).toBe(0)
    expect(String((await esme.next()).short_message)).toContain('stat:UNDELIV err:614')
    esme.destroy()
    expect((await stop(running)).truth).toMatchObject({
      scrubbed: [{ reason: 'chain_missing', code: 'err:614', messages: 1, segments: 1 }],
    })
  })

  it('says what is wrong with a registry', async () => {
    const file = join(folder, 'scrub.json')
    await writeFile(file, '{"registry":{"entities":[{"id":"17","headers":[],"templates":[]}]}}')
    const { exitCode, stderr } = await dakghar(['simulate', '--scrub', file])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('scrub.json is no scrub setting')
    expect(stderr).toContain('must be 12 to 19 digits')
  })

  it('behaves as the scenario says', async () => {
    const running = await simulate('--scenario', 'throttling', '--receipt-delay', '60000')
    const esme = await connectEsme(running.listening.port)
    await bind(esme)
    const statuses: number[] = []
    for (let sequence = 2; sequence < 12; sequence++) {
      esme.send('submit_sm', { ...submitFields(`Hello ${sequence}`), sequence_number: sequence })
      statuses.push((await esme.next()).command_status)
    }
    expect(statuses).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0x58])
    esme.destroy()
    expect((await stop(running)).truth).toMatchObject({ submitted: 9, refused: { 88: 1 } })
  })

  it('says which port is taken', async () => {
    const running = await simulate()
    const { exitCode, stderr } = await dakghar(['simulate', '--port', String(running.listening.port)])
    expect(exitCode).toBe(1)
    expect(stderr).toBe(`dakghar: port ${running.listening.port} is taken: choose another with --port\n`)
    await stop(running)
  })

  it.each([
    { args: ['--scenario', 'chaos'], says: '--scenario must be one of ordinary, perfect' },
    { args: ['--port', 'x'], says: '--port must be a whole number, not "x"' },
    { args: ['--receipt-delay', '1-2-3'], says: '--receipt-delay must be milliseconds' },
    { args: ['--receipt-delay', '900-100'], says: 'min must not exceed max' },
    { args: ['--outcomes', 'DELIVRD'], says: '--outcomes must look like DELIVRD=90' },
    { args: ['--outcomes', 'DELIVRD=0'], says: 'at least one outcome needs a weight above 0' },
    { args: ['--tls-cert', 'cert.pem'], says: '--tls-cert and --tls-key go together' },
    { args: ['--password', 'longer than 8'], says: 'password' },
    { args: ['file'], says: "Unexpected argument 'file'" },
  ])('exits with 2 on $args', async ({ args, says }) => {
    const { exitCode, stderr } = await dakghar(['simulate', ...args])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(says)
  })

  it('exits with 1 when a certificate cannot be read', async () => {
    const { exitCode, stderr } = await dakghar([
      'simulate',
      '--tls-cert',
      'none.pem',
      '--tls-key',
      'none.pem',
    ])
    expect(exitCode).toBe(1)
    expect(stderr).toContain('cannot read none.pem')
  })
})
