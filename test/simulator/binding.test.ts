import { describe, expect, it } from 'vitest'
import { encodePdu, STATUS } from '../../shared/smpp/codec.ts'
import { certificateFor } from '../support/certificates.ts'
import { simulatorHarness } from './harness.ts'
import { SUBMIT } from './raw-esme.ts'

const harness = simulatorHarness()

describe('binding', () => {
  it.each(['bind_transceiver', 'bind_transmitter', 'bind_receiver'])(
    'accepts %s with the right password',
    async (command) => {
      const simulator = await harness.start()
      const esme = await harness.connect(simulator)
      const response = await esme.bind(command)
      expect(response).toMatchObject({
        command: `${command}_resp`,
        command_status: 0,
        system_id: 'SIMULATOR',
        sc_interface_version: 0x34,
      })
      expect(simulator.binds).toBe(1)
    },
  )

  it('sends no TLV to a peer that speaks SMPP 3.3', async () => {
    const esme = await harness.connect(await harness.start())
    expect(await esme.bind('bind_transceiver', { interface_version: 0x33 })).not.toHaveProperty(
      'sc_interface_version',
    )
  })

  it.each([
    ['a wrong password', { password: 'guess' }, 'ESME_RINVPASWD'],
    ['an unknown account', { system_id: 'nobody' }, 'ESME_RBINDFAIL'],
    ['a wrong system type', { system_type: 'VMA' }, 'ESME_RBINDFAIL'],
  ])('refuses %s and closes the connection', async (_what, fields, status) => {
    const simulator = await harness.start({
      accounts: [{ systemId: 'demo', password: 'secret', systemType: 'GCM' }],
    })
    const esme = await harness.connect(simulator)
    expect((await esme.bind('bind_transceiver', fields)).command_status).toBe(STATUS[status])
    await esme.until(() => esme.closed)
    expect(simulator.binds).toBe(0)
  })

  it('ignores the system type of an account that names none', async () => {
    const esme = await harness.connect(await harness.start())
    expect((await esme.bind('bind_transceiver', { system_type: 'anything' })).command_status).toBe(0)
  })

  it('refuses one bind too many with ESME_RALYBND, and takes it when another has gone', async () => {
    const simulator = await harness.start({
      accounts: [{ systemId: 'demo', password: 'secret', maxBinds: 1 }],
    })
    const first = await harness.bound(simulator)
    const second = await harness.connect(simulator)
    expect((await second.bind()).command_status).toBe(STATUS.ESME_RALYBND)
    await first.request('unbind')
    await first.until(() => first.closed)
    const third = await harness.connect(simulator)
    expect((await third.bind()).command_status).toBe(0)
  })

  it('takes another password once it is changed, keeps who is bound, and counts whom it refuses', async () => {
    const simulator = await harness.start()
    const first = await harness.bound(simulator)
    simulator.changePassword('newer')
    const late = await harness.connect(simulator)
    expect((await late.bind()).command_status).toBe(STATUS.ESME_RINVPASWD)
    const second = await harness.connect(simulator)
    expect((await second.bind('bind_transceiver', { password: 'newer' })).command_status).toBe(0)
    expect((await first.submit()).command_status).toBe(0)
    expect(simulator.refusedBinds).toEqual({ [STATUS.ESME_RINVPASWD!]: 1 })
  })

  it('refuses a second bind on a bound connection and keeps the first', async () => {
    const esme = await harness.bound(await harness.start())
    expect((await esme.bind()).command_status).toBe(STATUS.ESME_RALYBND)
    expect((await esme.submit()).command_status).toBe(0)
  })

  it('closes a connection that never binds', async () => {
    const esme = await harness.connect(await harness.start({ sessionInitMs: 20 }))
    await esme.until(() => esme.closed)
  })

  it('answers unbind and closes', async () => {
    const esme = await harness.bound(await harness.start())
    expect(await esme.request('unbind')).toMatchObject({ command: 'unbind_resp', command_status: 0 })
    await esme.until(() => esme.closed)
  })

  it('lists every fault of its options', async () => {
    const start = harness.start({
      accounts: [],
      receiptDelayMs: { min: 5, max: 1 },
      outcomes: { DELIVRD: 0 },
    })
    await expect(start).rejects.toMatchObject({
      code: 'simulator_options',
      message: expect.stringMatching(/at accounts[\s\S]*at receiptDelayMs[\s\S]*at outcomes/),
    })
  })

  it('says when its port is taken', async () => {
    const first = await harness.start()
    await expect(harness.start({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('keep-alive', () => {
  it('answers enquire_link', async () => {
    const esme = await harness.bound(await harness.start())
    expect(await esme.request('enquire_link')).toMatchObject({
      command: 'enquire_link_resp',
      command_status: 0,
    })
  })

  it('asks a silent peer, and keeps one that answers', async () => {
    const simulator = await harness.start({ enquireLinkSeconds: 0.02 })
    const esme = await harness.bound(simulator)
    await esme.until(() => esme.received.filter((pdu) => pdu.command === 'enquire_link').length >= 3)
    expect((await esme.submit()).command_status).toBe(0)
  })

  it('closes a peer that does not answer', async () => {
    const esme = await harness.bound(await harness.start({ enquireLinkSeconds: 0.02 }), {
      answerEnquireLink: false,
    })
    await esme.until(() => esme.closed)
    expect(esme.received.some((pdu) => pdu.command === 'enquire_link')).toBe(true)
  })
})

describe('over TLS', () => {
  it('binds, submits and receives a receipt by a certificate the peer verifies', async () => {
    const tls = await certificateFor({ dns: 'localhost' })
    const simulator = await harness.start({ tls })
    const esme = await harness.bound(simulator, { ca: tls.cert })
    expect((await esme.submit()).command_status).toBe(0)
    await esme.next((pdu) => pdu.command === 'deliver_sm')

    const plain = await harness.connect(simulator)
    plain.send('bind_transceiver', { system_id: 'demo', password: 'secret' })
    await plain.until(() => plain.closed)
    expect((await esme.submit()).command_status).toBe(0)
  })
})

describe('what cannot be read', () => {
  const header = (length: number, id: number) => {
    const octets = Buffer.alloc(16)
    octets.writeUInt32BE(length, 0)
    octets.writeUInt32BE(id, 4)
    octets.writeUInt32BE(77, 12)
    return octets
  }

  it.each([
    ['an HTTP request', Buffer.from('GET / HTTP/1.1\r\nHost: smsc\r\n\r\n'), 0],
    ['a command_length of 3 GB', header(0xbeef_beef, 4), 0],
    ['a submit_sm without its body', Buffer.concat([header(17, 4), Buffer.from([0x41])]), 77],
  ])('%s gets a generic_nack and closes that connection only', async (_what, octets, sequence) => {
    const simulator = await harness.start()
    const neighbour = await harness.bound(simulator)
    const esme = await harness.connect(simulator)
    esme.socket.write(octets)
    await esme.until(() => esme.closed)
    expect(esme.received).toMatchObject([
      { command: 'generic_nack', command_status: STATUS.ESME_RINVCMDLEN, sequence_number: sequence },
    ])
    expect((await neighbour.submit()).command_status).toBe(0)
  })

  it('does not spoil what came whole before it', async () => {
    const simulator = await harness.start()
    const esme = await harness.bound(simulator)
    const submit = encodePdu('submit_sm', { ...SUBMIT, sequence_number: 9 })
    esme.socket.write(Buffer.concat([submit, Buffer.from('garbage garbage garbage')]))
    await esme.until(() => esme.closed)
    expect(simulator.truth().submitted).toBe(1)
    expect(await esme.next((pdu) => pdu.sequence_number === 9)).toMatchObject({ command: 'submit_sm_resp' })
  })

  it('a command nobody knows gets a generic_nack and the connection lives on', async () => {
    const esme = await harness.bound(await harness.start())
    esme.socket.write(header(16, 0x1234))
    const nack = await esme.next((pdu) => pdu.command === 'generic_nack')
    expect(nack).toMatchObject({ command_status: STATUS.ESME_RINVCMDID, sequence_number: 77 })
    expect((await esme.submit()).command_status).toBe(0)
  })

  it('a response nobody asked for is let pass', async () => {
    const esme = await harness.bound(await harness.start())
    esme.socket.write(header(16, 0x8000_1234))
    esme.socket.write(header(16, 0x8000_0005))
    expect((await esme.submit()).command_status).toBe(0)
    expect(esme.received.some((pdu) => pdu.command === 'generic_nack')).toBe(false)
  })
})
