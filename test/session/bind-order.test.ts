import { expect, test } from 'vitest'
import { bindsInOrder, drainInOrder } from '../../bind-worker/session/bind-order.ts'
import type { BindAs } from '../../shared/contracts/records.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock } from '../support/fake-clock.ts'

test('two transceivers are two binds, two pairs are four, transmitters first', () => {
  expect(bindsInOrder('transceiver', 2)).toEqual(['transceiver', 'transceiver'])
  expect(bindsInOrder('pair', 2)).toEqual(['transmitter', 'transmitter', 'receiver', 'receiver'])
})

/** Binds that take so long to drain, or as long as they may, and what happened to them when. */
function world(binds: readonly { bindAs: BindAs; takesMs: number }[]) {
  const clock = fakeClock()
  const told: string[] = []
  const tell = (what: string) => told.push(`${clock.monotonicMs()} ${what}`)
  const fakes = binds.map(({ bindAs, takesMs }) => ({
    bindAs,
    drain: async (timeoutMs = 0) => {
      tell(`${bindAs} may take ${timeoutMs}`)
      await clock.sleep(Math.min(takesMs, timeoutMs))
      tell(`${bindAs} unbound`)
    },
  }))
  return { clock, told, drained: () => drainInOrder(fakes, { clock, timing: TIMING }) }
}

test('receivers stay until the last transmitter has unbound, and get the time that is left', async () => {
  const { clock, told, drained } = world([
    { bindAs: 'receiver', takesMs: 0 },
    { bindAs: 'transmitter', takesMs: 1_000 },
    { bindAs: 'transmitter', takesMs: 20_000 },
  ])
  const done = drained()
  await clock.advance(100_000)
  await done
  expect(told).toEqual([
    '0 transmitter may take 60000',
    '0 transmitter may take 60000',
    '1000 transmitter unbound',
    '20000 transmitter unbound',
    '20000 receiver may take 40000',
    '20000 receiver unbound',
  ])
})

test('a transmitter that used up all the time leaves its receiver what makes receipts durable', async () => {
  const { clock, told, drained } = world([
    { bindAs: 'transmitter', takesMs: 90_000 },
    { bindAs: 'receiver', takesMs: 90_000 },
  ])
  const done = drained()
  await clock.advance(100_000)
  await done
  expect(told.at(-2)).toBe(`60000 receiver may take ${TIMING.receiptDurableMs}`)
})
