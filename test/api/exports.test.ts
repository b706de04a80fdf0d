import { beforeEach, describe, expect, it } from 'vitest'
import { exportMessages } from '../../lambdas/export/service.ts'
import { exportKey } from '../../shared/campaign/plan-keys.ts'
import { ExportJob } from '../../shared/contracts/jobs.ts'
import { aPlan } from '../campaign/campaign.factory.ts'
import { OTHER_PLAN } from '../compile/compile.factory.ts'
import { readFile } from '../csv/csv.factory.ts'
import { ASHA, BALU, CAMPAIGN, CHITRA, DEV, sentCampaign } from './support/sent-campaign.ts'
import { ACME, type World, world } from './support/world.ts'

const MINUTE_MS = 60_000

let at: World
beforeEach(async () => {
  at = await world()
  await sentCampaign(at.deps)
})

const ask = async (json: object = {}) =>
  (await at.call('POST', `/v1/campaigns/${CAMPAIGN}/exports`, { json })).body
const read = async (id: string) => (await at.call('GET', `/v1/campaigns/${CAMPAIGN}/exports/${id}`)).body
const runJobs = async () => {
  for (const body of at.deps.queue.bodies('jobs')) {
    await exportMessages(at.deps, ExportJob.parse(JSON.parse(body)))
  }
}
const written = async (id: string) => {
  const csv = (await at.deps.objects.get(exportKey(CAMPAIGN, id)))?.toString('utf8')
  return csv?.trim().split('\r\n').slice(1)
}

describe('an export', () => {
  it('is written by a job, and fetched by a link', async () => {
    const asked = await ask()
    expect(asked).toMatchObject({ state: 'writing', status: null, problem: null, file: null })
    await runJobs()
    expect(await read(asked.id)).toMatchObject({
      ...{ id: asked.id, state: 'ready', problem: null },
      file: { url: expect.stringContaining(asked.id), bytes: expect.any(Number) },
    })
    const rows = await written(asked.id)
    expect(rows?.map((row) => row.split(',')[1])).toEqual([ASHA, BALU, CHITRA, DEV])
  })

  it('has of each failed recipient the code, the sentence and who must fix it', async () => {
    const { id } = await ask({ status: 'undelivered' })
    await runJobs()
    const { accepted } = await readFile((await at.deps.objects.get(exportKey(CAMPAIGN, id)))!, {
      variableCount: 4,
      mapping: { to: 'to', variables: ['code', 'sentence', 'fix_who', 'text'] },
    })
    const { body } = await at.call('GET', `/v1/campaigns/${CAMPAIGN}/messages?status=undelivered`)
    const { reason, text } = body.items[0]
    expect(accepted).toMatchObject([
      { msisdn: BALU, values: [reason.code, reason.sentence, reason.fix.who, text] },
    ])
  })

  it('is noted in the audit', async () => {
    await ask({ status: 'refused' })
    expect((await at.call('GET', '/v1/audit?limit=1')).body.items).toMatchObject([
      { action: 'campaign.export', subject: CAMPAIGN, detail: { status: 'refused' } },
    ])
  })

  it('of a status holds its rows alone', async () => {
    const { id } = await ask({ status: 'refused' })
    await runJobs()
    expect(await written(id)).toEqual([expect.stringContaining(CHITRA)])
  })

  it.each([
    { now: 'is being checked again', plan: null },
    { now: 'has another plan', plan: aPlan({ id: OTHER_PLAN }) },
  ])('fails for good when its campaign $now', async ({ plan }) => {
    const { id } = await ask()
    const campaign = (await at.deps.registry.campaign(ACME, CAMPAIGN))!
    await at.deps.registry.updateCampaign({ ...campaign, plan })
    await runJobs()
    expect(await read(id)).toMatchObject({
      ...{ state: 'failed', file: null },
      problem: { code: 'plan_replaced', message: expect.stringContaining('ask for another') },
    })
    expect(await written(id)).toBeUndefined()
  })

  it('is late when its job was lost, and says what to do', async () => {
    const { id } = await ask()
    await at.deps.clock.advance(20 * MINUTE_MS)
    expect(await read(id)).toMatchObject({ state: 'writing', problem: null })
    await at.deps.clock.advance(1)
    expect(await read(id)).toMatchObject({
      ...{ state: 'late', file: null },
      problem: { code: 'export_late', message: expect.stringContaining('POST …/exports') },
    })
    await runJobs()
    expect(await read(id)).toMatchObject({ state: 'ready', problem: null })
  })
})
