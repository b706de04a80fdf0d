import { describe, expect, test } from 'vitest'
import { CREDENTIALS } from './support/factories.ts'
import { boundSession, eventually, openSession, submitSm } from './support/open-session.ts'
import { answer, ignore } from './support/scripted-smsc.ts'

describe('a bind', () => {
  test('is a bind_transceiver that says SMPP 3.4, system_id, password and system_type', async () => {
    await using opened = await openSession({}, { systemType: 'GCM' })
    const result = await opened.session.bind(CREDENTIALS)
    expect(result).toEqual({ ok: true, smscId: 'SMSC', smscVersion: null })
    expect(opened.session.mode).toBe('bound')
    expect(opened.seen.bound).toBe(1)
    expect(opened.smsc.peer.received[0]).toMatchObject({
      command: 'bind_transceiver',
      interface_version: 0x34,
      system_id: 'dakghar',
      password: 'secret',
      system_type: 'GCM',
      address_range: '',
    })
  })

  test.each([
    ['transmitter', 'bind_transmitter'],
    ['receiver', 'bind_receiver'],
  ] as const)('as %s is a %s', async (bindAs, command) => {
    await using opened = await openSession({}, { bindAs })
    expect(await opened.session.bind(CREDENTIALS)).toMatchObject({ ok: true })
    expect(opened.smsc.peer.received[0]).toMatchObject({ command, interface_version: 0x34 })
  })

  test('tells the version the SMSC speaks when it says so', async () => {
    const script = {
      bind_transceiver: answer('bind_transceiver_resp', { system_id: 'OLD', sc_interface_version: 0x33 }),
    }
    await using opened = await openSession(script)
    expect(await opened.session.bind(CREDENTIALS)).toEqual({ ok: true, smscId: 'OLD', smscVersion: 0x33 })
  })

  test.each([
    [0x0d, 'wrongCredentials'],
    [0x0e, 'wrongCredentials'],
    [0x0f, 'wrongCredentials'],
    [0x05, 'alreadyBound'],
    [0x58, 'throttled'],
    [0x08, 'refused'],
    [0x4ff, 'refused'],
  ])('answered with status %i ends the session as %s', async (command_status, why) => {
    await using opened = await openSession({
      bind_transceiver: answer('bind_transceiver_resp', { command_status }),
    })
    expect(await opened.session.bind(CREDENTIALS)).toMatchObject({ ok: false, why, status: command_status })
    expect(opened.session.mode).toBe('closed')
    expect(opened.seen.ends).toEqual([{ end: { why: 'bindRefused', error: null }, unanswered: [] }])
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
  })

  test('answered by generic_nack is refused with its status', async () => {
    await using opened = await openSession({
      bind_transceiver: answer('generic_nack', { command_status: 0x03 }),
    })
    expect(await opened.session.bind(CREDENTIALS)).toMatchObject({ ok: false, why: 'refused', status: 3 })
  })

  test('not answered in time ends the session', async () => {
    await using opened = await openSession({ bind_transceiver: ignore }, { bindTimeoutMs: 30 })
    expect(await opened.session.bind(CREDENTIALS)).toMatchObject({ ok: false, why: 'noAnswer', status: null })
    expect(opened.session.mode).toBe('closed')
  })

  test('during which the connection ends is answered as disconnected', async () => {
    await using opened = await openSession({ bind_transceiver: (_, peer) => peer.socket.destroy() })
    expect(await opened.session.bind(CREDENTIALS)).toMatchObject({ ok: false, why: 'disconnected' })
    expect(opened.seen.end?.why).toBe('connectionLost')
  })

  test('accepted by a header alone is accepted', async () => {
    await using opened = await openSession({
      bind_transceiver: (pdu, peer) => {
        const octets = Buffer.alloc(16)
        octets.writeUInt32BE(16, 0)
        octets.writeUInt32BE(0x8000_0009, 4)
        octets.writeUInt32BE(pdu.sequence_number, 12)
        peer.raw(octets)
      },
    })
    expect(await opened.session.bind(CREDENTIALS)).toEqual({ ok: true, smscId: '', smscVersion: null })
  })

  test('answered with a body that cannot be read ends the session', async () => {
    await using opened = await openSession({
      bind_transceiver: (pdu, peer) => {
        const octets = Buffer.alloc(16 + 8)
        octets.writeUInt32BE(octets.length, 0)
        octets.writeUInt32BE(0x8000_0009, 4)
        octets.writeUInt32BE(pdu.sequence_number, 12)
        // sc_interface_version of two octets' length with none behind it
        octets.set([0x41, 0, 0x02, 0x10, 0, 9, 0, 0], 16)
        peer.raw(octets.subarray(0, 22))
        peer.raw(Buffer.alloc(100))
      },
    })
    expect(await opened.session.bind(CREDENTIALS)).toMatchObject({ ok: false, why: 'disconnected' })
  })

  test('is needed before anything is submitted', async () => {
    await using opened = await openSession()
    expect(opened.session.submit(submitSm(), 'early')).toBeNull()
    expect(opened.session.canSubmit).toBe(false)
  })

  test('refuses a deliver_sm that comes before its answer', async () => {
    await using opened = await openSession({
      bind_transceiver: (_, peer) =>
        peer.send('deliver_sm', { data_coding: 0, short_message: Buffer.from('x'), sequence_number: 5 }),
    })
    void opened.session.bind(CREDENTIALS)
    await eventually(() => expect(opened.smsc.peer.of('deliver_sm_resp')).toHaveLength(1))
    expect(opened.smsc.peer.of('deliver_sm_resp')[0]).toMatchObject({
      command_status: 0x04,
      sequence_number: 5,
    })
    expect(opened.seen.deliveries).toEqual([])
  })

  test('hands over a delivery that came in one segment with its answer', async () => {
    await using opened = await boundSession({
      bind_transceiver: (pdu, peer) => {
        peer.socket.cork()
        peer.send('bind_transceiver_resp', { system_id: 'SMSC', sequence_number: pdu.sequence_number })
        peer.send('deliver_sm', { data_coding: 0, short_message: Buffer.from('at once') })
        peer.socket.uncork()
      },
    })
    await eventually(() => expect(opened.seen.deliveries).toHaveLength(1))
    await eventually(() => expect(opened.smsc.peer.of('deliver_sm_resp')).toHaveLength(1))
  })
})
