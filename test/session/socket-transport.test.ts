import { type AddressInfo, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { Session } from '../../bind-worker/session/session.ts'
import { connectSocket, type SocketTarget } from '../../bind-worker/session/socket-transport.ts'
import { certificateFor } from '../support/certificates.ts'
import { CREDENTIALS, Recorder, sessionOptions } from './support/factories.ts'
import { eventually, submitSm } from './support/open-session.ts'
import { ScriptedSmsc } from './support/scripted-smsc.ts'

const DAY_MS = 86_400_000

const connect = (target: Partial<SocketTarget> & { port: number }, timeoutMs = 20_000) =>
  connectSocket(
    { host: '127.0.0.1', tls: true, ...target },
    { timeoutMs, signal: new AbortController().signal },
  )

/** A TCP server that speaks no SMPP. */
async function listenRaw(onSocket: (socket: Socket) => void): Promise<AsyncDisposable & { port: number }> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

const forLoopback = await certificateFor({ dns: 'localhost', ip: '127.0.0.1' })

describe('a TLS connection', () => {
  test('to a host whose certificate the route trusts carries a whole session', async () => {
    await using smsc = await ScriptedSmsc.listen({}, forLoopback)
    const transport = await connect({ port: smsc.port, tlsCa: forLoopback.cert })
    const seen = new Recorder()
    const session = new Session(transport, sessionOptions(), seen)
    expect(await session.bind(CREDENTIALS)).toMatchObject({ ok: true })
    for (const context of ['a', 'b', 'c']) session.submit(submitSm(context), context)
    smsc.peer.send('deliver_sm', { data_coding: 0, short_message: Buffer.from('x') })
    await eventually(() => expect(seen.responses).toHaveLength(3))
    await eventually(() => expect(smsc.peer.of('deliver_sm_resp')).toHaveLength(1))
    await session.drain(20_000)
    expect(seen.end).toEqual({ why: 'unbound', error: null })
  })

  test('to a certificate nobody vouches for is refused, and nothing is sent', async () => {
    await using smsc = await ScriptedSmsc.listen({}, forLoopback)
    await expect(connect({ port: smsc.port })).rejects.toMatchObject({
      code: 'smsc_tls_untrusted',
      message: expect.stringContaining(`127.0.0.1:${smsc.port} shows a certificate we do not trust`),
    })
    expect(smsc.peers.flatMap((peer) => peer.received)).toEqual([])
  })

  test('to a certificate of another authority is refused', async () => {
    const other = await certificateFor({ ip: '127.0.0.1' })
    await using smsc = await ScriptedSmsc.listen({}, forLoopback)
    await expect(connect({ port: smsc.port, tlsCa: other.cert })).rejects.toMatchObject({
      code: 'smsc_tls_untrusted',
    })
  })

  test('to a certificate with another name is refused unless the route names it', async () => {
    const elsewhere = await certificateFor({ dns: 'smpp.gateway.example' })
    await using smsc = await ScriptedSmsc.listen({}, elsewhere)
    const target = { port: smsc.port, tlsCa: elsewhere.cert }
    await expect(connect(target)).rejects.toMatchObject({ code: 'smsc_tls_untrusted' })
    const transport = await connect({ ...target, tlsServerName: 'smpp.gateway.example' })
    transport.destroy()
  })

  test('to an expired certificate is refused', async () => {
    const expired = await certificateFor(
      { ip: '127.0.0.1' },
      { notBeforeDate: new Date(Date.now() - 2 * DAY_MS), notAfterDate: new Date(Date.now() - DAY_MS) },
    )
    await using smsc = await ScriptedSmsc.listen({}, expired)
    await expect(connect({ port: smsc.port, tlsCa: expired.cert })).rejects.toMatchObject({
      code: 'smsc_tls_untrusted',
      message: expect.stringContaining('CERT_HAS_EXPIRED'),
    })
  })

  test('to a plaintext port that answers is a failed handshake', async () => {
    await using server = await listenRaw((socket) => socket.end('this is not TLS, whatever you think it is'))
    await expect(connect({ port: server.port })).rejects.toMatchObject({ code: 'smsc_tls_failed' })
  })

  test('to a port that never completes the handshake is given up in time', async () => {
    await using server = await listenRaw(() => {})
    await expect(connect({ port: server.port }, 50)).rejects.toMatchObject({ code: 'smsc_connect_timeout' })
  })
})

describe('a connection', () => {
  test('to a port where nobody listens is refused', async () => {
    const smsc = await ScriptedSmsc.listen()
    const { port } = smsc
    await smsc[Symbol.asyncDispose]()
    await expect(connect({ port, tls: false })).rejects.toMatchObject({
      code: 'smsc_connect_refused',
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${port} refuses connections`),
    })
  })

  test('to a name that does not exist is not found', async () => {
    await expect(connect({ host: 'smsc.invalid', port: 2775, tls: false })).rejects.toMatchObject({
      code: 'smsc_host_not_found',
    })
  })

  test('is not even begun when it was given up before', async () => {
    await using smsc = await ScriptedSmsc.listen()
    const target = { host: '127.0.0.1', port: smsc.port, tls: false }
    const attempt = connectSocket(target, { timeoutMs: 20_000, signal: AbortSignal.abort() })
    await expect(attempt).rejects.toMatchObject({ code: 'smsc_connect_aborted' })
    expect(smsc.peers).toEqual([])
  })

  test('that is being made stops when it is given up', async () => {
    await using server = await listenRaw(() => {})
    const giveUp = new AbortController()
    const target = { host: '127.0.0.1', port: server.port, tls: true }
    const attempt = connectSocket(target, { timeoutMs: 20_000, signal: giveUp.signal })
    giveUp.abort()
    await expect(attempt).rejects.toMatchObject({ code: 'smsc_connect_aborted' })
  })

  test('closed by us still delivers everything written before', async () => {
    await using smsc = await ScriptedSmsc.listen({ submit_sm: () => {} })
    const transport = await connect({ port: smsc.port, tls: false })
    for (let i = 0; i < 5_000; i++) transport.write(submitSm(`m${i}`))
    transport.close()
    await eventually(() => expect(smsc.peer.closed).toBe(true))
    expect(smsc.peer.received).toHaveLength(5_000)
  })

  test('closed in order leaves no timer behind', async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    await using smsc = await ScriptedSmsc.listen()
    const before = timers()
    const transport = await connect({ port: smsc.port, tls: false })
    const left = new Promise<number>((resolve) => {
      transport.attach({ onData() {}, onDrain() {}, onClose: () => resolve(timers()) })
    })
    transport.close()
    expect(await left).toBeLessThanOrEqual(before)
  })

  test('closed against a peer that does not read ends all the same', async () => {
    await using smsc = await ScriptedSmsc.listen({ submit_sm: () => {} })
    const transport = await connect({ port: smsc.port, tls: false })
    const closed = new Promise((resolve) => {
      transport.attach({ onData() {}, onDrain() {}, onClose: resolve })
    })
    await eventually(() => expect(smsc.peers).toHaveLength(1))
    smsc.peer.socket.pause()
    const chunk = Buffer.alloc(60_000)
    for (let i = 0; i < 300; i++) transport.write(chunk)
    expect(transport.bufferedOctets).toBeGreaterThan(10_000_000)
    transport.close()
    expect(await closed).toBeNull()
  })

  test('that ended before anybody listened still says so', async () => {
    await using smsc = await ScriptedSmsc.listen()
    const transport = await connect({ port: smsc.port, tls: false })
    transport.destroy()
    await eventually(() => expect(smsc.peer.closed).toBe(true))
    const closed = await new Promise((resolve) => {
      transport.attach({ onData() {}, onDrain() {}, onClose: resolve })
    })
    expect(closed).toBeNull()
  })
})
