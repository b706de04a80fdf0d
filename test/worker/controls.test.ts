import { afterEach, describe, expect, it } from 'vitest'
import { Controls } from '../../bind-worker/intake/controls.ts'
import type { CampaignId } from '../../shared/ids.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryRegistry } from '../support/memory-ports.ts'
import { CAMPAIGN, heldBatch } from './factories.ts'

const open: Controls[] = []
afterEach(() => {
  for (const controls of open.splice(0)) controls.close()
})

/** A registry whose answers take as long as the test says. */
class SlowRegistry extends MemoryRegistry {
  reads = 0
  tookMs = 0
  fail = false
  readonly #clock: ReturnType<typeof fakeClock>

  constructor(clock: ReturnType<typeof fakeClock>) {
    super(clock)
    this.#clock = clock
  }

  override async controls(ids: readonly CampaignId[]) {
    this.reads++
    await this.#clock.sleep(this.tookMs)
    if (this.fail) throw new Error('throttled')
    return super.controls(ids)
  }
}

function setUp() {
  const clock = fakeClock()
  const registry = new SlowRegistry(clock)
  const controls = new Controls({
    ...{ registry, clock, timing: TIMING, log: silentLog },
    held: () => [],
    onWithdrawn: () => {},
  })
  open.push(controls)
  return { clock, registry, controls }
}

describe('the course of a campaign, before its first message', () => {
  it('is read once for batches that come together', async () => {
    const { clock, registry, controls } = setUp()
    const asked = Promise.all([controls.admit(heldBatch()), controls.admit(heldBatch())])
    await clock.advance(0)
    expect(await asked).toEqual([null, null])
    expect(registry.reads).toBe(1)
  })

  it('is found out however slow the registry is', async () => {
    const { clock, registry, controls } = setUp()
    registry.tookMs = 20 * TIMING.controlPollMs
    const asked = controls.admit(heldBatch())
    await clock.advance(registry.tookMs)
    expect(await asked).toBeNull()
    expect(registry.reads).toBe(1)
  })

  it('is asked for until it is known', async () => {
    const { clock, registry, controls } = setUp()
    registry.fail = true
    const asked = controls.admit(heldBatch())
    await clock.advance(3 * TIMING.controlPollMs)
    registry.fail = false
    await registry.setControl(CAMPAIGN, { state: 'cancelled', at: 0 })
    await clock.advance(TIMING.controlPollMs)
    expect(await asked).toEqual({ kind: 'cancel' })
  })

  it('is asked for no longer once the batch is to be given back', async () => {
    const { clock, registry, controls } = setUp()
    registry.fail = true
    const batch = heldBatch()
    const asked = controls.admit(batch)
    await clock.advance(3 * TIMING.controlPollMs)
    batch.withdrawal = { kind: 'release' }
    await clock.advance(TIMING.controlPollMs)
    expect(await asked).toEqual({ kind: 'release' })
  })

  it('parks the batches of a paused one', async () => {
    const { clock, registry, controls } = setUp()
    await registry.setControl(CAMPAIGN, { state: 'paused', at: 0 })
    const asked = controls.admit(heldBatch())
    await clock.advance(0)
    expect(await asked).toEqual({ kind: 'park', reason: 'paused', notBefore: 0 })
  })
})
