import { beforeEach, describe, expect, it } from 'vitest'
import type { CampaignId } from '../../shared/ids.ts'
import { seededRandom } from './fake-random.ts'
import { hostileDeps } from './hostile.ts'
import { type MemoryDeps, memoryDeps } from './memory-ports.ts'

const QUEUE = 'dispatch-main-service'
const RECEIVE = { max: 10, waitSeconds: 0, visibilitySeconds: 60 }

describe('the hostile wrappers', () => {
  let kind: MemoryDeps
  beforeEach(() => {
    kind = memoryDeps()
  })
  const hostile = (hostility: object) => hostileDeps(kind, { random: seededRandom(9), ...hostility })

  it('refuse a throttled call before anything happened', async () => {
    const { objects } = hostile({ throttled: 1 })
    await expect(objects.put('key', 'body')).rejects.toMatchObject({ code: 'throttled', retryable: true })
    expect(kind.objects.keys()).toEqual([])
  })

  it('lose an answer after the call was applied', async () => {
    const { objects } = hostile({ answerLost: 1 })
    await expect(objects.put('key', 'body')).rejects.toMatchObject({ code: 'answer_lost', retryable: true })
    expect(kind.objects.keys()).toEqual(['key'])
  })

  it('repeat what a lagging read said last time', async () => {
    const { queue } = hostile({ stale: 1 })
    expect(await queue.depth(QUEUE)).toMatchObject({ visible: 0 })
    await queue.send(QUEUE, ['a'])
    expect(await queue.depth(QUEUE)).toMatchObject({ visible: 0 })
  })

  it('leave strongly consistent reads alone', async () => {
    const { registry } = hostile({ stale: 1 })
    const id = '01CAMPAIGN' as CampaignId
    await registry.controls([id])
    await registry.setControl(id, { state: 'paused', at: 1 })
    expect((await registry.controls([id])).get(id)).toEqual({ state: 'paused', at: 1 })
  })

  it('send messages twice and out of order, none missing', async () => {
    const { queue } = hostile({ duplicated: 0.5 })
    const bodies = Array.from({ length: 20 }, (_, n) => `message ${n}`)
    await queue.send(QUEUE, bodies)
    const sent = kind.queue.bodies(QUEUE)
    expect(sent.length).toBeGreaterThan(20)
    expect(sent.slice(0, 20)).not.toEqual(bodies)
    expect(new Set(sent)).toEqual(new Set(bodies))
  })

  it('show a message to a second receiver while the first works on it', async () => {
    await kind.queue.send(QUEUE, ['a'])
    const { queue } = hostile({ duplicated: 1 })
    const [first] = await queue.receive(QUEUE, RECEIVE)
    const [second] = await queue.receive(QUEUE, RECEIVE)
    expect(second).toMatchObject({ messageId: first?.messageId, receiveCount: 2 })
  })

  it('are unkind in the same places for the same seed', async () => {
    const failures = async () => {
      const { objects } = hostile({ throttled: 0.5 })
      const puts = Array.from({ length: 40 }, (_, n) => objects.put(`key ${n}`, ''))
      return (await Promise.allSettled(puts)).map(({ status }) => status)
    }
    expect(await failures()).toEqual(await failures())
    expect(new Set(await failures()).size).toBe(2)
  })
})
