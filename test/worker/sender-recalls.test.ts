import { describe, expect, it } from 'vitest'
import { TIMING } from '../../shared/timing.ts'
import { heldBatch, planLine, TERMS } from './factories.ts'
import { senderSetUp } from './sender.factory.ts'

/** A message of two parts and a short one, all throttled: their bind waits, and nothing of them reached the SMSC. */
async function throttled(hours: { fromMinute: number; toMinute: number } | null = null, startInMs = 0) {
  const all = senderSetUp()
  await all.clock.advance(startInMs)
  const batch = heldBatch(planLine([2, 1]), { terms: { ...TERMS, hours } })
  all.sender.add(batch)
  await all.turn()
  for (const segment of [...all.port.written]) all.sender.onResponse(all.link, segment, 0x58, '')
  return { ...all, batch }
}

describe('what a bind was throttled on and nothing reached the SMSC of', () => {
  it('does not leave when the sending hours end during the pause', async () => {
    const untilClosing = 9.5 * 3_600_000 // 11:30 to 21:00 in India
    const hours = { fromMinute: 600, toMinute: 1_260 }
    const { sender, port, batch, quiet, clock, turn } = await throttled(hours, untilClosing - 61_000)
    await clock.advance(TIMING.throttlePauseMs + 1)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.2', '1.1'])
    expect(batch.withdrawal).toMatchObject({ kind: 'park', reason: 'hours' })
    expect(quiet).toEqual([batch])
    expect(batch.bitsToLeave()).toBe('00')
    sender.destroy()
  })

  it.each([
    ['pause', { kind: 'park', reason: 'paused', notBefore: 0 }],
    ['cancel', { kind: 'cancel' }],
    ['SIGTERM', { kind: 'release' }],
  ] as const)('is taken back at once by a %s', async (_what, withdrawal) => {
    const { sender, port, batch, quiet, clock, turn } = await throttled()
    sender.withdraw(batch, withdrawal)
    expect(quiet).toEqual([batch])
    expect(batch.waiting.map((task) => task.message.i).sort()).toEqual([0, 1])
    await clock.advance(TIMING.throttlePauseMs + 1)
    sender.kick()
    await turn()
    expect(port.names).toHaveLength(3)
    sender.destroy()
  })

  it('leaves the rest of a message of which a part is under way where it is', async () => {
    const { sender, port, link, turn, clock, quiet } = senderSetUp()
    const batch = heldBatch(planLine([2]))
    sender.add(batch)
    await turn()
    sender.onResponse(link, port.written[0]!, 0x58, '')
    sender.withdraw(batch, { kind: 'cancel' })
    await clock.advance(TIMING.throttlePauseMs + 1)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '0.2', '0.1'])
    expect(quiet).toEqual([])
    sender.destroy()
  })
})

describe('a refusal that passes, of a batch that is not to go on', () => {
  it('puts the message back when the batch was withdrawn meanwhile', async () => {
    const { sender, port, link, turn, quiet } = senderSetUp()
    const batch = heldBatch(planLine([1]))
    sender.add(batch)
    await turn()
    sender.withdraw(batch, { kind: 'release' })
    sender.onResponse(link, port.written[0]!, 0x58, '')
    expect(quiet).toEqual([batch])
    expect(batch.bitsToLeave()).toBe('0')
    sender.destroy()
  })

  it('leaves the message to the new owner when the batch was lost meanwhile', async () => {
    const { sender, port, link, turn, quiet, clock, outcomes } = senderSetUp()
    const batch = heldBatch(planLine([2]))
    sender.add(batch)
    await turn()
    sender.lose(batch)
    for (const segment of [...port.written]) sender.onResponse(link, segment, 0x58, '')
    expect(quiet).toEqual([batch])
    await clock.advance(TIMING.throttlePauseMs + 1)
    sender.kick()
    expect(await outcomes()).toEqual([])
    expect(port.names).toEqual(['0.1', '0.2'])
    sender.destroy()
  })
})
