import { CreateQueueCommand } from '@aws-sdk/client-sqs'
import { beforeEach, describe, expect, it } from 'vitest'
import { SqsQueue } from '../../aws/sqs-queue.ts'
import { systemClock } from '../../aws/system-clock.ts'
import type { QueueName } from '../../shared/contracts/wiring.ts'
import type { Queue, QueueMessage } from '../../shared/ports.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { seededRandom } from '../support/fake-random.ts'
import { makeHostile } from '../support/hostile-sdk.ts'
import { MemoryQueue } from '../support/memory-queue.ts'

const aws = withEmulators()

const sqs = (client = aws.clients.sqs) =>
  new SqsQueue({ client, urlPrefix: aws.config.queueUrlPrefix, clock: systemClock, random: seededRandom(4) })

const hostileSqs = () => {
  const client = aws.ownClients().sqs
  makeHostile(client, { random: seededRandom(5), sentTwice: 0.3, late: 0.3, unprocessed: 0.3 })
  return sqs(client)
}

const queues: [string, () => Queue][] = [
  ['in memory', () => new MemoryQueue(systemClock)],
  ['on SQS', () => sqs()],
  ['on SQS through a hostile SDK', hostileSqs],
]

let counter = 0

describe.each(queues)('a queue %s', (_name, make) => {
  let queue: Queue
  let name: QueueName
  beforeEach(async () => {
    queue = make()
    name = `dispatch-test-${counter++}`
    await aws.clients.sqs.send(new CreateQueueCommand({ QueueName: name }))
  })

  /** Everything there is to receive now. */
  const drain = async (visibilitySeconds = 60): Promise<QueueMessage[]> => {
    const all: QueueMessage[] = []
    for (;;) {
      const some = await queue.receive(name, { max: 10, waitSeconds: 0, visibilitySeconds })
      if (some.length === 0) return all
      all.push(...some)
    }
  }
  const bodiesOf = (messages: readonly QueueMessage[]) => messages.map(({ body }) => body).sort()
  const receiptsOf = (messages: readonly QueueMessage[]) => messages.map(({ receipt }) => receipt)

  it('delivers every body once, whatever alphabet it is in', async () => {
    const bodies = ['plain', '{"text":"नमस्ते \\"दुनिया\\""}', '😀 & <xml>']
    await queue.send(name, bodies)
    const messages = await drain()
    expect(bodiesOf(messages)).toEqual([...bodies].sort())
    expect(messages.every(({ receiveCount }) => receiveCount === 1)).toBe(true)
  })

  it('sends more bodies than one request takes, by number and by bytes', async () => {
    const bodies = Array.from({ length: 43 }, (_, n) => `${n} `.padEnd(200_000, 'x'))
    await queue.send(name, bodies)
    expect(bodiesOf(await drain())).toEqual([...bodies].sort())
  })

  it('receives at most as many as asked for', async () => {
    await queue.send(name, ['a', 'b', 'c'])
    const messages = await queue.receive(name, { max: 2, waitSeconds: 0, visibilitySeconds: 60 })
    expect(messages).toHaveLength(2)
  })

  it('says when a message was sent', async () => {
    await queue.send(name, ['now'])
    const [message] = await drain()
    expect(Math.abs((message?.sentAt ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  it('hides what was received, and shows it again when its visibility is given back', async () => {
    await queue.send(
      name,
      Array.from({ length: 25 }, (_, n) => `message ${n}`),
    )
    const first = await drain()
    expect(await drain()).toEqual([])
    await queue.changeVisibility(name, receiptsOf(first), 0)
    const second = await drain()
    expect(bodiesOf(second)).toEqual(bodiesOf(first))
    expect(second.every(({ receiveCount }) => receiveCount === 2)).toBe(true)
    const seen = new Set(receiptsOf(first))
    expect(second.some(({ receipt }) => seen.has(receipt))).toBe(false)
  })

  it('shows a message again when its visibility has run out', async () => {
    await queue.send(name, ['again'])
    await drain(1)
    const messages = await queue.receive(name, { max: 1, waitSeconds: 10, visibilitySeconds: 60 })
    expect(bodiesOf(messages)).toEqual(['again'])
  })

  it('never shows again what was deleted', async () => {
    await queue.send(
      name,
      Array.from({ length: 25 }, (_, n) => `message ${n}`),
    )
    const messages = await drain()
    await queue.delete(name, receiptsOf(messages))
    await queue.changeVisibility(name, receiptsOf(messages), 0)
    expect(await drain()).toEqual([])
    expect(await queue.depth(name)).toEqual({ visible: 0, inFlight: 0, delayed: 0 })
  })

  it('does not mind deleting a copy that is gone already', async () => {
    await queue.send(name, ['once'])
    const messages = await drain()
    await queue.delete(name, receiptsOf(messages))
    await expect(queue.delete(name, receiptsOf(messages))).resolves.toBeUndefined()
  })

  it('counts what is visible, in flight and delayed', async () => {
    await queue.send(name, ['a', 'b', 'c'])
    await queue.receive(name, { max: 1, waitSeconds: 0, visibilitySeconds: 60 })
    await queue.send(name, ['later'], { delaySeconds: 600 })
    expect(await queue.depth(name)).toEqual({ visible: 2, inFlight: 1, delayed: 1 })
  })

  it('hands a waiting receiver what is sent meanwhile', async () => {
    const waiting = queue.receive(name, { max: 10, waitSeconds: 20, visibilitySeconds: 60 })
    await queue.send(name, ['at last'])
    expect(bodiesOf(await waiting)).toEqual(['at last'])
  })

  it('ends a long poll, empty-handed, when told to stop', async () => {
    const stop = new AbortController()
    const waiting = queue.receive(name, {
      max: 10,
      waitSeconds: 20,
      visibilitySeconds: 60,
      signal: stop.signal,
    })
    stop.abort()
    expect(await waiting).toEqual([])
  })

  it('sends nothing when there is nothing to send', async () => {
    await queue.send(name, [])
    expect(await drain()).toEqual([])
  })
})
