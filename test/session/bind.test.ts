import { describe, expect, test } from 'vitest'
import { systemClock } from '../../aws/system-clock.ts'
import { Bind, type BindOptions } from '../../bind-worker/session/bind.ts'
import { RouteCredentials } from '../../bind-worker/session/credentials.ts'
import type { RouteInput } from '../../shared/contracts/route.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, SecretSource } from '../../shared/ports.ts'
import { scaled, TIMING } from '../../shared/timing.ts'
import { certificateFor } from '../support/certificates.ts'
import { Recorder, routeConfig } from './support/factories.ts'
import { eventually, submitSm } from './support/open-session.ts'
import { answer, ignore, type Script, ScriptedSmsc } from './support/scripted-smsc.ts'

/** Waits come out a thousandth as long; what may take long on a busy machine keeps its length. */
const FAST = { ...TIMING, ...pick(scaled(TIMING, 0.001), 'reconnectBaseMs', 'reconnectCapMs') }

function pick<T, K extends keyof T>(from: T, ...keys: K[]): Pick<T, K> {
  return Object.fromEntries(keys.map((key) => [key, from[key]])) as Pick<T, K>
}

const secrets: SecretSource = { read: async () => ({ systemId: 'dakghar', password: 'secret' }) }

/** A clock that remembers the waits it was asked for, and makes them short. */
class ImpatientClock implements Clock {
  readonly waitsMs: number[] = []
  now = systemClock.now
  monotonicMs = systemClock.monotonicMs
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.waitsMs.push(ms)
    return systemClock.sleep(1, signal)
  }
}

class MemoryLog implements Log {
  readonly errors: string[] = []
  readonly warnings: string[] = []
  info(): void {}
  warn(message: string): void {
    this.warnings.push(message)
  }
  error(message: string): void {
    this.errors.push(message)
  }
}

interface World extends AsyncDisposable {
  smsc: ScriptedSmsc
  bind: Bind<string>
  seen: Recorder
  clock: ImpatientClock
}

async function world(
  script: Script = {},
  changes: Partial<BindOptions<string> & { secrets: SecretSource }> = {},
  route: Partial<RouteInput> = {},
): Promise<World> {
  const smsc = await ScriptedSmsc.listen(script)
  const seen = new Recorder()
  const clock = new ImpatientClock()
  const parts = {
    route: routeConfig({ port: smsc.port, ...route }),
    secrets,
    timing: FAST,
    clock,
    log: new MemoryLog(),
    ...changes,
  }
  const bind = new Bind({
    index: 0,
    bindAs: 'transceiver',
    handlers: seen,
    random: { next: () => 0.5 },
    credentials: new RouteCredentials(parts),
    ...parts,
  })
  return {
    smsc,
    bind,
    seen,
    clock,
    async [Symbol.asyncDispose]() {
      await bind.destroy()
      await smsc[Symbol.asyncDispose]()
    },
  }
}

const isBound = (bind: Bind<string>) => () => expect(bind.stats().state).toBe('bound')

