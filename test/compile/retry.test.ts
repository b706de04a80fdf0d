import { describe, expect, it } from 'vitest'
import { compileUpload } from '../../lambdas/compile/service.ts'
import { type Bench, checking, failingAt, JOB, mixedCsv, overriding } from './compile.factory.ts'

const ROWS = 11_000

async function objectsOf(bench: Bench): Promise<Map<string, string>> {
  const all = new Map<string, string>()
  for (const key of bench.objects.keys()) all.set(key, (await bench.objects.get(key))!.toString('base64'))
  return all
}

async function undisturbed(): Promise<{ objects: Map<string, string>; writes: number }> {
  const bench = await checking(mixedCsv(ROWS))
  expect(await compileUpload(bench, JOB)).toBe('checked')
  const objects = await objectsOf(bench)
  return { objects, writes: objects.size - 1 }
}

describe('a check that was killed and starts again', () => {
  it.each(['before', 'after'] as const)(
    'writes the same bytes to the same keys, whichever write failed (%s it was done)',
    async (when) => {
      const { objects, writes } = await undisturbed()
      const failures = [0, 1, 2, 3, 6, 7, 8, Math.floor(writes / 2), writes - 2, writes - 1]
      for (const failure of failures) {
        const bench = await checking(mixedCsv(ROWS))
        const broken = { ...bench, objects: failingAt(bench.objects, failure, when) }
        await expect(compileUpload(broken, JOB)).rejects.toThrow(/gone|lost/)
        expect(await bench.campaign()).toMatchObject({ state: 'checking', plan: null })
        expect(await compileUpload(bench, JOB)).toBe('checked')
        expect(await objectsOf(bench)).toEqual(objects)
      }
    },
  )

  it('comes to the same plan although template and rules were changed meanwhile', async () => {
    const csv = 'mobile,name\n9876543210,bit.ly/abcd\n9123456780,Ravi\n'
    const undisturbed = await checking(csv)
    await compileUpload(undisturbed, JOB)
    const bench = await checking(csv)
    const broken = { ...bench, objects: failingAt(bench.objects, 2, 'after') }
    await expect(compileUpload(broken, JOB)).rejects.toThrow('lost')
    const { tenant, templateId } = await bench.campaign()
    await bench.registry.putRules(tenant, { levels: { value_url: 'off' } })
    const template = (await bench.registry.template(tenant, templateId))!
    await bench.registry.updateTemplate(tenant, { ...template, types: ['numeric'] })
    expect(await compileUpload(bench, JOB)).toBe('checked')
    expect(await objectsOf(bench)).toEqual(await objectsOf(undisturbed))
  })

  it('has no manifest before everything else is there', async () => {
    const { writes } = await undisturbed()
    for (let failure = 0; failure < writes; failure += 9) {
      const bench = await checking(mixedCsv(ROWS))
      const broken = { ...bench, objects: failingAt(bench.objects, failure, 'before') }
      await expect(compileUpload(broken, JOB)).rejects.toThrow('gone')
      expect(await bench.planText('plan.json')).toBeNull()
    }
  })

  it('does not read the upload again when only the campaign was not told', async () => {
    const bench = await checking(mixedCsv(100))
    const registry = overriding(bench.registry, {
      updateCampaign: async () => {
        throw new Error('the table is gone')
      },
    })
    await expect(compileUpload({ ...bench, registry }, JOB)).rejects.toThrow('the table is gone')
    const objects = overriding(bench.objects, {
      getStream: async () => {
        throw new Error('read again')
      },
    })
    expect(await compileUpload({ ...bench, objects }, JOB)).toBe('checked')
    expect((await bench.campaign()).numbers).toMatchObject({ rows: 100 })
  })

  it('launches when it was killed between the plan and the launch', async () => {
    const bench = await checking(mixedCsv(100), { thenLaunch: true })
    const registry = overriding(bench.registry, {
      setControl: async () => {
        throw new Error('the table is gone')
      },
    })
    await expect(compileUpload({ ...bench, registry }, JOB)).rejects.toThrow('the table is gone')
    expect((await bench.campaign()).state).toBe('checking')
    expect(await compileUpload(bench, JOB)).toBe('launched')
    expect((await bench.campaign()).state).toBe('sending')
  })

  it('applies what it found to a campaign that was renamed meanwhile', async () => {
    const bench = await checking(mixedCsv(100))
    let renamed = false
    const registry = overriding(bench.registry, {
      updateCampaign: async (campaign: Parameters<typeof bench.registry.updateCampaign>[0]) => {
        if (!renamed) {
          renamed = true
          await bench.registry.updateCampaign({ ...(await bench.campaign()), name: 'renamed' })
        }
        return bench.registry.updateCampaign(campaign)
      },
    })
    expect(await compileUpload({ ...bench, registry }, JOB)).toBe('checked')
    expect(await bench.campaign()).toMatchObject({
      name: 'renamed',
      state: 'checked',
      numbers: { rows: 100 },
    })
  })
})
