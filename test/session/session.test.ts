import { describe, expect, test } from 'vitest'
import { encodePdu, type Pdu } from '../../shared/smpp/codec.ts'
import { boundSession, eventually, submitSm } from './support/open-session.ts'
import { answer, ignore, type Peer } from './support/scripted-smsc.ts'

const deliverSm = { data_coding: 0, short_message: Buffer.from('id:1 stat:DELIVRD'), esm_class: 4 }

const submitAll = (session: { submit(pdu: Buffer, context: string): number | null }, contexts: string[]) =>
  contexts.map((context) => session.submit(submitSm(context), context))

describe('submit', () => {
  test('gives each segment its own sequence number and each response its segment', async () => {
    await using opened = await boundSession()
    const sequences = submitAll(opened.session, ['a', 'b', 'c'])
    expect(new Set(sequences).size).toBe(3)
    await eventually(() => expect(opened.seen.responses).toHaveLength(3))
    expect(opened.seen.responses.map(({ context }) => context)).toEqual(['a', 'b', 'c'])
    for (const { response, latencyMs } of opened.seen.responses) {
      expect(response.status).toBe(0)
      expect(response.messageId).toMatch(/^id-\d+$/)
      expect(latencyMs).toBeGreaterThan(0)
    }
    expect(opened.session.inFlight).toBe(0)
  })

  test('matches responses that come in another order', async () => {
    const waiting: Pdu[] = []
    await using opened = await boundSession({
      submit_sm: (pdu, peer) => {
        waiting.push(pdu)
        if (waiting.length < 3) return
        for (const { sequence_number, short_message } of waiting.reverse()) {
          peer.send('submit_sm_resp', { sequence_number, message_id: `of-${short_message}` })
        }
      },
    })
    submitAll(opened.session, ['a', 'b', 'c'])
    await eventually(() => expect(opened.seen.responses).toHaveLength(3))
    expect(opened.seen.responses.map(({ context, response }) => [context, response.messageId])).toEqual([
      ['c', 'of-c'],
      ['b', 'of-b'],
      ['a', 'of-a'],
    ])
  })

  test('writes nothing and answers null when the window is full, and says when a slot is free', async () => {
    let release = (): void => {}
    await using opened = await boundSession(
      {
        submit_sm: (pdu, peer) => {
          release = () => answer('submit_sm_resp', { message_id: 'x' })(pdu, peer)
        },
      },
      { window: 2 },
    )
    expect(submitAll(opened.session, ['a', 'b', 'c']).map((sequence) => sequence !== null)).toEqual([
      true,
      true,
      false,
    ])
    await eventually(() => expect(opened.smsc.peer.of('submit_sm')).toHaveLength(2))
    expect(opened.seen.writable).toBe(0)
    release()
    await eventually(() => expect(opened.seen.writable).toBe(1))
    expect(opened.session.canSubmit).toBe(true)
    opened.session.submit(submitSm('c'), 'c')
    await eventually(() => expect(opened.smsc.peer.of('submit_sm')).toHaveLength(3))
  })

  test('takes more once the window is widened', async () => {
    await using opened = await boundSession({ submit_sm: ignore }, { window: 1 })
    opened.session.submit(submitSm(), 'a')
    opened.session.setWindow(2)
    expect(opened.seen.writable).toBe(1)
    expect(opened.session.submit(submitSm(), 'b')).not.toBeNull()
    expect(opened.session.window).toBe(2)
  })

  test('reports a refusal with its status and no message id', async () => {
    await using opened = await boundSession({ submit_sm: answer('submit_sm_resp', { command_status: 0x45 }) })
    opened.session.submit(submitSm(), 'a')
    await eventually(() =>
      expect(opened.seen.responses).toMatchObject([
        { context: 'a', response: { status: 0x45, messageId: null } },
      ]),
    )
  })

  test('takes a generic_nack for the answer to the segment with its sequence number', async () => {
    await using opened = await boundSession({ submit_sm: answer('generic_nack', { command_status: 0x02 }) })
    opened.session.submit(submitSm(), 'a')
    await eventually(() =>
      expect(opened.seen.responses).toMatchObject([
        { context: 'a', response: { status: 0x02, messageId: null } },
      ]),
    )
  })

  test('tolerates an acceptance without message_id', async () => {
    await using opened = await boundSession({
      submit_sm: (pdu, peer) => {
        const octets = Buffer.alloc(16)
        octets.writeUInt32BE(16, 0)
        octets.writeUInt32BE(0x8000_0004, 4)
        octets.writeUInt32BE(pdu.sequence_number, 12)
        peer.raw(octets)
      },
    })
    opened.session.submit(submitSm(), 'a')
    await eventually(() =>
      expect(opened.seen.responses).toMatchObject([
        { context: 'a', response: { status: 0, messageId: null } },
      ]),
    )
  })

  test('ignores responses to nothing', async () => {
    await using opened = await boundSession()
    opened.smsc.peer.send('submit_sm_resp', { sequence_number: 4_000, message_id: 'stray' })
    opened.smsc.peer.send('generic_nack', { sequence_number: 0, command_status: 1 })
    opened.session.submit(submitSm(), 'a')
    await eventually(() => expect(opened.seen.responses).toHaveLength(1))
    expect(opened.smsc.peer.of('generic_nack')).toEqual([])
    expect(opened.session.mode).toBe('bound')
  })

  test('times a segment out without a response, and recognises the late one', async () => {
    let release = (): void => {}
    await using opened = await boundSession(
      {
        submit_sm: (pdu, peer) => {
          release = () => answer('submit_sm_resp', { message_id: 'late' })(pdu, peer)
        },
      },
      { window: 1, responseTimeoutMs: 30 },
    )
    opened.session.submit(submitSm(), 'a')
    await eventually(() => expect(opened.seen.timeouts).toEqual(['a']))
    expect(opened.seen.writable).toBe(1)
    expect(opened.session.inFlight).toBe(0)
    release()
    await eventually(() =>
      expect(opened.seen.lateResponses).toEqual([
        { context: 'a', response: { status: 0, messageId: 'late' } },
      ]),
    )
    expect(opened.seen.responses).toEqual([])
  })

  test('does not hand a timed-out segment back a second time at the end', async () => {
    await using opened = await boundSession({ submit_sm: ignore }, { responseTimeoutMs: 30 })
    opened.session.submit(submitSm(), 'a')
    await eventually(() => expect(opened.seen.timeouts).toEqual(['a']))
    opened.session.destroy()
    expect(opened.seen.unanswered).toEqual([])
  })
})

