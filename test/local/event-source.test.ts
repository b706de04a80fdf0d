import type { SQSEvent } from 'aws-lambda'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EventSource, type LambdaHandler } from '../../local/event-source.ts'
import type { FunctionSpec, QueueSpec } from '../../shared/contracts/wiring.ts'
import { type FakeClock, memoryDeps } from '../support/memory-ports.ts'

const QUEUE: QueueSpec = { name: 'settle', visibilitySeconds: 60, maxReceives: 20, purpose: '' }
const SPEC: FunctionSpec = {
  name: 'settle',
  module: '',
  timeoutSeconds: 10,
  memoryMb: 128,
  purpose: '',
  source: { kind: 'queue', queue: 'settle', batchSize: 10, windowSeconds: 0, maxConcurrency: 2 },
}

const open: { source: EventSource; clock: FakeClock }[] = []
afterEach(async () => {
  for (const { source, clock } of open.splice(0)) {
    const stopped = source.stop(0)
    await clock.advance(0)
    await stopped
  }
})

/** An event source in front of a handler that notes what it was given. */
function serving(
  handler: LambdaHandler,
  over: { batchSize?: number; windowSeconds?: number; concurrency?: number } = {},
) {
  const deps = memoryDeps()
  const batches: string[][] = []
  const noting: LambdaHandler = (event: SQSEvent, context) => {
    batches.push(event.Records.map((record) => record.body))
    return handler(event, context)
  }
  const source = new EventSource({
    spec: SPEC,
    queue: QUEUE,
    handler: noting,
    deps,
    batchSize: 10,
    windowSeconds: 0,
    concurrency: 2,
    ...over,
  })
  open.push({ source, clock: deps.clock })
  return { ...deps, batches, source }
}

const succeeding: LambdaHandler = async () => undefined
/** A handler whose invocations end when told. */
function held() {
  const releases: (() => void)[] = []
  const handler: LambdaHandler = () =>
    new Promise<undefined>((resolve) => releases.push(() => resolve(undefined)))
  return { handler, releases }
}

describe('event source', () => {
  it('hands over what is in the queue and deletes what succeeded', async () => {
    const { queue, batches, source } = serving(succeeding)
    await queue.send('settle', ['a', 'b'])
    source.start()
    await vi.waitFor(() => expect(queue.bodies('settle')).toEqual([]))
    expect(batches).toEqual([['a', 'b']])
  })

  it('never hands over more than batchSize at once', async () => {
    const { queue, batches, source } = serving(succeeding, { batchSize: 2 })
    await queue.send('settle', ['a', 'b', 'c'])
    source.start()
    await vi.waitFor(() => expect(batches).toEqual([['a', 'b'], ['c']]))
  })

  it('fills a batch for as long as the window is open', async () => {
    const { queue, clock, batches, source } = serving(succeeding, { windowSeconds: 2 })
    await queue.send('settle', ['a'])
    source.start()
    await clock.advance(1_000)
    await queue.send('settle', ['b'])
    await clock.advance(999)
    expect(batches).toEqual([])
    await clock.advance(1_001)
    expect(batches).toEqual([['a', 'b']])
  })

  it('closes the window early when the batch is full', async () => {
    const { queue, batches, source } = serving(succeeding, { windowSeconds: 300, batchSize: 2 })
    await queue.send('settle', ['a', 'b'])
    source.start()
    await vi.waitFor(() => expect(batches).toEqual([['a', 'b']]))
  })

  it('keeps only the failed message of a batch, which comes again when its visibility ends', async () => {
    let answer: unknown
    const { queue, clock, batches, source } = serving(async (event: SQSEvent) => {
      answer ??= { batchItemFailures: [{ itemIdentifier: event.Records[1]!.messageId }] }
      return batches.length === 1 ? answer : undefined
    })
    await queue.send('settle', ['a', 'b', 'c'])
    source.start()
    await vi.waitFor(() => expect(queue.bodies('settle')).toEqual(['b']))
    await clock.advance(59_999)
    expect(batches).toHaveLength(1)
    await clock.advance(1)
    await vi.waitFor(() => expect(queue.bodies('settle')).toEqual([]))
    expect(batches).toEqual([['a', 'b', 'c'], ['b']])
  })

  it('keeps the whole batch when the function throws', async () => {
    const { queue, batches, source } = serving(async () => Promise.reject(new Error('boom')))
    await queue.send('settle', ['a', 'b'])
    source.start()
    await vi.waitFor(() => expect(batches).toHaveLength(1))
    await source.stop(0)
    expect(queue.bodies('settle')).toEqual(['a', 'b'])
  })

  it('keeps the whole batch when the function takes longer than its timeout', async () => {
    const { queue, clock, batches, source } = serving(held().handler, { concurrency: 1 })
    await queue.send('settle', ['a'])
    source.start()
    await vi.waitFor(() => expect(batches).toHaveLength(1))
    await clock.advance(10_000)
    await clock.advance(50_000)
    await vi.waitFor(() => expect(batches).toEqual([['a'], ['a']]))
  })

  it('runs at most as many invocations at once as it may', async () => {
    const { handler, releases } = held()
    const { queue, clock, batches, source } = serving(handler, { batchSize: 1, concurrency: 2 })
    await queue.send('settle', ['a', 'b', 'c'])
    source.start()
    await vi.waitFor(() => expect(batches).toHaveLength(2))
    await clock.advance(1)
    expect(batches).toEqual([['a'], ['b']])
    releases[0]!()
    await vi.waitFor(() => expect(batches).toEqual([['a'], ['b'], ['c']]))
    for (const release of releases) release()
  })

  it('moves a message to the dead letters after too many failures', async () => {
    const { queue, clock, source } = serving(async () => Promise.reject(new Error('poison')))
    await queue.send('settle', ['bad'])
    source.start()
    for (let receives = 0; receives <= 20; receives++) await clock.advance(60_000)
    await vi.waitFor(() => expect(queue.bodies('settle-dlq')).toEqual(['bad']))
    expect(queue.bodies('settle')).toEqual([])
  })

  it('goes on when the queue could not be read', async () => {
    const { queue, clock, batches, source } = serving(succeeding)
    const receive = queue.receive.bind(queue)
    queue.receive = async () => {
      queue.receive = receive
      throw new Error('throttled')
    }
    await queue.send('settle', ['a'])
    source.start()
    await clock.advance(1_000)
    await vi.waitFor(() => expect(batches).toEqual([['a']]))
  })

  it('waits on stop for what is under way, and takes nothing new', async () => {
    const { handler, releases } = held()
    const { queue, batches, source } = serving(handler)
    await queue.send('settle', ['a'])
    source.start()
    await vi.waitFor(() => expect(batches).toHaveLength(1))
    const stopped = source.stop(60_000)
    await queue.send('settle', ['b'])
    releases[0]!()
    await stopped
    expect(queue.bodies('settle')).toEqual(['b'])
  })

  it('gives messages of an invocation that does not end back at once', async () => {
    const { queue, clock, batches, source } = serving(held().handler)
    await queue.send('settle', ['a'])
    source.start()
    await vi.waitFor(() => expect(batches).toHaveLength(1))
    const stopped = source.stop(5_000)
    await clock.advance(5_000)
    await stopped
    expect(await queue.depth('settle')).toEqual({ visible: 1, inFlight: 0, delayed: 0 })
  })
})
