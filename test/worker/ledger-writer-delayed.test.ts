import { expect, it } from 'vitest'
import { LedgerWriter } from '../../bind-worker/ledger-writer.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN } from './factories.ts'

it('a process that stands still while it takes the first fact of a commit writes it all the same', async () => {
  const clock = fakeClock()
  let readings = 0
  const standing = { ...clock, monotonicMs: () => readings++ * 10 * TIMING.lingerMs }
  const ledger = new MemoryLedger()
  const parts = { clock: standing, timing: TIMING, log: silentLog, ledger, boot: BOOT }
  const writer = new LedgerWriter({ ...parts, onDurable: () => {} })
  writer.outcome({ campaign: CAMPAIGN, page: 0 }, [0, 0, 1, 1, 'accepted', 'id-1', 1, 2])
  await writer.flushed()
  const { slices } = await ledger.readPage(CAMPAIGN, 0)
  expect(slices.flatMap((slice): readonly unknown[] => slice.rows)).toEqual([
    [0, 0, 1, 1, 'accepted', 'id-1', 1, 2],
  ])
  expect(writer.backlog).toBe(0)
})