describe('a peer that does not read', () => {
  test('makes submit answer null instead of filling memory, and takes more when it reads again', async () => {
    await using opened = await boundSession({ submit_sm: ignore }, { window: 1_000_000 })
    opened.smsc.peer.socket.pause()
    const pdu = submitSm('x'.repeat(200))
    let written = 0
    await eventually(() => {
      for (let i = 0; i < 10_000 && opened.session.submit(pdu, 'a') !== null; i++) written++
      expect(opened.session.canSubmit).toBe(false)
    })
    expect(written).toBeLessThan(200_000)
    opened.smsc.peer.socket.resume()
    await eventually(() => expect(opened.session.canSubmit).toBe(true))
    expect(opened.seen.writable).toBeGreaterThan(0)
  })
})

describe('a delivery', () => {
  test.each([
    ['deliver_sm', 'deliver_sm_resp'],
    ['data_sm', 'data_sm_resp'],
  ])(
    'by %s is answered with the status it is acknowledged with, and only then',
    async (command, response) => {
      await using opened = await boundSession()
      opened.seen.acknowledge = false
      const sequence_number = opened.smsc.peer.send(command, deliverSm)
      await eventually(() => expect(opened.seen.deliveries).toHaveLength(1))
      opened.smsc.peer.send('enquire_link')
      await eventually(() => expect(opened.smsc.peer.of('enquire_link_resp')).toHaveLength(1))
      expect(opened.smsc.peer.of(response)).toEqual([])
      opened.seen.deliveries[0]!.ack(0x64)
      await eventually(() =>
        expect(opened.smsc.peer.of(response)).toMatchObject([{ command_status: 0x64, sequence_number }]),
      )
    },
  )

  test('is answered once, however often it is acknowledged', async () => {
    await using opened = await boundSession()
    opened.smsc.peer.send('deliver_sm', deliverSm)
    await eventually(() => expect(opened.seen.deliveries).toHaveLength(1))
    opened.seen.deliveries[0]!.ack(0x64)
    opened.smsc.peer.send('enquire_link')
    await eventually(() => expect(opened.smsc.peer.of('enquire_link_resp')).toHaveLength(1))
    expect(opened.smsc.peer.of('deliver_sm_resp')).toMatchObject([{ command_status: 0 }])
  })

  test('acknowledged after the session ended does no harm', async () => {
    await using opened = await boundSession()
    opened.seen.acknowledge = false
    opened.smsc.peer.send('deliver_sm', deliverSm)
    await eventually(() => expect(opened.seen.deliveries).toHaveLength(1))
    opened.session.destroy()
    expect(() => opened.seen.deliveries[0]!.ack(0)).not.toThrow()
  })

  test('gets through while submits fill the window', async () => {
    await using opened = await boundSession(
      {
        submit_sm: (pdu, peer) => {
          answer('submit_sm_resp', { message_id: 'x' })(pdu, peer)
          peer.send('deliver_sm', deliverSm)
        },
      },
      { window: 10 },
    )
    const pump = (): void => {
      while (
        opened.smsc.peer.of('submit_sm').length < 500 &&
        opened.session.submit(submitSm(), 'a') !== null
      );
    }
    opened.seen.onWritable = pump
    pump()
    await eventually(() => expect(opened.seen.responses.length).toBeGreaterThanOrEqual(500))
    await eventually(() => expect(opened.seen.deliveries.length).toBe(opened.seen.responses.length))
  })
})

