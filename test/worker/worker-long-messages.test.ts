import { afterEach, describe, expect, it } from 'vitest'
import { foldRecipients } from '../../shared/ledger/fold.ts'
import { until } from '../support/until.ts'
import { CAMPAIGN } from './factories.ts'
import { endWorkers, workerSetUp } from './worker.factory.ts'

afterEach(endWorkers)

describe('a route that wants long messages', () => {
  it('with SAR TLVs gets every part with them, and none with a UDH', async () => {
    const { smsc, start, feed, facts } = await workerSetUp({ route: { longMessage: 'sar' } })
    start()
    await feed([3, 1, 2])
    await until(async () => (await facts()).receipts.length === 6)
    expect(smsc.truth().messages).toMatchObject({ complete: 3, incomplete: 0, repeated: 0 })
    expect(smsc.log.every((record) => record.esmClass === 0)).toBe(true)
    expect(smsc.log.map((record) => `${record.part}/${record.total}`).sort()).toEqual(
      ['1/1', '1/2', '2/2', '1/3', '2/3', '3/3'].sort(),
    )
  })

  it('whole gets one submit_sm for each, whose one receipt is that of every part', async () => {
    const { deps, smsc, start, feed, facts } = await workerSetUp({ route: { longMessage: 'payload' } })
    start()
    await feed([3, 1])
    await until(async () => (await facts()).receipts.length === 2)
    expect(smsc.truth()).toMatchObject({ submitted: 2, messages: { complete: 2 } })
    const texts = smsc.log.map((record) => record.octets)
    expect(texts.some((text) => /part 1 of 3.*part 2 of 3.*part 3 of 3/.test(text))).toBe(true)
    const page = await deps.ledger.readPage(CAMPAIGN, 0)
    const recipients = foldRecipients({ batches: [[3, 1]] }, page, { receipts: 'part' })
    expect(recipients.map(({ status }) => status)).toEqual(['delivered', 'delivered'])
    expect(recipients[0]!.segments.map(({ status }) => status)).toEqual(Array(3).fill('delivered'))
  })
})
