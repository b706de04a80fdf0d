import type { SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { SqsQueue } from '../../aws/sqs-queue.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { seededRandom } from '../support/fake-random.ts'
import { memoryDeps } from '../support/memory-ports.ts'

const aws = withEmulators()

/** A clock on which no wait takes time. */
const hurried = { ...memoryDeps().clock, sleep: async () => {} }

interface Request {
  constructor: { name: string }
  input: { Entries: { Id: string; MessageBody?: string }[] }
}

/** SQS as `answer` tells it; remembers the bodies of every request. */
function scripted(answer: (request: Request, attempt: number) => object) {
  const requests: (string | undefined)[][] = []
  const send = async (request: Request) => {
    requests.push(request.input.Entries.map(({ MessageBody }) => MessageBody))
    return answer(request, requests.length)
  }
  const client = { send } as unknown as SQSClient
  const queue = new SqsQueue({ client, urlPrefix: 'https://sqs/', clock: hurried, random: seededRandom(1) })
  return { queue, requests }
}

const failing = (ids: readonly string[], SenderFault: boolean) => ({
  Failed: ids.map((Id) => ({
    Id,
    SenderFault,
    Code: SenderFault ? 'InvalidMessageContents' : 'InternalError',
  })),
})

describe('sending to SQS', () => {
  it('repeats alone what failed for a passing reason', async () => {
    const { queue, requests } = scripted((_request, attempt) => (attempt === 1 ? failing(['1'], false) : {}))
    await queue.send('settle', ['a', 'b', 'c'])
    expect(requests).toEqual([['a', 'b', 'c'], ['b']])
  })

  it('names what SQS will never take, without repeating it, and sends the rest', async () => {
    const { queue, requests } = scripted(() => failing(['1'], true))
    await expect(queue.send('settle', ['a', 'b', 'c'])).rejects.toMatchObject({
      code: 'queue_send_failed',
      unsent: [1],
      retryable: false,
    })
    expect(requests).toHaveLength(1)
  })

  it('gives up on a message that keeps failing, and says that it may be sent later', async () => {
    const { queue } = scripted(() => failing(['0'], false))
    await expect(queue.send('settle', ['a', 'b'])).rejects.toMatchObject({ unsent: [0], retryable: true })
  })

  it('names the indexes of every request that got no answer, and only those', async () => {
    const { queue } = scripted((_request, attempt) => {
      if (attempt === 2) throw new Error('socket hang up')
      return {}
    })
    const bodies = Array.from({ length: 25 }, (_, n) => `${n}`)
    await expect(queue.send('settle', bodies)).rejects.toMatchObject({
      unsent: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
      retryable: true,
    })
  })

  it('refuses for good a body no request can carry, and sends its neighbours', async () => {
    const bodies = ['small', 'x'.repeat(1024 * 1024 + 1), 'small too']
    const refused = aws.deps.queue.send('feed', bodies)
    await expect(refused).rejects.toMatchObject({ unsent: [1], retryable: false })
    const received = await aws.deps.queue.receive('feed', { max: 10, waitSeconds: 5, visibilitySeconds: 60 })
    expect(received.map(({ body }) => body).sort()).toEqual(['small', 'small too'])
  })
})

describe('deleting from SQS', () => {
  it('repeats what failed, and takes an expired receipt for done', async () => {
    const { queue, requests } = scripted((_request, attempt) =>
      attempt === 1
        ? {
            Failed: [
              { Id: '0', Code: 'ReceiptHandleIsInvalid', SenderFault: true },
              ...failing(['1'], false).Failed,
            ],
          }
        : {},
    )
    await queue.delete('settle', ['expired', 'failing', 'good'])
    expect(requests.map((request) => request.length)).toEqual([3, 1])
  })

  it('says so when SQS keeps failing: those copies will come again', async () => {
    const { queue } = scripted(() => failing(['0'], false))
    await expect(queue.delete('settle', ['a'])).rejects.toMatchObject({
      code: 'queue_unavailable',
      retryable: true,
    })
  })
})