describe('the link', () => {
  test('is asked after silence, and lives on when it answers', async () => {
    await using opened = await boundSession({}, { enquireAfterMs: 20, enquireTimeoutMs: 10_000 })
    await eventually(() => expect(opened.smsc.peer.of('enquire_link').length).toBeGreaterThan(2))
    expect(opened.session.mode).toBe('bound')
  })

  test('is dead when the peer falls silent, and everything pending comes back', async () => {
    await using opened = await boundSession(
      { submit_sm: ignore, enquire_link: ignore },
      { enquireAfterMs: 20, enquireTimeoutMs: 20 },
    )
    submitAll(opened.session, ['a', 'b'])
    await eventually(() => expect(opened.session.mode).toBe('closed'))
    expect(opened.seen.end).toMatchObject({ why: 'linkDead', error: { code: 'smsc_link_dead' } })
    expect(opened.seen.unanswered).toEqual(['a', 'b'])
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
  })

  test("is alive to the peer: its enquire_link is answered at once, with the peer's sequence number", async () => {
    await using opened = await boundSession()
    opened.smsc.peer.send('enquire_link', { sequence_number: 0x7fff_ffff })
    await eventually(() =>
      expect(opened.smsc.peer.of('enquire_link_resp')).toMatchObject([
        { command_status: 0, sequence_number: 0x7fff_ffff },
      ]),
    )
  })

  test('over which no message goes is given up when the session has an inactivity time', async () => {
    await using opened = await boundSession({}, { inactivityMs: 30 })
    await eventually(() => expect(opened.seen.end).toEqual({ why: 'unbound', error: null }))
    expect(opened.smsc.peer.of('unbind')).toHaveLength(1)
  })
})

