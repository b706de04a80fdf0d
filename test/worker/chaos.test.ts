import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { Deps } from '../../aws/deps.ts'
import { dispatchBody } from '../../shared/contracts/dispatch.ts'
import { STATUS } from '../../shared/smpp/codec.ts'
import { hostileDeps } from '../support/hostile.ts'
import { seededRandom } from '../support/memory-ports.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN, planLine, QUEUE, TERMS } from './factories.ts'
import { endWorkers, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const BATCHES = 25
/** Long messages among short ones. */
const PARTS = Array.from({ length: 40 }, (_, i) => (i % 7 === 0 ? 3 : 1))
const CHAOS_MS = Number(process.env.CHAOS_MS ?? 5_000)
const SEEDS = (process.env.CHAOS_SEEDS ?? '2').split(',').map(Number)

/** What the SMSC answers now and then instead of taking a part. */
const REFUSALS = [
  STATUS.ESME_RTHROTTLED!,
  STATUS.ESME_RMSGQFUL!,
  STATUS.ESME_RSYSERR!,
  STATUS.ESME_RINVDSTADR!,
  STATUS.ESME_RINVBNDSTS!,
]

describe('two workers of a route, whatever happens to them and around them', () => {
  it.each(SEEDS)('account for every part, and send none twice (seed %i)', survive, 90_000)
})

async function survive(seed: number): Promise<void> {
  const random = seededRandom(seed)
  const pick = (below: number) => Math.floor(random.next() * below)
  const weather = { random, throttled: 0.05, answerLost: 0.05, duplicated: 0.05 }
  const down = { ledger: false, registry: false, queue: false }
  const { smsc, deps, start, facts, queued } = await workerSetUp({
    simulator: { receiptDelayMs: { min: 0, max: 300 }, responseDelayMs: { min: 0, max: 40 } },
    route: { tps: 200, responseTimeoutMs: 500 },
    onSubmit: () => (pick(20) === 0 ? { status: REFUSALS[pick(REFUSALS.length)]! } : undefined),
    seenAs: (deps) => withOutages(hostileDeps(deps, weather), down),
  })
  const lines = Array.from({ length: BATCHES }, (_, batch) => planLine(PARTS, { batch }))
  const send = (batches: readonly number[]) =>
    deps.queue.send(
      QUEUE,
      batches.map((batch) => dispatchBody(TERMS, [], JSON.stringify(lines[batch]))),
    )
  const course = (state: 'sending' | 'paused') => deps.registry.setControl(CAMPAIGN, { state, at: 0 })
  /** What the feeder does while a campaign is sending. */
  const feedParked = async () => {
    for (const claim of (await facts()).claims) {
      if (claim.state !== 'parked' || claim.parked!.notBefore > Date.now()) continue
      await send([claim.batch])
      await deps.ledger.requeue(claim)
    }
  }
  const outage = async (what: keyof typeof down, ms: number) => {
    down[what] = true
    await sleep(ms)
    down[what] = false
  }
  const pause = async (ms: number) => {
    await course('paused')
    await sleep(ms)
    await course('sending')
  }

  const workers = [start(), start()]
  const under: Promise<void>[] = []
  const events = [
    () => workers[0]!.kill().then(() => workers.splice(0, 1, start())),
    () => under.push(workers.splice(1, 1, start())[0]!.drain()),
    () => smsc.disconnect(),
    () => under.push(outage('ledger', pick(2_000))),
    () => under.push(outage('registry', pick(1_000))),
    () => under.push(outage('queue', pick(1_000))),
    () => under.push(pause(pick(500))),
    feedParked,
    () => freeze(pick(2_000)),
    () => send([pick(BATCHES)]),
  ]
  await send(lines.map((line) => line.batch))
  for (const end = Date.now() + CHAOS_MS; Date.now() < end; await sleep(pick(300))) {
    await events[pick(events.length)]!()
  }
  Object.assign(weather, { throttled: 0, answerLost: 0, duplicated: 0 })
  await until(async () => {
    await feedParked()
    const { claims } = await facts()
    return claims.filter((claim) => claim.state === 'finished').length === BATCHES && (await queued()) === 0
  }, 40_000)
  await Promise.all([...under, ...workers.map((worker) => worker.drain())])

  const { outcomes, receipts } = await facts()
  const kinds = new Map<string, Set<string>>()
  for (const [batch, i, part, , kind] of outcomes) note(kinds, `${batch}.${i}.${part}`, kind)
  for (const [batch, i, part] of receipts) note(kinds, `${batch}.${i}.${part}`, 'receipt')
  const sent = Map.groupBy(smsc.log, (record) => `${record.to} ${record.part}`)
  const wrong = lines.flatMap(({ batch, messages }) =>
    messages.flatMap(({ i, to, parts }) =>
      parts.flatMap((_, index) => {
        const known = kinds.get(`${batch}.${i}.${index + 1}`) ?? new Set()
        const times = sent.get(`${to} ${index + 1}`)?.length ?? 0
        const proven = known.has('accepted') || known.has('receipt')
        const right = times === 0 ? known.size > 0 && !proven : proven || known.has('unconfirmed')
        return right && times <= 1 ? [] : [`${batch}.${i}.${index + 1} sent ${times}: ${[...known]}`]
      }),
    ),
  )
  expect(wrong).toEqual([])
}

function note(kinds: Map<string, Set<string>>, part: string, kind: string): void {
  kinds.set(part, (kinds.get(part) ?? new Set()).add(kind))
}

/** As near to SIGSTOP as one process comes: nothing runs, and all clocks go on. */
function freeze(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

function withOutages(deps: Deps, down: { ledger: boolean; registry: boolean; queue: boolean }): Deps {
  const failing = <T extends object>(port: T, name: keyof typeof down): T =>
    new Proxy(port, {
      get(target, member) {
        const method = Reflect.get(target, member) as (...args: unknown[]) => Promise<unknown>
        return async (...args: unknown[]) => {
          await sleep(1)
          if (down[name]) throw new Error(`${name} is down`)
          return method.apply(target, args)
        }
      },
    })
  return {
    ...deps,
    ledger: failing(deps.ledger, 'ledger'),
    registry: failing(deps.registry, 'registry'),
    queue: failing(deps.queue, 'queue'),
  }
}
