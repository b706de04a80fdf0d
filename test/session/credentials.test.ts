/** Several binds of a route and its changing secret, over real sockets. What is decided is in secret-trials.test.ts. */
import { describe, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../aws/system-clock.ts'
import { Bind } from '../../bind-worker/session/bind.ts'
import { RouteCredentials } from '../../bind-worker/session/credentials.ts'
import type { Log } from '../../shared/log.ts'
import { TIMING, type Timing } from '../../shared/timing.ts'
import { Recorder, routeConfig } from './support/factories.ts'
import { eventually } from './support/open-session.ts'
import { answer, type Peer, ScriptedSmsc } from './support/scripted-smsc.ts'

const WRONG_PASSWORD = 0x0e

class Lines implements Log {
  readonly errors: string[] = []
  readonly all: string[] = []
  info = (message: string, fields?: object) => this.#add(message, fields)
  warn = (message: string, fields?: object) => this.#add(message, fields)
  error = (message: string, fields?: object) => this.errors.push(this.#add(message, fields))
  #add(message: string, fields?: object): string {
    const line = `${message} ${JSON.stringify(fields)}`
    this.all.push(line)
    return line
  }
}

/** Binds of one route, an SMSC that takes one password, and the secret as it reads; each may be changed. */
async function world(changes: Partial<Timing> = {}) {
  const at = { gateway: 'first', secret: 'first', unreadable: false, hangUps: 0, reads: 0 }
  const tried: string[] = []
  const smsc = await ScriptedSmsc.listen({
    bind_transceiver: (pdu, peer) => {
      tried.push(String(pdu.password))
      if (at.hangUps-- > 0) return peer.socket.destroy()
      const status = pdu.password === at.gateway ? 0 : WRONG_PASSWORD
      answer('bind_transceiver_resp', { command_status: status })(pdu, peer)
    },
  })
  const log = new Lines()
  const timing = { ...TIMING, reconnectBaseMs: 2, reconnectCapMs: 10, secretLookMs: 5, ...changes }
  const route = routeConfig({ port: smsc.port })
  const parts = { route, timing, clock: systemClock, log }
  const credentials = new RouteCredentials({
    ...parts,
    secrets: {
      read: async () => {
        at.reads++
        if (at.unreadable) throw new Error('no such file')
        return { systemId: 'dakghar', password: at.secret }
      },
    },
  })
  const binds = Array.from({ length: 4 }, (_, index) => {
    const seen = new Recorder()
    const random = systemRandom
    return new Bind({ ...parts, index, bindAs: 'transceiver', credentials, handlers: seen, random })
  })
  const states = () => binds.map((bind) => bind.stats().state)
  return {
    at,
    smsc,
    log,
    tried,
    binds,
    start: () => {
      for (const bind of binds) bind.start()
    },
    allBound: () => eventually(() => expect(new Set(states())).toEqual(new Set(['bound']))),
    /** Every bind waits, and says why. */
    allRefused: () =>
      eventually(() => {
        for (const bind of binds) {
          expect(bind.stats().state).toBe('waiting')
          expect(bind.stats().lastError).toContain('wrong password (0x0E)')
        }
      }),
    open: (): Peer[] => smsc.peers.filter((peer) => !peer.closed),
    times: (password: string) => tried.filter((one) => one === password).length,
    async [Symbol.asyncDispose]() {
      await Promise.all(binds.map((bind) => bind.destroy()))
      await smsc[Symbol.asyncDispose]()
    },
  }
}

describe('credentials that nobody is sure of', () => {
  test('are used by all binds at once when one has been accepted with them', async () => {
    await using it = await world({ secretLookMs: 600_000 })
    it.start()
    await it.allBound()
  })

  test('are tried by the next bind at once when the first got no answer', async () => {
    const long = { secretLookMs: 600_000, reconnectBaseMs: 600_000, reconnectCapMs: 600_000 }
    await using it = await world(long)
    it.at.hangUps = 1
    it.start()
    await eventually(() => expect(it.binds.filter((bind) => bind.isBound)).toHaveLength(3))
    expect(it.tried).toHaveLength(4)
  })
})

describe('credentials that are refused', () => {
  test('cost one attempt for all binds of the route, and every bind says why it waits', async () => {
    await using it = await world()
    it.at.secret = 'wrong'
    it.start()
    await it.allRefused()
    expect(it.tried).toEqual(['wrong'])
  })

  test('raise the alarm once for each secret, and no line shows one', async () => {
    await using it = await world({ badCredentialsRetryMs: 10 })
    it.at.secret = 'wrong-1'
    it.start()
    await eventually(() => expect(it.times('wrong-1')).toBeGreaterThan(3))
    it.at.secret = 'wrong-2'
    await eventually(() => expect(it.times('wrong-2')).toBeGreaterThan(3))
    const alarms = it.log.errors.filter((line) => line.startsWith('credentials refused'))
    expect(alarms).toHaveLength(2)
    expect(alarms[0]).toContain('"route":"route-1"')
    expect(it.log.all.join('\n')).not.toMatch(/wrong-\d/)
  })

  test('are left alone until they change, and then all binds are bound at once', async () => {
    await using it = await world()
    it.at.gateway = 'second'
    it.start()
    await it.allRefused()
    const looks = it.at.reads
    await eventually(() => expect(it.at.reads).toBeGreaterThan(looks + 4))
    it.at.secret = 'second'
    await it.allBound()
    expect(it.tried).toEqual(['first', 'second', 'second', 'second', 'second'])
  })

  test('are tried again after the retry interval, by one bind', async () => {
    await using it = await world({ badCredentialsRetryMs: 30 })
    it.at.secret = 'second'
    it.start()
    await eventually(() => expect(it.tried.length).toBeGreaterThan(2))
    it.at.gateway = 'second'
    await it.allBound()
    expect(it.smsc.peers.filter((peer) => !peer.closed)).toHaveLength(4)
  })
})

describe('a password that is changed', () => {
  test('at the gateway first: who is bound stays, who is cut waits for the secret and is bound at once', async () => {
    await using it = await world()
    it.start()
    await it.allBound()
    const [first, second, ...others] = it.open()
    it.at.gateway = 'second'
    for (const peer of [first!, second!]) peer.socket.destroy()
    await eventually(() => expect(it.binds.filter((bind) => !bind.isBound)).toHaveLength(2))
    await eventually(() => expect(it.tried.slice(4)).toEqual(['first']))
    it.at.secret = 'second'
    await it.allBound()
    expect(it.tried.slice(4)).toEqual(['first', 'second', 'second'])
    expect(others.map((peer) => peer.closed)).toEqual([false, false])
  })

  test('here first: who is cut is bound with the last good one, at the cost of one wrong attempt', async () => {
    await using it = await world()
    it.start()
    await it.allBound()
    const [first, second, ...others] = it.open()
    it.at.secret = 'second'
    for (const peer of [first!, second!]) peer.socket.destroy()
    await eventually(() => expect(it.tried.slice(4)).toEqual(['second', 'first', 'first']))
    await it.allBound()
    expect(others.map((peer) => peer.closed)).toEqual([false, false])
  })

  test('here first, then at the gateway, which cuts everybody: all are bound with the new one', async () => {
    await using it = await world({ badCredentialsRetryMs: 100 })
    it.start()
    await it.allBound()
    it.at.secret = 'second'
    it.open()[0]!.socket.destroy()
    await eventually(() => expect(it.tried.slice(4)).toEqual(['second', 'first']))
    await it.allBound()
    it.at.gateway = 'second'
    for (const peer of it.open()) peer.socket.destroy()
    await eventually(() => expect(it.times('second')).toBeGreaterThanOrEqual(5))
    await it.allBound()
    expect(it.times('first')).toBeLessThanOrEqual(4 + 1 + 1)
  })
})

test('a secret that cannot be read any more leaves the last good one', async () => {
  await using it = await world()
  it.start()
  await it.allBound()
  it.at.unreadable = true
  it.open()[0]!.socket.destroy()
  await eventually(() => expect(it.smsc.peers).toHaveLength(5))
  await it.allBound()
  expect(it.log.all.join('\n')).toContain('secret cannot be read: the last one accepted is used')
})