describe('a connection cut', () => {
  test('in the middle of a PDU hands everything pending back, in the order sent', async () => {
    const contexts = Array.from({ length: 10 }, (_, i) => `m${i}`)
    await using opened = await boundSession({
      submit_sm: (pdu, peer) => {
        if (String(pdu.short_message) === 'm3') {
          answer('submit_sm_resp', { message_id: 'x' })(pdu, peer)
        }
        if (String(pdu.short_message) !== 'm9') return
        peer.raw(Buffer.from('0000002080000004000000', 'hex'))
        peer.socket.end()
      },
    })
    submitAll(opened.session, contexts)
    await eventually(() => expect(opened.session.mode).toBe('closed'))
    expect(opened.seen.end).toMatchObject({ why: 'connectionLost', error: { code: 'smsc_connection_lost' } })
    expect(opened.seen.unanswered).toEqual(contexts.filter((context) => context !== 'm3'))
    expect(opened.seen.ends).toHaveLength(1)
  })

  test('takes nothing more', async () => {
    await using opened = await boundSession()
    opened.smsc.peer.socket.destroy()
    await eventually(() => expect(opened.session.mode).toBe('closed'))
    expect(opened.session.submit(submitSm(), 'late')).toBeNull()
  })
})

describe('a peer that does not keep to the protocol', () => {
  const header = (length: number, commandId: number, sequence = 9): Buffer => {
    const octets = Buffer.alloc(16)
    octets.writeUInt32BE(length, 0)
    octets.writeUInt32BE(commandId, 4)
    octets.writeUInt32BE(sequence, 12)
    return octets
  }

  test.each([
    ['garbage', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['an oversized PDU', header(0x0100_0000, 0x05)],
    ['a PDU shorter than its header', header(8, 0x05)],
  ])('ends the session by sending %s, pending handed back', async (_, octets) => {
    await using opened = await boundSession({ submit_sm: (__, peer) => peer.raw(octets) })
    opened.session.submit(submitSm(), 'a')
    await eventually(() => expect(opened.session.mode).toBe('closed'))
    expect(opened.seen.end).toMatchObject({ why: 'protocolError', error: { code: 'smsc_protocol_error' } })
    expect(opened.seen.unanswered).toEqual(['a'])
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
  })

  test('is believed up to the garbage: an answer that came whole before it counts', async () => {
    await using opened = await boundSession({
      submit_sm: ({ sequence_number, short_message }, peer) => {
        if (String(short_message) === 'a') return
        const resp = encodePdu('submit_sm_resp', { sequence_number, message_id: 'whole' })
        peer.raw(Buffer.concat([resp, header(8, 0x05)]))
      },
    })
    submitAll(opened.session, ['a', 'b'])
    await eventually(() => expect(opened.session.mode).toBe('closed'))
    expect(opened.seen.responses).toMatchObject([{ context: 'b', response: { messageId: 'whole' } }])
    expect(opened.seen.unanswered).toEqual(['a'])
  })

  test('is answered ESME_RINVMSGLEN to a deliver_sm whose body lies about its length, then cut', async () => {
    await using opened = await boundSession()
    // service_type up to sm_default_msg_id, then sm_length 200 with nothing behind it
    const body = Buffer.concat([Buffer.alloc(16), Buffer.of(200)])
    opened.smsc.peer.raw(Buffer.concat([header(16 + body.length, 0x05, 77), body]))
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
    expect(opened.smsc.peer.of('deliver_sm_resp')).toMatchObject([
      { command_status: 0x01, sequence_number: 77 },
    ])
    expect(opened.seen.end?.why).toBe('protocolError')
    expect(opened.seen.deliveries).toEqual([])
  })

  test('is answered generic_nack ESME_RINVCMDID to an unknown command, and the session goes on', async () => {
    await using opened = await boundSession()
    opened.smsc.peer.raw(header(16, 0x0000_0777, 78))
    await eventually(() =>
      expect(opened.smsc.peer.of('generic_nack')).toMatchObject([
        { command_status: 0x03, sequence_number: 78 },
      ]),
    )
    expect(opened.session.mode).toBe('bound')
  })

  test('is not answered to an unknown response', async () => {
    await using opened = await boundSession()
    opened.smsc.peer.raw(header(16, 0x8000_0777, 78))
    opened.smsc.peer.send('enquire_link')
    await eventually(() => expect(opened.smsc.peer.of('enquire_link_resp')).toHaveLength(1))
    expect(opened.smsc.peer.of('generic_nack')).toEqual([])
  })
})

describe('an unbind by the peer', () => {
  test('is answered, then the session ends and hands back what is pending', async () => {
    await using opened = await boundSession({ submit_sm: ignore })
    submitAll(opened.session, ['a', 'b'])
    await eventually(() => expect(opened.smsc.peer.of('submit_sm')).toHaveLength(2))
    const sequence_number = opened.smsc.peer.send('unbind')
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
    expect(opened.smsc.peer.of('unbind_resp')).toMatchObject([{ command_status: 0, sequence_number }])
    expect(opened.seen.end).toMatchObject({ why: 'unboundByPeer', error: { code: 'smsc_unbound' } })
    expect(opened.seen.unanswered).toEqual(['a', 'b'])
  })

  test('is the end: nothing that came behind it is handed over', async () => {
    await using opened = await boundSession()
    opened.smsc.peer.socket.cork()
    opened.smsc.peer.send('unbind')
    opened.smsc.peer.send('deliver_sm', deliverSm)
    opened.smsc.peer.socket.uncork()
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
    expect(opened.seen.deliveries).toEqual([])
  })
})

describe('destroy', () => {
  test('sends nothing more, and hands back what was submitted a moment before', async () => {
    await using opened = await boundSession()
    opened.session.submit(submitSm(), 'a')
    opened.session.destroy()
    expect(opened.seen.ends).toEqual([{ end: { why: 'destroyed', error: null }, unanswered: ['a'] }])
    await eventually(() => expect(opened.smsc.peer.closed).toBe(true))
    expect(opened.smsc.peer.received).toHaveLength(1)
  })
})

describe('drain', () => {
  const commandsOf = (peer: Peer): string[] => peer.received.map(({ command }) => command)

  test('takes nothing new, waits for the window, then unbinds', async () => {
    let release = (): void => {}
    await using opened = await boundSession({
      submit_sm: (pdu, peer) => {
        release = () => answer('submit_sm_resp', { message_id: 'x' })(pdu, peer)
      },
    })
    opened.session.submit(submitSm(), 'a')
    await eventually(() => expect(opened.smsc.peer.of('submit_sm')).toHaveLength(1))
    const drained = opened.session.drain(20_000)
    expect(opened.session.submit(submitSm(), 'b')).toBeNull()
    expect(opened.session.mode).toBe('draining')
    release()
    await drained
    expect(opened.seen.responses).toMatchObject([{ context: 'a' }])
    expect(opened.seen.ends).toEqual([{ end: { why: 'unbound', error: null }, unanswered: [] }])
    expect(commandsOf(opened.smsc.peer)).toEqual(['bind_transceiver', 'submit_sm', 'unbind'])
  })

  test('waits for deliveries that are not acknowledged yet', async () => {
    await using opened = await boundSession()
    opened.seen.acknowledge = false
    opened.smsc.peer.send('deliver_sm', deliverSm)
    await eventually(() => expect(opened.seen.deliveries).toHaveLength(1))
    const drained = opened.session.drain(20_000)
    expect(opened.session.mode).toBe('draining')
    opened.seen.deliveries[0]!.ack(0)
    await drained
    expect(commandsOf(opened.smsc.peer)).toEqual(['bind_transceiver', 'deliver_sm_resp', 'unbind'])
  })

  test('unbinds when its time is up, and hands back what stayed unanswered', async () => {
    await using opened = await boundSession({ submit_sm: ignore })
    opened.session.submit(submitSm(), 'a')
    await opened.session.drain(30)
    expect(opened.smsc.peer.of('unbind')).toHaveLength(1)
    expect(opened.seen.ends).toEqual([{ end: { why: 'unbound', error: null }, unanswered: ['a'] }])
  })

  test('ends even when the unbind is not answered', async () => {
    await using opened = await boundSession({ unbind: ignore }, { bindTimeoutMs: 30 })
    await opened.session.drain(20_000)
    expect(opened.session.mode).toBe('closed')
  })

  test('of a closed session is over at once', async () => {
    await using opened = await boundSession()
    opened.session.destroy()
    await opened.session.drain(20_000)
    expect(opened.seen.ends).toHaveLength(1)
  })
})
