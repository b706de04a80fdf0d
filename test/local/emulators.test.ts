import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { clientsFor } from '../../aws/clients.ts'
import { configFromEnv } from '../../aws/config.ts'
import { type AwsDeps, depsFromEnv } from '../../aws/deps.ts'
import { startEmulators } from '../../local/emulators.ts'
import { ensureResources } from '../../local/resources.ts'
import { batchOf, bidFor, outcomes, someCampaign } from '../contracts/ledger.factory.ts'
import { testPool } from '../support/emulator-fixture.ts'

const MAIN = fileURLToPath(new URL('../../local/emulators-main.ts', import.meta.url))
const QUEUE = 'dispatch-main-service'
const RECEIVE = { max: 10, waitSeconds: 0, visibilitySeconds: 600 }

describe('the emulators in a process of their own', () => {
  let directory: string
  let child: ChildProcess | undefined
  let deps: AwsDeps | undefined
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dakghar-'))
  })
  afterEach(async () => {
    deps?.close()
    await stop('SIGKILL')
    await rm(directory, { recursive: true })
  })

  const start = async (): Promise<AwsDeps> => {
    child = spawn(process.execPath, [MAIN, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout! })
    const [line] = (await once(lines, 'line')) as [string]
    const env = JSON.parse(line) as Record<string, string>
    await ensureResources(env, [testPool])
    deps?.close()
    deps = depsFromEnv({ ...env, LOG_LEVEL: 'SILENT' })
    return deps
  }
  const stop = async (signal: NodeJS.Signals) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  it.each(['SIGTERM', 'SIGKILL'] as const)('keep everything they said yes to through %s', async (signal) => {
    const campaign = someCampaign()
    const before = await start()
    const { claim } = await before.ledger.claim(bidFor(batchOf(campaign)))
    await before.ledger.append([outcomes(campaign, 0)])
    await before.objects.put('plans/1', 'line')
    await before.queue.send(QUEUE, ['deleted', 'in flight', 'given back', 'waiting'])
    const received = await before.queue.receive(QUEUE, { ...RECEIVE, max: 3 })
    const receiptOf = (body: string) => received.find((message) => message.body === body)!.receipt
    await before.queue.delete(QUEUE, [receiptOf('deleted')])
    await before.queue.changeVisibility(QUEUE, [receiptOf('given back')], 0)

    await stop(signal)
    const after = await start()

    expect(await after.ledger.readPage(campaign, 0)).toEqual({
      claims: [claim],
      slices: [outcomes(campaign, 0)],
    })
    expect((await after.objects.get('plans/1'))?.toString()).toBe('line')
    expect(await after.queue.depth(QUEUE)).toEqual({ visible: 2, inFlight: 1, delayed: 0 })
    const again = await after.queue.receive(QUEUE, RECEIVE)
    expect(again.map(({ body, receiveCount }) => [body, receiveCount]).sort()).toEqual([
      ['given back', 2],
      ['waiting', 1],
    ])
  })

  it.each(['SIGTERM', 'SIGKILL'] as const)(
    'keep others out of their directory until they end, by %s too',
    async (signal) => {
      await start()
      await expect(startEmulators({ dataDir: directory })).rejects.toMatchObject({ code: 'data_dir_in_use' })
      await stop(signal)
      const successor = await startEmulators({ dataDir: directory })
      await successor.close()
    },
  )

  it('exit with 0 when asked to stop, open connections notwithstanding', async () => {
    const { registry } = await start()
    await registry.routes()
    await stop('SIGTERM')
    expect(child?.exitCode).toBe(0)
  })
})

describe('the resources of the wiring', () => {
  it('may be ensured at every start', async () => {
    const emulators = await startEmulators({ dataDir: null })
    for (let start = 0; start < 2; start++) await ensureResources(emulators.env, [testPool])
    await emulators.close()
  })

  it('are queues with a dead-letter queue, filled by SQS only where a consumer does not', async () => {
    const emulators = await startEmulators({ dataDir: null })
    await ensureResources(emulators.env, [testPool])
    const config = configFromEnv(emulators.env)
    const clients = clientsFor(config)
    const attributes = async (queue: string) => {
      const QueueUrl = `${config.queueUrlPrefix}${queue}`
      const answer = await clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      )
      return answer.Attributes ?? {}
    }
    const redrive = JSON.parse((await attributes('settle')).RedrivePolicy ?? '{}')
    expect(redrive).toEqual({
      deadLetterTargetArn: (await attributes('settle-dlq')).QueueArn,
      maxReceiveCount: '20',
    })
    expect((await attributes(QUEUE)).RedrivePolicy).toBeUndefined()
    expect((await attributes(`${QUEUE}-dlq`)).QueueArn).toContain('dlq')
    clients.destroy()
    await emulators.close()
  })

  it('listen on the loopback interface only', async () => {
    const emulators = await startEmulators({ dataDir: null })
    const endpoints = Object.entries(emulators.env).filter(([name]) => name.startsWith('AWS_ENDPOINT_URL'))
    expect(endpoints.map(([, url]) => new URL(url).hostname)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1'])
    await emulators.close()
  })
})