describe('a bind', () => {
  test('connects, binds and carries segments', async () => {
    await using it = await world()
    it.bind.start()
    await eventually(isBound(it.bind))
    expect(it.bind.canSubmit).toBe(true)
    expect(it.bind.submit(submitSm(), 'a')).not.toBeNull()
    expect(it.bind.stats()).toMatchObject({ inFlight: 1, submitted: 1, window: 10 })
    it.smsc.peer.send('deliver_sm', { data_coding: 0, short_message: Buffer.from('x') })
    await eventually(() => expect(it.seen.responses).toMatchObject([{ context: 'a' }]))
    await eventually(() => expect(it.bind.stats().receipts).toBe(1))
    expect(it.bind.stats()).toMatchObject({ bind: 0, inFlight: 0, lastError: null })
  })

  test('as receiver gets what is delivered and never submits', async () => {
    await using it = await world({}, { bindAs: 'receiver' })
    it.bind.start()
    await eventually(isBound(it.bind))
    expect(it.bind.canSubmit).toBe(false)
    expect(it.bind.submit(submitSm(), 'a')).toBeNull()
    const sequence_number = it.smsc.peer.send('deliver_sm', {
      data_coding: 0,
      short_message: Buffer.from('x'),
    })
    await eventually(() =>
      expect(it.smsc.peer.of('deliver_sm_resp')).toMatchObject([{ sequence_number, command_status: 0 }]),
    )
    expect(it.smsc.peer.received.map(({ command }) => command)).toEqual(['bind_receiver', 'deliver_sm_resp'])
    expect(it.bind.stats()).toMatchObject({ bindAs: 'receiver', window: 0, receipts: 1 })
  })

  test('as transmitter is not meant to get deliveries, but hears them, and says so once', async () => {
    const log = new MemoryLog()
    await using it = await world({}, { bindAs: 'transmitter', log })
    it.seen.acknowledge = false
    it.bind.start()
    await eventually(isBound(it.bind))
    for (const text of ['x', 'y']) {
      it.smsc.peer.send('deliver_sm', { data_coding: 0, short_message: Buffer.from(text) })
    }
    await eventually(() => expect(it.seen.deliveries).toHaveLength(2))
    expect(it.smsc.peer.of('deliver_sm_resp')).toEqual([])
    for (const { ack } of it.seen.deliveries) ack(0)
    await eventually(() =>
      expect(it.smsc.peer.of('deliver_sm_resp').map((pdu) => pdu.command_status)).toEqual([0, 0]),
    )
    expect(it.smsc.peer.of('bind_transmitter')).toHaveLength(1)
    expect(log.warnings).toEqual(['the SMSC delivers over a transmitter'])
  })

  test('binds over TLS against the authority of its route', async () => {
    const certificate = await certificateFor({ ip: '127.0.0.1' })
    await using smsc = await ScriptedSmsc.listen({}, certificate)
    const route = routeConfig({ port: smsc.port, tls: true, tlsCa: certificate.cert })
    await using it = await world({}, { route })
    it.bind.start()
    await eventually(isBound(it.bind))
  })

  test('never speaks to an SMSC whose certificate it does not trust', async () => {
    await using smsc = await ScriptedSmsc.listen({}, await certificateFor({ ip: '127.0.0.1' }))
    await using it = await world({}, { route: routeConfig({ port: smsc.port, tls: true }) })
    it.bind.start()
    await eventually(() => expect(it.clock.waitsMs.length).toBeGreaterThan(3))
    expect(it.bind.stats().lastError).toContain('a certificate we do not trust')
    expect(smsc.peers.flatMap((peer) => peer.received)).toEqual([])
  })

  test('binds again when the connection is lost, and hands back what it had not heard of', async () => {
    await using it = await world({ submit_sm: ignore })
    it.bind.start()
    await eventually(isBound(it.bind))
    for (const context of ['a', 'b']) it.bind.submit(submitSm(), context)
    it.smsc.peer.socket.destroy()
    await eventually(() => expect(it.seen.bound).toBe(2))
    expect(it.seen.ends).toMatchObject([{ end: { why: 'connectionLost' }, unanswered: ['a', 'b'] }])
    expect(it.smsc.peers).toHaveLength(2)
    // A session after one that was cut at once is given nothing for a moment.
    await eventually(() => expect(it.bind.canSubmit).toBe(true))
  })

  test('binds again after the SMSC unbound it', async () => {
    await using it = await world()
    it.bind.start()
    await eventually(isBound(it.bind))
    it.smsc.peer.send('unbind')
    await eventually(() => expect(it.seen.bound).toBe(2))
    expect(it.bind.stats().lastError).toBe('the SMSC unbound the session')
  })

  test('waits with full jitter over ranges that double, and raises the alarm once', async () => {
    const log = new MemoryLog()
    await using it = await world(
      { bind_transceiver: (_, peer) => peer.socket.destroy() },
      { log, timing: TIMING },
    )
    it.bind.start()
    await eventually(() => expect(it.clock.waitsMs.length).toBeGreaterThan(11))
    expect(it.clock.waitsMs.slice(0, 8)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
    expect(log.errors).toEqual(['bind keeps failing'])
  })

  test('that is accepted and cut at once counts as one more failure', async () => {
    await using it = await world({}, { timing: TIMING })
    it.seen.onBound = () => it.smsc.peer.socket.destroy()
    it.bind.start()
    await eventually(() => expect(it.clock.waitsMs.length).toBeGreaterThan(3))
    expect(it.clock.waitsMs.slice(0, 3)).toEqual([500, 1_000, 2_000])
  })

  test('that was cut at once is given nothing at first, and then is', async () => {
    await using it = await world({}, { timing: { ...TIMING, reconnectBaseMs: 50 } })
    const couldSubmit: boolean[] = []
    it.seen.onBound = () => {
      couldSubmit.push(it.bind.canSubmit)
      if (couldSubmit.length === 1) it.smsc.peer.socket.destroy()
      else expect(it.bind.submit(submitSm(), 'a')).toBeNull()
    }
    it.bind.start()
    await eventually(() => expect(couldSubmit).toEqual([true, false]))
    await eventually(() => expect(it.seen.writable).toBeGreaterThan(0))
    expect(it.bind.submit(submitSm(), 'a')).not.toBeNull()
  })

  test('that lived starts over with the shortest wait', async () => {
    let refusals = 3
    const timing = { ...TIMING, reconnectBaseMs: 2 }
    await using it = await world({ bind_transceiver: refuseWhile(() => refusals-- > 0) }, { timing })
    it.bind.start()
    await eventually(isBound(it.bind))
    const boundAt = performance.now()
    await eventually(() => expect(performance.now() - boundAt).toBeGreaterThan(30))
    it.smsc.peer.socket.destroy()
    await eventually(() => expect(it.seen.bound).toBe(2))
    expect(it.clock.waitsMs).toEqual([1, 2, 4, 1])
  })

  test.each([
    [0x05, 'already bound', TIMING.alreadyBoundRetryMs],
    [0x58, 'throttled', TIMING.throttlePauseMs],
  ])(
    'refused with status %i waits as long as "%s" wants, or up to half as long again',
    async (command_status, lastError, waitMs) => {
      const draws = [0, 0.5, 0.999]
      await using it = await world(
        { bind_transceiver: answer('bind_transceiver_resp', { command_status }) },
        { random: { next: () => draws.shift() ?? 0 } },
      )
      it.bind.start()
      await eventually(() => expect(it.clock.waitsMs.length).toBeGreaterThan(2))
      expect(it.clock.waitsMs.slice(0, 3)).toEqual([waitMs, waitMs * 1.25, waitMs * 1.4995])
      expect(it.bind.stats().lastError).toContain(lastError)
      expect(it.seen.ends).toEqual([])
    },
  )

  test('tries again when the secret cannot be read', async () => {
    let reads = 0
    const read: SecretSource['read'] = async (reference) => {
      if (++reads === 1) throw new Error(`${reference} is not set`)
      return { systemId: 'dakghar', password: 'secret' }
    }
    await using it = await world({}, { secrets: { read } })
    it.bind.start()
    await eventually(isBound(it.bind))
    expect(it.bind.stats().lastError).toBe('env:SMSC_SECRET is not set')
  })

  test('asked to bind again drains first, then does', async () => {
    let release = (): void => {}
    await using it = await world({
      submit_sm: (pdu, peer) => {
        release = () => answer('submit_sm_resp', { message_id: 'x' })(pdu, peer)
      },
    })
    it.bind.start()
    await eventually(isBound(it.bind))
    it.bind.submit(submitSm(), 'a')
    await eventually(() => expect(it.smsc.peer.of('submit_sm')).toHaveLength(1))
    it.bind.rebind('submit_sm_resp 4')
    expect(it.bind.canSubmit).toBe(false)
    expect(it.bind.stats()).toMatchObject({ state: 'draining', lastError: 'binding again: submit_sm_resp 4' })
    release()
    await eventually(() => expect(it.seen.bound).toBe(2))
    expect(it.seen.responses).toMatchObject([{ context: 'a' }])
    expect(it.smsc.peers[0]!.of('unbind')).toHaveLength(1)
  })
})

describe('the window of a bind', () => {
  /** Submits whenever it may. */
  function pump(it: World): void {
    it.seen.onWritable = () => {
      while (it.bind.canSubmit) it.bind.submit(submitSm(), 'x')
    }
    it.seen.onWritable()
  }
  const tooFast = answer('submit_sm_resp', { command_status: 0x58 })

  test('grows from its least to its most while answers come quickly, and is narrowed by a refusal', async () => {
    await using it = await world({}, {}, { window: { min: 1, max: 4 } })
    it.bind.start()
    await eventually(isBound(it.bind))
    expect(it.bind.stats().window).toBe(1)
    pump(it)
    await eventually(() => expect(it.bind.stats().window).toBe(4))
    it.smsc.script.submit_sm = tooFast
    await eventually(() => expect(it.bind.stats().window).toBe(1))
  })

  test('begins anew with the next session', async () => {
    await using it = await world({}, {}, { window: { min: 1, max: 4 } })
    it.bind.start()
    await eventually(isBound(it.bind))
    pump(it)
    await eventually(() => expect(it.bind.stats().window).toBe(4))
    it.seen.onWritable = () => {}
    it.smsc.peer.socket.destroy()
    await eventually(() => expect(it.seen.bound).toBe(2))
    expect(it.bind.stats().window).toBe(1)
  })

  test('stays as it is when the route gives one size', async () => {
    await using it = await world({ submit_sm: tooFast }, {}, { window: { min: 3, max: 3 } })
    it.bind.start()
    await eventually(isBound(it.bind))
    it.bind.submit(submitSm(), 'a')
    await eventually(() => expect(it.seen.responses).toHaveLength(1))
    expect(it.bind.stats().window).toBe(3)
  })

  test('is told with how fast answers came', async () => {
    await using it = await world()
    expect(it.bind.stats()).toMatchObject({ latencyP50Ms: null, latencyP95Ms: null, perSecond: 0 })
    it.bind.start()
    await eventually(isBound(it.bind))
    it.bind.submit(submitSm(), 'a')
    await eventually(() => expect(it.seen.responses).toHaveLength(1))
    const { latencyP50Ms, latencyP95Ms, perSecond } = it.bind.stats()
    expect(latencyP50Ms).toBeGreaterThanOrEqual(0)
    expect(latencyP95Ms).toBe(latencyP50Ms)
    expect(perSecond).toBeGreaterThan(0)
  })
})

describe('stopping a bind', () => {
  test('drains the window, unbinds and does not come back', async () => {
    let release = (): void => {}
    await using it = await world({
      submit_sm: (pdu, peer) => {
        release = () => answer('submit_sm_resp', { message_id: 'x' })(pdu, peer)
      },
    })
    it.bind.start()
    await eventually(isBound(it.bind))
    it.bind.submit(submitSm(), 'a')
    await eventually(() => expect(it.smsc.peer.of('submit_sm')).toHaveLength(1))
    const drained = it.bind.drain()
    expect(it.bind.stats().state).toBe('draining')
    expect(it.bind.submit(submitSm(), 'b')).toBeNull()
    release()
    await drained
    expect(it.bind.stats().state).toBe('closed')
    expect(it.seen.responses).toMatchObject([{ context: 'a' }])
    expect(it.smsc.peer.of('unbind')).toHaveLength(1)
    expect(it.smsc.peers).toHaveLength(1)
  })

  test('while it waits to reconnect takes no wait', async () => {
    await using it = await world(
      { bind_transceiver: answer('bind_transceiver_resp', { command_status: 0x0e }) },
      { clock: systemClock },
    )
    it.bind.start()
    await eventually(() => expect(it.bind.stats().state).toBe('waiting'))
    await it.bind.drain()
    expect(it.bind.stats().state).toBe('closed')
  })

  test('while it is binding ends the attempt', async () => {
    await using it = await world({ bind_transceiver: ignore })
    it.bind.start()
    await eventually(() => expect(it.bind.stats().state).toBe('binding'))
    await it.bind.drain()
    expect(it.bind.stats()).toMatchObject({ state: 'closed', lastError: null })
    await eventually(() => expect(it.smsc.peer.closed).toBe(true))
  })

  test('before it was started is nothing', async () => {
    await using it = await world()
    await it.bind.drain()
    expect(it.smsc.peers).toEqual([])
  })

  test('at once hands back what is unanswered', async () => {
    await using it = await world({ submit_sm: ignore })
    it.bind.start()
    await eventually(isBound(it.bind))
    it.bind.submit(submitSm(), 'a')
    await it.bind.destroy()
    expect(it.seen.ends).toEqual([{ end: { why: 'destroyed', error: null }, unanswered: ['a'] }])
  })

  test('leaves no timer, no socket and no signal listener behind', async () => {
    const signals = ['SIGTERM', 'SIGINT'].map((signal) => process.listenerCount(signal))
    const before = resources()
    {
      await using it = await world({ submit_sm: ignore })
      it.bind.start()
      await eventually(isBound(it.bind))
      it.bind.submit(submitSm(), 'a')
      await it.bind.destroy()
    }
    expect(await leftover(before)).toEqual([])
    expect(['SIGTERM', 'SIGINT'].map((signal) => process.listenerCount(signal))).toEqual(signals)
  })
})

/** Counts of what keeps this process alive. */
function resources(): Map<string, number> {
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if (/^(Timeout|TCP|TLS)/.test(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return counts
}

/** Kinds of which there are more than before, once sockets had time to close. Waits without a timer of its own. */
async function leftover(before: Map<string, number>): Promise<string[]> {
  const deadlineMs = performance.now() + 5_000
  for (;;) {
    const more = [...resources()].filter(([kind, count]) => count > (before.get(kind) ?? 0))
    if (more.length === 0 || performance.now() > deadlineMs) return more.map(([kind]) => kind)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function refuseWhile(refused: () => boolean): Script[string] {
  return (pdu, peer) =>
    refused() ? peer.socket.destroy() : answer('bind_transceiver_resp', { system_id: 'SMSC' })(pdu, peer)
}
