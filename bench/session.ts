/**
 * How fast one session is: submits over loopback to a peer in its own process, a window of 100, nothing else done.
 *
 *     npm run bench -- session [--submits 100000] [--window 100] [--receipts]
 *
 * Prints messages a second and the CPU this process spent on each; encoding is included.
 */
import { fork } from 'node:child_process'
import { parseArgs } from 'node:util'
import { Session } from '../bind-worker/session/session.ts'
import { connectSocket } from '../bind-worker/session/socket-transport.ts'
import { SubmitEncoder } from '../bind-worker/session/submit-encoder.ts'
import type { PlannedMessage } from '../shared/contracts/dispatch.ts'
import { RouteConfig } from '../shared/contracts/route.ts'
import { CampaignId, type Msisdn } from '../shared/ids.ts'
import { nextMessage } from './peer.ts'

const { values } = parseArgs({
  options: {
    submits: { type: 'string', default: '100000' },
    window: { type: 'string', default: '100' },
    receipts: { type: 'boolean', default: false },
  },
})
const submits = Number(values.submits)
const window = Number(values.window)

const peer = fork(new URL('session-peer.ts', import.meta.url), values.receipts ? ['--receipts'] : [])
const route = RouteConfig.parse({
  id: 'bench',
  pool: 'bench',
  host: '127.0.0.1',
  port: await nextMessage<number>(peer),
  tls: false,
  allowPlaintext: true,
  secret: 'env:NONE',
})

const result = await run()
peer.kill()
console.log(JSON.stringify(result))

async function run(): Promise<Record<string, number>> {
  const signal = new AbortController().signal
  const transport = await connectSocket(route, { timeoutMs: 10_000, signal })
  const finished = Promise.withResolvers<void>()
  let submitted = 0
  let answered = 0
  let receipts = 0
  const session = new Session<PlannedMessage>(
    transport,
    {
      bindAs: 'transceiver',
      systemType: '',
      window,
      responseTimeoutMs: 60_000,
      enquireAfterMs: 30_000,
      enquireTimeoutMs: 10_000,
      bindTimeoutMs: 10_000,
      clock: { monotonicMs: () => performance.now() },
    },
    {
      onBound() {},
      onResponse() {
        answered++
        finish()
      },
      onLateResponse() {},
      onTimeout() {
        finished.reject(new Error('a submit timed out'))
      },
      onDeliver(_, ack) {
        receipts++
        ack(0)
        finish()
      },
      onWritable: pump,
      onClose: ({ error }) => finished.reject(error ?? new Error('closed')),
    },
  )
  const messages = Array.from({ length: 100 }, (_, i) => message(i))
  let encoder = batchEncoder()

  function pump(): void {
    while (submitted < submits && session.canSubmit) {
      const i = submitted % messages.length
      if (i === 0) encoder = batchEncoder()
      session.submit(encoder.encode(messages[i]!, 0), messages[i]!)
      submitted++
    }
  }
  function finish(): void {
    if (answered === submits && (!values.receipts || receipts === submits)) finished.resolve()
  }

  await session.bind({ systemId: 'bench', password: 'bench' })
  const cpuBefore = process.cpuUsage()
  const startMs = performance.now()
  pump()
  await finished.promise
  const seconds = (performance.now() - startMs) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  await session.drain(1_000).catch(() => {})
  return {
    submits,
    window,
    receipts,
    perSecond: Math.round(submits / seconds),
    cpuMicrosecondsEach: Number(((cpu.user + cpu.system) / submits).toFixed(1)),
  }
}

function batchEncoder(): SubmitEncoder {
  const line = {
    campaign: CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ'),
    header: 'GCMDIA',
    entity: '1701158019811140068',
    template: '1107161191448698079',
  }
  return new SubmitEncoder(route, line, { referenceBits: 8, validUntil: Date.now() + 86_400_000 })
}

function message(i: number): PlannedMessage {
  return {
    i,
    to: `9198765432${String(i).padStart(2, '0')}` as Msisdn,
    dc: 0,
    parts: [
      `Your order ORD-${1_000 + i} has been confirmed and will reach you by Friday. Thank you - GCMDIA`,
    ],
  }
}
