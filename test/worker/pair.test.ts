/** A route whose gateway has no transceivers: a transmitter and a receiver in the place of each. */
import { afterEach, describe, expect, it } from 'vitest'
import { STATUS } from '../../shared/smpp/codec.ts'
import { answer, type Peer, ScriptedSmsc } from '../session/support/scripted-smsc.ts'
import { until } from '../support/until.ts'
import { route as routeConfig } from './factories.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const pairs = (binds: number) => ({ bindType: 'pair' as const, binds })

describe('a pair', () => {
  it('sends over its transmitters, and places the receipts that come over its receivers', async () => {
    const { smsc, start, feed, facts, queued, deps } = await workerSetUp({ route: pairs(2) })
    const { worker } = start()
    await feed([...short(60), 3, 2], short(50))
    await until(async () => (await facts()).receipts.length === 115 && (await queued()) === 0)
    const { outcomes, receipts } = await facts()
    expect(outcomes.map((row) => row[4])).toEqual(Array(115).fill('accepted'))
    expect(new Set(receipts.map((row) => row[3]))).toEqual(new Set(outcomes.map((row) => row[5])))
    expect(smsc.truth()).toMatchObject({ submitted: 115, messages: { complete: 112, repeated: 0 } })
    expect(smsc.binds).toBe(4)

    await until(async () => (await deps.registry.heartbeats(routeConfig().id)).length === 4)
    const { binds, state } = worker.state()
    expect(binds.map(({ bind, bindAs }) => [bind, bindAs])).toEqual([
      [0, 'transmitter'],
      [1, 'transmitter'],
      [2, 'receiver'],
      [3, 'receiver'],
    ])
    expect(binds.slice(2).map(({ submitted }) => submitted)).toEqual([0, 0])
    expect(binds.slice(0, 2).map((bind) => bind.receipts)).toEqual([0, 0])
    expect(binds[2]!.receipts + binds[3]!.receipts).toBe(115)
    expect(state).toBe('up')
    const beats = await deps.registry.heartbeats(routeConfig().id)
    expect(beats.map(({ bindAs }) => bindAs)).toEqual(binds.map(({ bindAs }) => bindAs))
  })

  it('gets messages of subscribers over its receiver', async () => {
    const { smsc, start, deps } = await workerSetUp({ route: pairs(1) })
    start()
    expect(await smsc.sendMo({ from: '919876543210', to: '56161', text: 'STOP' })).toBe(true)
    const [copy] = await deps.queue.receive('inbound', { max: 1, waitSeconds: 5, visibilitySeconds: 30 })
    expect(JSON.parse(copy!.body)).toMatchObject({ from: '919876543210', text: 'STOP' })
  })

  it('goes on sending while its receiver is down, says so, and gets the receipts when it is back', async () => {
    const { smsc, start, feed, facts } = await workerSetUp({ route: pairs(1) })
    const { worker } = start()
    await until(() => worker.state().state === 'up')
    const lift = smsc.inject({ fault: 'refuse-bind', kind: 'receiver' })
    smsc.inject({ fault: 'disconnect', kind: 'receiver' })
    await until(() => worker.state().state === 'notReceiving')
    await feed(short(40))
    await until(async () => (await facts()).outcomes.length === 40)
    expect(smsc.truth()).toMatchObject({ submitted: 40, receipts: { acked: 0 } })
    expect(worker.state().state).toBe('notReceiving')
    lift()
    await until(async () => (await facts()).receipts.length === 40)
    expect(worker.state().state).toBe('up')
    expect((await facts()).outcomes.every((row) => row[4] === 'accepted')).toBe(true)
  })

  it('takes nothing from the queue while only its receiver is bound', async () => {
    const { smsc, start, feed, queued } = await workerSetUp({ route: pairs(1) })
    const lift = smsc.inject({ fault: 'refuse-bind', kind: 'transmitter', status: STATUS.ESME_RALYBND! })
    const { worker } = start()
    await until(() => worker.state().state === 'notSending')
    await feed(short(10))
    await until(() => (smsc.truth().faults['refuse-bind'] ?? 0) >= 2)
    expect(worker.state().heldBatches).toBe(0)
    expect(await queued()).toBe(1)
    lift()
    await until(() => smsc.truth().submitted === 10)
  })
})

const isTransmitter = (peer: Peer) => peer.of('bind_transmitter').length > 0

/** An SMSC that leaves every submit_sm to the test, and notes who unbinds when. */
async function patientSmsc() {
  const submitted: { respond: () => void; peer: Peer }[] = []
  const unbound: string[] = []
  const smsc = await ScriptedSmsc.listen({
    submit_sm: (pdu, peer) => {
      const message_id = `id-${submitted.length}`
      submitted.push({ respond: () => answer('submit_sm_resp', { message_id })(pdu, peer), peer })
    },
    unbind: (pdu, peer) => {
      unbound.push(isTransmitter(peer) ? 'transmitter' : 'receiver')
      answer('unbind_resp')(pdu, peer)
      peer.socket.end()
    },
  })
  const receipt = (n: number) => ({
    esm_class: 4,
    source_addr: `91987654${3_210 + n}`,
    destination_addr: 'DAKGHR',
    short_message: Buffer.from(`id:id-${n} sub:001 dlvrd:001 stat:DELIVRD err:000 text:`),
  })
  return { smsc, submitted, unbound, receipt }
}

describe('a pair and an SMSC', () => {
  it('SIGTERM: receivers take receipts until the transmitters have drained, and unbind last', async () => {
    const { smsc, submitted, unbound, receipt } = await patientSmsc()
    await using _ = smsc
    const { start, feed, facts } = await workerSetUp({ route: { ...pairs(1), port: smsc.port } })
    const { worker, drain } = start()
    await feed(short(3))
    await until(() => submitted.length === 3)
    const drained = drain()
    await until(() => worker.state().binds.some(({ state }) => state === 'draining'))
    for (const { respond } of submitted.slice(0, 2)) respond()
    await until(async () => (await facts()).outcomes.length === 2)
    const receiver = smsc.peers.find((peer) => !isTransmitter(peer))!
    for (const n of [0, 1]) receiver.send('deliver_sm', receipt(n))
    await until(() => receiver.of('deliver_sm_resp').length === 2)
    expect(worker.state().binds.map(({ state }) => state)).toEqual(['draining', 'bound'])
    expect(unbound).toEqual([])
    submitted[2]!.respond()
    await drained
    expect(unbound).toEqual(['transmitter', 'receiver'])
    const { outcomes, receipts } = await facts()
    expect(outcomes.map((row) => row[4])).toEqual(['accepted', 'accepted', 'accepted'])
    expect(receipts.map((row) => row[3])).toEqual(['id-0', 'id-1'])
  })

  it('that delivers over the transmitter is heard all the same', async () => {
    const { smsc, submitted, receipt } = await patientSmsc()
    await using _ = smsc
    const { start, feed, facts } = await workerSetUp({ route: { ...pairs(1), port: smsc.port } })
    start()
    await feed(short(1))
    await until(() => submitted.length === 1)
    const { respond, peer } = submitted[0]!
    respond()
    await until(async () => (await facts()).outcomes.length === 1)
    const sequence_number = peer.send('deliver_sm', receipt(0))
    await until(() => peer.of('deliver_sm_resp').length === 1)
    expect(peer.of('deliver_sm_resp')).toMatchObject([{ sequence_number, command_status: 0 }])
    expect((await facts()).receipts.map((row) => row[3])).toEqual(['id-0'])
  })
})
