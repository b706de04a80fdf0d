/** Promises of the worker that no part of it keeps alone; `docs/reliability.md` lists where the others are held. */
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../aws/system-clock.ts'
import { validityPeriod } from '../../bind-worker/session/validity-period.ts'
import { dispatchBody } from '../../shared/contracts/dispatch.ts'
import type { Log } from '../../shared/log.ts'
import { STATUS } from '../../shared/smpp/codec.ts'
import { until } from '../support/until.ts'
import { planLine, QUEUE, TERMS } from './factories.ts'
import { endWorkers, short, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

const IST_OFFSET_MINUTES = 330
const DAY_MINUTES = 24 * 60
const SLOW_MS = 300

describe('promise 2', () => {
  it('a batch leaves the queue only after the outcomes of all its segments are durable', async () => {
    const { deps, start, feed, queued } = await workerSetUp()
    const order: string[] = []
    const { ledger, queue } = deps
    const append = ledger.append.bind(ledger)
    ledger.append = async (slices) => {
      await systemClock.sleep(SLOW_MS)
      await append(slices)
      if (slices.some((slice) => slice.kind === 'outcomes')) order.push('durable')
    }
    const remove = queue.delete.bind(queue)
    queue.delete = async (name, receipts) => {
      if (name === QUEUE) order.push('deleted')
      await remove(name, receipts)
    }
    start()
    await feed(short(5))
    await until(async () => order.includes('deleted') && (await queued()) === 0)
    expect(order.slice(0, order.indexOf('deleted'))).toContain('durable')
  })
})

describe('promise 7', () => {
  it('validity_period on the wire ends with the sending hours, or with the expiry when that is sooner', async () => {
    const { smsc, deps, start } = await workerSetUp()
    const now = Date.now()
    const minute = (Math.floor(now / 60_000) + IST_OFFSET_MINUTES) % DAY_MINUTES
    const hours = {
      fromMinute: (minute + DAY_MINUTES - 60) % DAY_MINUTES,
      toMinute: (minute + 30) % DAY_MINUTES,
    }
    const closesAt = (Math.floor(now / 60_000) + 30) * 60_000
    const soon = Math.floor(now / 1_000) * 1_000 + 600_000
    const bodyOf = (batch: number, terms: Partial<typeof TERMS>) =>
      dispatchBody({ ...TERMS, ...terms }, [], JSON.stringify(planLine([1], { batch })))
    await deps.queue.send(QUEUE, [bodyOf(0, { hours }), bodyOf(1, { hours, expiresAt: soon })])
    start()
    await until(() => smsc.truth().submitted === 2)
    const periods = smsc.log.toSorted((a, b) => (a.to < b.to ? -1 : 1)).map((record) => record.validityPeriod)
    expect(periods).toEqual([validityPeriod(closesAt), validityPeriod(soon)])
  })
})

describe('promise 10', () => {
  it('no line of the log has a whole number or a text in it, whatever goes wrong', async () => {
    const { smsc, deps, start, feed, facts } = await workerSetUp({
      onSubmit: (record) => (record.to.endsWith('1') ? { status: STATUS.ESME_RINVDSTADR! } : undefined),
    })
    const lines: string[] = []
    const write = (message: string, fields?: object) => lines.push(`${message} ${JSON.stringify(fields)}`)
    deps.log = { info: write, warn: write, error: write } satisfies Log
    const send = deps.queue.send.bind(deps.queue)
    deps.queue.send = async (name, bodies) => {
      if (name === 'inbound') throw new Error('throttled')
      await send(name, bodies)
    }
    const { drain } = start()
    await feed([1, 3, 1, 2])
    await until(async () => (await facts()).outcomes.length === 7)
    void smsc.sendMo({ from: '919811122233', to: '56161', text: 'STOP please' })
    await until(() => lines.some((line) => line.includes('inbound')))
    smsc.disconnect()
    await until(() => lines.some((line) => line.includes('bind failed')))
    await drain()

    const text = lines.join('\n')
    const numbers = planLine([1, 3, 1, 2]).messages.map(({ to }) => to)
    for (const number of ['919811122233', ...numbers]) expect(text).not.toContain(number)
    expect(text).toContain('91981xxxx233')
    expect(text).not.toMatch(/STOP|message \d part/)
  })
})
