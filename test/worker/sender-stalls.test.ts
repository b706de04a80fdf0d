import { describe, expect, it } from 'vitest'
import { TIMING } from '../../shared/timing.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN, heldBatch, planLine } from './factories.ts'
import { senderSetUp } from './sender.factory.ts'

describe('sending that had to stop goes on by itself', () => {
  it('when a lease that had come to its fence is renewed', async () => {
    const { sender, port, turn } = senderSetUp()
    const batch = heldBatch(planLine([1]), { fenceAtMs: 0 })
    sender.add(batch)
    await turn()
    batch.fenceAtMs = Number.POSITIVE_INFINITY
    await until(async () => {
      await turn()
      return port.names.length === 1
    }, 2_000)
    sender.destroy()
  })

  it('when a slow ledger has caught up', async () => {
    const { sender, port, writer, turn, ledger } = senderSetUp()
    const gate = Promise.withResolvers<void>()
    const append = ledger.append.bind(ledger)
    ledger.append = async (slices) => {
      await gate.promise
      return append(slices)
    }
    for (let i = 0; i < 20_001; i++)
      writer.outcome({ campaign: CAMPAIGN, page: 1 }, [0, 0, 1, 1, 'accepted', 'x', 0, 0])
    sender.add(heldBatch(planLine([1])))
    await turn()
    expect(port.names).toEqual([])
    gate.resolve()
    await until(async () => {
      await turn()
      return port.names.length === 1
    }, 2_000)
    sender.destroy()
  })
})

describe('a bind told to slow down', () => {
  it('pauses as long as its longest refusal asked for', async () => {
    const { sender, port, link, turn, clock } = senderSetUp()
    sender.add(heldBatch(planLine([1, 1])))
    await turn()
    sender.onResponse(link, port.written[0]!, 0x58, '')
    sender.onResponse(link, port.written[1]!, 0x14, '')
    await clock.advance(TIMING.throttlePauseMs / 2)
    sender.kick()
    await turn()
    expect(port.names).toEqual(['0.1', '1.1'])
    sender.destroy()
  })
})

describe('a long message that the SMSC keeps refusing for a passing reason', () => {
  it('is cut, never begun again, once one of its parts has ended', async () => {
    const { sender, ports, links, turn, clock, outcomes, quiet } = senderSetUp({ binds: 2 })
    ports[1]!.canSubmit = false
    const batch = heldBatch(planLine([2]))
    sender.add(batch)
    await turn()
    const [first, second] = ports[0]!.written
    // The first part is out of tries while the second still waits for its answer.
    first!.tries.transient = 3
    sender.onResponse(links[0]!, first!, 0x08, '')
    sender.onResponse(links[0]!, second!, 0x58, '')
    ports[0]!.canSubmit = false
    ports[1]!.canSubmit = true
    sender.onClosed(links[0]!, [])
    await clock.advance(TIMING.throttlePauseMs)
    await turn()
    expect(ports[1]!.names).toEqual([])
    expect(await outcomes()).toEqual(['0.1 refused 8', '0.2 refused multipart_cut'])
    expect(batch.sending).toBe(0)
    expect(quiet).toEqual([batch])
  })
})

describe('a part that cannot be encoded', () => {
  it('ends as refused, and the batches held beside it go on', async () => {
    const { sender, port, link, turn, outcomes, encoding } = senderSetUp()
    encoding.fails = ({ task, part }) => task.message.i === 0 && part === 2
    sender.add(heldBatch(planLine([2, 1])))
    await turn()
    expect(port.names).toEqual(['0.1', '1.1'])
    for (const [n, segment] of port.written.entries()) sender.onResponse(link, segment, 0, `id${n}`)
    expect(await outcomes()).toEqual(['0.2 refused not_encodable', '0.1 accepted id0', '1.1 accepted id1'])
  })
})
