import { describe, expect, it } from 'vitest'
import { TIMING } from '../../shared/timing.ts'
import { BOOT, CAMPAIGN, heldBatch, planLine, TERMS } from './factories.ts'
import { senderSetUp as setUp } from './sender.factory.ts'

describe('sending', () => {
  it('writes the parts of a message back to back and records what the SMSC answered', async () => {
    const { sender, port, link, turn, outcomes, quiet } = setUp()
    const batch = heldBatch(planLine([1, 2]))
    sender.add(batch)
    await turn()
    expect(port.names).toEqual(['0.1', '1.1', '1.2'])
    for (const [n, segment] of port.written.entries()) sender.onResponse(link, segment, 0, `id${n}`)
    expect(await outcomes()).toEqual(['0.1 accepted id0', '1.1 accepted id1', '1.2 accepted id2'])
    expect(quiet).toEqual([batch])
  })

  it('keeps all parts of a message on one bind', async () => {
    const { sender, ports, turn } = setUp({ binds: 2 })
    sender.add(heldBatch(planLine([3, 3, 1, 2])))
    await turn()
    const onBind = new Map<number, Set<number>>()
    for (const [bind, port] of ports.entries())
      for (const { task } of port.written)
        onBind.set(task.message.i, (onBind.get(task.message.i) ?? new Set()).add(bind))
    expect([...onBind.values()].every((binds) => binds.size === 1)).toBe(true)
    expect(ports.flatMap((port) => port.names)).toHaveLength(9)
  })

  it('remembers ids, so that receipts find their segment', async () => {
    const { sender, port, link, ids, turn } = setUp()
    sender.add(heldBatch(planLine([2])))
    await turn()
    sender.onResponse(link, port.written[1]!, 0, '00AB')
    expect(ids.find('ab')).toMatchObject({ batch: 0, i: 0, part: 2 })
  })

  it('holds to the rate of the route', async () => {
    const { sender, port, clock } = setUp({ tps: 10 })
    sender.add(heldBatch(planLine(Array(50).fill(1))))
    const sentBySecond: number[] = []
    for (let second = 0; second < 3; second++) {
      for (let step = 0; step < 100; step++) {
        await clock.advance(10)
        sender.kick()
      }
      sentBySecond.push(port.written.length)
    }
    expect(sentBySecond[0]).toBeLessThanOrEqual(12)
    expect(sentBySecond[2]).toBeLessThanOrEqual(32)
    expect(sentBySecond[2]).toBeGreaterThanOrEqual(29)
  })

  it('writes nothing past the fence of the lease', async () => {
    const { sender, port, turn } = setUp()
    sender.add(heldBatch(planLine([1]), { fenceAtMs: 0 }))
    await turn()
    expect(port.written).toEqual([])
  })

  it('reserves before it sends what is not reserved yet', async () => {
    const { sender, port, ledger, turn, clock } = setUp()
    const line = planLine([1, 1])
    const claimed = await ledger.claim({
      ...{
        campaign: CAMPAIGN,
        page: 0,
        batch: 0,
        owner: BOOT,
        lineHash: 'h',
        takeoverGraceMs: 0,
        reserve: '10',
      },
      now: clock.now(),
      leaseUntil: clock.now() + 30_000,
    })
    expect(claimed.granted).toBe(true)
    sender.add(heldBatch(line, { reserved: '10' }))
    await turn()
    await turn()
    expect(port.names).toEqual(['0.1', '1.1'])
    expect((await ledger.readPage(CAMPAIGN, 0)).claims[0]!.reserved).toBe('11')
  })

  it('lets what expired lapse instead of sending it', async () => {
    const { sender, port, quiet, turn, clock } = setUp()
    const batch = heldBatch(planLine([1, 1]), { terms: { ...TERMS, expiresAt: clock.now() } })
    sender.add(batch)
    await turn()
    expect(port.written).toEqual([])
    expect(quiet).toEqual([batch])
    expect(batch.withdrawal).toEqual({ kind: 'expire' })
  })
})

describe('sending hours', () => {
  const hours = { fromMinute: 600, toMinute: 1_260 }

  it('are checked when a message begins: outside them the batch is parked until they open', async () => {
    const { sender, port, quiet, turn, clock } = setUp()
    await clock.advance(10 * 3_600_000) // 21:30 in India
    const batch = heldBatch(planLine([1]), { terms: { ...TERMS, hours } })
    sender.add(batch)
    await turn()
    expect(port.written).toEqual([])
    expect(quiet).toEqual([batch])
    expect(batch.withdrawal).toEqual({
      kind: 'park',
      reason: 'hours',
      notBefore: Date.UTC(2026, 8, 2, 4, 30),
    })
  })

  it('let a message already begun finish', async () => {
    const { sender, port, link, turn, clock } = setUp()
    port.room = 1
    await clock.advance(9 * 3_600_000 + 28 * 60_000 + 50_000) // 20:58:50
    sender.add(heldBatch(planLine([2, 1]), { terms: { ...TERMS, hours } }))
    await turn()
    await clock.advance(60_000)
    port.room = Number.POSITIVE_INFINITY
    sender.onResponse(link, port.written[0]!, 0, 'a')
    await turn()
    expect(port.names).toEqual(['0.1', '0.2'])
  })
})

