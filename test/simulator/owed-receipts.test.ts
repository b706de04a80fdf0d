import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { simulatorHarness } from './harness.ts'

const folder = mkdtempSync(join(tmpdir(), 'dakghar-owed-'))
const owedFile = join(folder, 'owed.jsonl')
const smscs = simulatorHarness()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('receipts owed when the SMSC was closed', () => {
  it('are delivered by its next life, each once, and none that was acknowledged', async () => {
    const first = await smscs.start({ owedFile, receiptDelayMs: { min: 60_000, max: 60_000 } })
    const sender = await smscs.bound(first)
    const accepted = [
      await sender.submit({ destination_addr: '919876543210' }),
      await sender.submit({ destination_addr: '919876543211' }),
    ]
    await first.close()

    const second = await smscs.start({ owedFile })
    expect(second.truth()).toMatchObject({ submitted: 0, receipts: { pending: 2 } })
    await smscs.bound(second)
    await until(() => second.truth().receipts.acked === 2)
    expect(accepted).toHaveLength(2)
    await second.close()

    const third = await smscs.start({ owedFile })
    expect(third.truth().receipts.pending).toBe(0)
  })
})
