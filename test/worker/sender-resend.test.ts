import { describe, expect, it } from 'vitest'
import type { HeldBatch } from '../../bind-worker/intake/held-batch.ts'
import { heldBatch, planLine, TERMS } from './factories.ts'
import { senderSetUp } from './sender.factory.ts'

const RESEND = { ...TERMS, policy: 'resend' } as const
const resending = (parts: number[]): HeldBatch => heldBatch(planLine(parts), { terms: RESEND })

describe('under policy resend, a segment without a response', () => {
  it('goes again, and both copies and the mark of the second are facts', async () => {
    const { sender, port, link, turn, outcomes, quiet } = senderSetUp()
    const batch = resending([1])
    sender.add(batch)
    await turn()
    sender.onTimeout(link, port.written[0]!)
    await turn()
    expect(port.names).toEqual(['0.1', '0.1'])
    sender.onResponse(link, port.written[1]!, 0, 'second')
    expect(await outcomes()).toEqual(['0.1 unconfirmed', '0.1 resent', '0.1 accepted second'])
    expect(quiet).toEqual([batch])
  })

  it('goes only when the fact is durable that says so', async () => {
    const { sender, port, link, turn, ledger } = senderSetUp()
    const append = ledger.append.bind(ledger)
    const { promise: ledgerIsBack, resolve } = Promise.withResolvers<void>()
    ledger.append = async (slices) => {
      await ledgerIsBack
      return append(slices)
    }
    sender.add(resending([1]))
    await turn()
    sender.onTimeout(link, port.written[0]!)
    await turn()
    expect(port.names).toEqual(['0.1'])
    resolve()
    await turn()
    expect(port.names).toEqual(['0.1', '0.1'])
  })

  it('goes twice more at most', async () => {
    const { sender, port, link, turn, outcomes, quiet } = senderSetUp()
    const batch = resending([1])
    sender.add(batch)
    for (let copies = 1; copies <= 3; copies++) {
      await turn()
      expect(port.written).toHaveLength(copies)
      sender.onTimeout(link, port.written.at(-1)!)
    }
    await turn()
    expect(port.written).toHaveLength(3)
    expect((await outcomes()).at(-1)).toBe('0.1 unconfirmed')
    expect(quiet).toEqual([batch])
  })

  it('does not go again when its response comes late, but before that', async () => {
    const { sender, port, link, turn, outcomes, quiet, ids } = senderSetUp()
    const batch = resending([1])
    sender.add(batch)
    await turn()
    port.canSubmit = false
    sender.onTimeout(link, port.written[0]!)
    await turn()
    sender.onLateResponse(link, port.written[0]!, 0, 'late')
    port.canSubmit = true
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1'])
    expect(await outcomes()).toEqual(['0.1 unconfirmed', '0.1 accepted late'])
    expect(ids.find('late')).toBeDefined()
    expect(quiet).toEqual([batch])
  })

  it('of a long message goes again over its bind, even when others would take it', async () => {
    const { sender, ports, links, turn } = senderSetUp({ binds: 2 })
    ports[1]!.canSubmit = false
    sender.add(resending([2]))
    await turn()
    sender.onResponse(links[0]!, ports[0]!.written[0]!, 0, 'a')
    ports[0]!.canSubmit = false
    ports[1]!.canSubmit = true
    sender.onTimeout(links[0]!, ports[0]!.written[1]!)
    await turn()
    expect(ports[1]!.names).toEqual([])
    ports[0]!.canSubmit = true
    sender.kick()
    await turn()
    expect(ports[0]!.names).toEqual(['0.1', '0.2', '0.2'])
  })

  it('of a long message whose response comes late does not go again, and the other parts go on', async () => {
    const { sender, port, link, turn, outcomes, quiet } = senderSetUp()
    const batch = resending([3])
    port.room = 1
    sender.add(batch)
    await turn()
    const [first] = port.written
    sender.onTimeout(link, first!)
    sender.onLateResponse(link, first!, 0, 'late')
    port.room = Number.POSITIVE_INFINITY
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.2', '0.3'])
    for (const segment of port.written.slice(1)) sender.onResponse(link, segment, 0, 'x')
    expect(await outcomes()).toEqual([
      '0.1 unconfirmed',
      '0.1 accepted late',
      '0.2 accepted x',
      '0.3 accepted x',
    ])
    expect(quiet).toEqual([batch])
  })

  it('stays unconfirmed when its campaign was cancelled meanwhile', async () => {
    const { sender, port, link, turn, outcomes, quiet } = senderSetUp()
    const batch = resending([1])
    sender.add(batch)
    await turn()
    sender.withdraw(batch, { kind: 'cancel' })
    sender.onTimeout(link, port.written[0]!)
    await turn()
    expect(port.names).toEqual(['0.1'])
    expect(await outcomes()).toEqual(['0.1 unconfirmed'])
    expect(quiet).toEqual([batch])
  })
})

