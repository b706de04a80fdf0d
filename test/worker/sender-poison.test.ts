import { describe, expect, it } from 'vitest'
import { TIMING } from '../../shared/timing.ts'
import { heldBatch, planLine } from './factories.ts'
import { senderSetUp } from './sender.factory.ts'

describe('one message the SMSC keeps refusing', () => {
  it('for a temporary fault holds no bind while it waits: the others go on', async () => {
    const { sender, port, link, turn } = senderSetUp()
    port.room = 1
    sender.add(heldBatch(planLine([1, 1, 1])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0x08, '')
    port.room = Number.POSITIVE_INFINITY
    await turn()
    expect(port.names).toEqual(['0.1', '1.1', '2.1'])
    sender.destroy()
  })

  it('for a temporary fault goes again before what has not begun, once its wait is over', async () => {
    const { sender, port, link, turn, clock } = senderSetUp({ tps: 1 })
    sender.add(heldBatch(planLine([1, 1])))
    await turn()
    port.canSubmit = false
    sender.onResponse(link, port.written[0]!, 0x08, '')
    await clock.advance(TIMING.retryBaseMs)
    port.canSubmit = true
    sender.kick()
    await turn()
    await clock.advance(1_000)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.1', '1.1'])
    sender.destroy()
  })

  it('because its queue is full goes to the end of the line, after a pause of the bind', async () => {
    const { sender, port, link, turn, clock } = senderSetUp()
    port.room = 1
    sender.add(heldBatch(planLine([1, 1, 1])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0x14, '')
    port.room = Number.POSITIVE_INFINITY
    await turn()
    expect(port.names).toEqual(['0.1'])
    await clock.advance(TIMING.retryBaseMs)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '1.1', '2.1', '0.1'])
    sender.destroy()
  })

  it('with 0x58 stops its bind for ten pauses, then is put off', async () => {
    const { sender, port, link, turn, clock, quiet } = senderSetUp()
    const batch = heldBatch(planLine([1]))
    sender.add(batch)
    for (let tries = 1; tries <= 11; tries++) {
      await turn()
      expect(port.written).toHaveLength(tries)
      sender.onResponse(link, port.written.at(-1)!, 0x58, '')
      await clock.advance(TIMING.throttlePauseMs)
      sender.kick()
    }
    expect(batch.deferred.map((task) => task.message.i)).toEqual([0])
    expect(quiet).toEqual([batch])
  })

  it('as if the bind were at fault has it opened anew twice, then is put off', async () => {
    const { sender, port, link, turn, quiet } = senderSetUp()
    const batch = heldBatch(planLine([1]))
    sender.add(batch)
    for (let tries = 1; tries <= 3; tries++) {
      await turn()
      sender.onResponse(link, port.written.at(-1)!, 0x04, '')
      sender.onClosed(link, [])
      port.canSubmit = true
    }
    expect(port.rebinds).toBe(2)
    expect(batch.deferred.map((task) => task.message.i)).toEqual([0])
    expect(quiet).toEqual([batch])
  })

  it.each([
    ['cancel', { kind: 'cancel' }],
    ['SIGTERM', { kind: 'release' }],
  ] as const)('is taken back at once by a %s while it waits for its next try', async (_what, withdrawal) => {
    const { sender, port, link, turn, clock, quiet } = senderSetUp()
    const batch = heldBatch(planLine([1]))
    sender.add(batch)
    await turn()
    sender.onResponse(link, port.written[0]!, 0x08, '')
    sender.withdraw(batch, withdrawal)
    expect(quiet).toEqual([batch])
    expect(batch.bitsToLeave()).toBe('0')
    await clock.advance(TIMING.retryBaseMs)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1'])
  })
})

describe('parts of one message that are refused', () => {
  it('go again over their bind in their order, whatever the order of the refusals', async () => {
    const { sender, port, link, turn, clock } = senderSetUp()
    sender.add(heldBatch(planLine([3])))
    await turn()
    const [first, second, third] = [...port.written]
    sender.onResponse(link, first!, 0, 'a')
    sender.onResponse(link, third!, 0x58, '')
    sender.onResponse(link, second!, 0x58, '')
    await clock.advance(TIMING.throttlePauseMs)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.2', '0.3', '0.2', '0.3'])
    sender.destroy()
  })
})