describe('refusals', () => {
  it('ends a permanent one with its status', async () => {
    const { sender, port, link, turn, outcomes } = setUp()
    sender.add(heldBatch(planLine([1])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0x0b, '')
    expect(await outcomes()).toEqual(['0.1 refused 11'])
  })

  it('pauses the bind on 0x58 and sends the refused part first', async () => {
    const { sender, port, link, turn, clock } = setUp()
    port.room = 1
    sender.add(heldBatch(planLine([2, 1])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0x58, '')
    port.room = Number.POSITIVE_INFINITY
    await clock.advance(TIMING.throttlePauseMs - 1_000)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1'])
    await clock.advance(2_000)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.1', '0.2', '1.1'])
  })

  it('tries a full queue (0x14) four more times, then gives up', async () => {
    const { sender, port, link, turn, clock, outcomes } = setUp()
    sender.add(heldBatch(planLine([1])))
    for (let tries = 1; tries <= 5; tries++) {
      await clock.advance(TIMING.retryBaseMs * 2 ** tries)
      sender.kick()
      await turn()
      expect(port.written).toHaveLength(tries)
      sender.onResponse(link, port.written.at(-1)!, 0x14, '')
    }
    expect(await outcomes()).toEqual(['0.1 refused 20'])
  })

  it('puts a message off that keeps meeting a temporary fault, so that it holds no slot', async () => {
    const { sender, port, link, turn, clock, outcomes, quiet } = setUp()
    const batch = heldBatch(planLine([1, 1]))
    sender.add(batch)
    await turn()
    sender.onResponse(link, port.written[1]!, 0, 'ok')
    for (let tries = 0; tries < 4; tries++) {
      sender.onResponse(link, port.written.at(tries === 0 ? 0 : -1)!, 0x08, '')
      await clock.advance(TIMING.retryBaseMs * 8)
      sender.kick()
      await turn()
    }
    expect(await outcomes()).toEqual(['1.1 accepted ok'])
    expect(batch.deferred.map((task) => task.message.i)).toEqual([0])
    expect(batch.bitsToLeave()).toBe('01')
    expect(quiet).toEqual([batch])
  })

  it('binds again when told that it is not bound, and sends the part anew', async () => {
    const { sender, port, link, turn, outcomes } = setUp()
    sender.add(heldBatch(planLine([1])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0x04, '')
    expect(port.rebinds).toBe(1)
    sender.onClosed(link, [])
    port.canSubmit = true
    await turn()
    expect(port.names).toEqual(['0.1', '0.1'])
    expect(await outcomes()).toEqual([])
  })
})

describe('a bind that is lost', () => {
  it('leaves what it had written unconfirmed, and never sends it again', async () => {
    const { sender, port, link, turn, outcomes } = setUp()
    sender.add(heldBatch(planLine([1])))
    await turn()
    sender.onClosed(link, [port.written[0]!])
    expect(await outcomes()).toEqual(['0.1 unconfirmed'])
    expect(port.names).toEqual(['0.1'])
  })

  it('cuts the message it was in the middle of', async () => {
    const { sender, port, link, turn, outcomes } = setUp()
    port.room = 1
    sender.add(heldBatch(planLine([3])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0, 'a')
    port.canSubmit = false
    sender.onClosed(link, [])
    expect(await outcomes()).toEqual([
      '0.1 accepted a',
      '0.2 refused multipart_cut',
      '0.3 refused multipart_cut',
    ])
  })

  it('gives a message of which nothing was taken to another bind, from its first part', async () => {
    const { sender, ports, links, turn } = setUp({ binds: 2 })
    ports[1]!.canSubmit = false
    sender.add(heldBatch(planLine([2])))
    await turn()
    for (const segment of [...ports[0]!.written]) sender.onResponse(links[0]!, segment, 0x58, '')
    ports[0]!.canSubmit = false
    ports[1]!.canSubmit = true
    sender.onClosed(links[0]!, [])
    await turn()
    expect(ports[1]!.names).toEqual(['0.1', '0.2'])
  })

  it('adds what a late response says to what was recorded', async () => {
    const { sender, port, link, turn, outcomes, ids } = setUp()
    sender.add(heldBatch(planLine([1])))
    await turn()
    sender.onTimeout(link, port.written[0]!)
    sender.onLateResponse(link, port.written[0]!, 0, 'late')
    expect(await outcomes()).toEqual(['0.1 unconfirmed', '0.1 accepted late'])
    expect(ids.find('late')).toBeDefined()
  })
})

describe('a batch that is not ours any more', () => {
  it('is written no further, and what is in flight is still recorded', async () => {
    const { sender, port, link, turn, outcomes, quiet } = setUp()
    port.room = 2
    const batch = heldBatch(planLine([1, 3, 1]))
    sender.add(batch)
    await turn()
    sender.lose(batch)
    port.room = Number.POSITIVE_INFINITY
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '1.1'])
    for (const segment of port.written) sender.onResponse(link, segment, 0, 'x')
    expect(await outcomes()).toEqual(['0.1 accepted x', '1.1 accepted x'])
    expect(quiet).toEqual([batch])
  })

  it('begins no message of a withdrawn batch, and ends those begun', async () => {
    const { sender, port, link, turn, quiet } = setUp()
    port.room = 1
    const batch = heldBatch(planLine([2, 1]))
    sender.add(batch)
    await turn()
    sender.withdraw(batch, { kind: 'release' })
    port.room = Number.POSITIVE_INFINITY
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.2'])
    expect(quiet).toEqual([])
    for (const segment of port.written) sender.onResponse(link, segment, 0, 'x')
    expect(quiet).toEqual([batch])
    expect(batch.bitsToLeave()).toBe('10')
  })
})