describe('under policy resend, a bind that is lost', () => {
  it('has its unanswered messages go again over the others, whole and in order', async () => {
    const { sender, ports, links, turn, outcomes } = senderSetUp({ binds: 2 })
    ports[1]!.canSubmit = false
    ports[0]!.room = 2
    sender.add(resending([1, 3, 1]))
    await turn()
    expect(ports[0]!.names).toEqual(['0.1', '1.1'])
    ports[0]!.canSubmit = false
    ports[1]!.canSubmit = true
    sender.onClosed(links[0]!, [...ports[0]!.written])
    await turn()
    expect(ports[1]!.names).toEqual(['0.1', '1.1', '1.2', '1.3', '2.1'])
    expect((await outcomes()).sort()).toEqual([
      '0.1 resent',
      '0.1 unconfirmed',
      '1.1 resent',
      '1.1 unconfirmed',
    ])
  })

  it('does not begin a message anew of which the SMSC answered a part', async () => {
    const { sender, ports, links, turn, outcomes } = senderSetUp({ binds: 2 })
    ports[1]!.canSubmit = false
    sender.add(resending([2]))
    await turn()
    sender.onResponse(links[0]!, ports[0]!.written[0]!, 0, 'a')
    ports[0]!.canSubmit = false
    ports[1]!.canSubmit = true
    sender.onClosed(links[0]!, [ports[0]!.written[1]!])
    await turn()
    expect(ports[1]!.names).toEqual([])
    expect(await outcomes()).toEqual(['0.1 accepted a', '0.2 unconfirmed'])
  })
})

describe('what an owner before may have sent', () => {
  it('is marked as resent when it goes', async () => {
    const { sender, port, link, turn, outcomes } = senderSetUp()
    sender.add(heldBatch(planLine([1, 1]), { terms: RESEND, maySecond: new Set([1]) }))
    await turn()
    for (const segment of [...port.written]) sender.onResponse(link, segment, 0, 'x')
    expect(await outcomes()).toEqual(['1.1 resent', '0.1 accepted x', '1.1 accepted x'])
  })
})

describe('a long message an owner before may have sent', () => {
  it('is unconfirmed in every part when its bind is lost in the middle of the second copy', async () => {
    const { sender, port, link, turn, outcomes } = senderSetUp()
    port.room = 1
    sender.add(heldBatch(planLine([3]), { terms: RESEND, maySecond: new Set([0]) }))
    await turn()
    sender.onResponse(link, port.written[0]!, 0, 'a')
    port.canSubmit = false
    sender.onClosed(link, [])
    expect(await outcomes()).toEqual([
      // Of all parts before the first goes: a crash must not leave one that is not counted.
      ...['0.1 resent', '0.2 resent', '0.3 resent'],
      ...['0.1 accepted a', '0.2 unconfirmed', '0.3 unconfirmed'],
    ])
  })
})

describe('a long message that goes out whole', () => {
  it('is one submit_sm that counts for all its parts against the rate, with one outcome for all', async () => {
    const { sender, port, link, turn, clock, outcomes, ids } = senderSetUp({ longMessage: 'payload', tps: 2 })
    sender.add(heldBatch(planLine([3, 1])))
    await turn()
    expect(port.names).toEqual(['0.0'])
    sender.onResponse(link, port.written[0]!, 0, 'whole')
    expect(await outcomes()).toEqual(['0.0 accepted whole'])
    expect(ids.find('whole')).toMatchObject({ i: 0, part: 0 })
    await clock.advance(1_300)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.0'])
    await clock.advance(200)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.0', '1.1'])
    sender.destroy()
  })
})
