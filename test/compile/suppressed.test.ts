import { describe, expect, it } from 'vitest'
import { compileUpload } from '../../lambdas/compile/service.ts'
import { MAX_SUPPRESSED_NUMBERS, suppressedNumbers } from '../../lambdas/suppress/suppressed-numbers.ts'
import { readPage } from '../../shared/campaign/plan.ts'
import { Msisdn } from '../../shared/ids.ts'
import { listKey, removed } from '../../shared/suppression/list.ts'
import { encodeNumbers } from '../../shared/suppression/list-format.ts'
import { ASHA, aLoadedList, anEntry, BALU, someListNumbers } from '../suppression/suppression.factory.ts'
import { type Bench, checking, failingAt, JOB, OTHER_PLAN, PLAN, TENANT } from './compile.factory.ts'

const CSV = 'mobile,name\n9876543210,Asha\n9876543211,Balu\n12,Meena\n9876543210,again\n9876543212,Chitra\n'

const say = (bench: Bench, msisdn: Msisdn, fields: Parameters<typeof anEntry>[0] = {}) =>
  bench.suppressions.putEntry(TENANT, anEntry({ msisdn, at: bench.clock.now(), ...fields }))

async function load(bench: Bench, numbers: readonly Msisdn[]): Promise<void> {
  const list = aLoadedList(bench.clock.now())
  await bench.suppressions.createList(TENANT, list)
  await bench.objects.put(listKey(TENANT, list), encodeNumbers(Float64Array.from(numbers, Number)))
}

const recipients = async (bench: Bench) =>
  readPage((await bench.planText('page-000000.jsonl'))!).flatMap(({ messages }) =>
    messages.map(({ to }) => to),
  )

describe('a check', () => {
  it('leaves out suppressed numbers, counts them, and says in a file which rows they are', async () => {
    const bench = await checking(CSV)
    await say(bench, ASHA)
    await load(bench, [BALU])
    expect(await compileUpload(bench, JOB)).toBe('checked')
    expect((await bench.campaign()).numbers).toMatchObject({
      ...{ rows: 5, accepted: 1, invalid: 1, duplicates: 0, suppressed: 3 },
    })
    expect(await recipients(bench)).toEqual(['919876543212'])
    expect((await bench.planText('suppressed.csv'))!.trim().split('\r\n').slice(1)).toEqual([
      `2,suppressed,${ASHA} is on the suppression list,9876543210,Asha`,
      `3,suppressed,${BALU} is on the suppression list,9876543211,Balu`,
      `5,suppressed,${ASHA} is on the suppression list,9876543210,again`,
    ])
  })

  it('sends to whom was allowed after the list was loaded', async () => {
    const bench = await checking(CSV)
    await load(bench, [ASHA, BALU])
    await bench.clock.advance(1)
    await say(bench, BALU, { state: 'allowed', reason: 'start' })
    await compileUpload(bench, JOB)
    expect(await recipients(bench)).toEqual([BALU, '919876543212'])
  })

  it('does not mind a list that is removed', async () => {
    const bench = await checking(CSV)
    await load(bench, [ASHA])
    const [list] = await bench.suppressions.lists(TENANT)
    await bench.suppressions.updateList(TENANT, removed(list!))
    await compileUpload(bench, JOB)
    expect((await bench.campaign()).numbers).toMatchObject({ accepted: 3, suppressed: 0 })
  })

  it('knows every entry, however many there are', async () => {
    const bench = await checking(CSV)
    for (let n = 0; n < 1_000; n++) await say(bench, Msisdn.parse(`9180000${String(n).padStart(5, '0')}`))
    await say(bench, ASHA)
    await compileUpload(bench, JOB)
    expect((await bench.campaign()).numbers).toMatchObject({ accepted: 2, suppressed: 2 })
  })

  it('keeps the entries of its plan in a few octets each', async () => {
    const bench = await checking(CSV)
    for (let n = 0; n < 2_000; n++) await say(bench, Msisdn.parse(`9180000${String(n * 7).padStart(5, '0')}`))
    await compileUpload(bench, JOB)
    expect((await bench.planText('suppression.json'))!.length).toBeLessThan(2_000 * 3)
  })

  it('asks nobody about transactional messages', async () => {
    const bench = await checking(CSV, { record: { lane: 'otp' } })
    await say(bench, ASHA)
    await compileUpload(bench, JOB)
    expect((await bench.campaign()).numbers).toMatchObject({ accepted: 3, suppressed: 0 })
    expect(await bench.planText('suppression.json')).toBeNull()
  })

  it('is refused when everybody is suppressed, and says so', async () => {
    const bench = await checking('mobile,name\n9876543210,Asha\n')
    await say(bench, ASHA)
    expect(await compileUpload(bench, JOB)).toBe('refused')
    expect((await bench.campaign()).problem).toEqual({
      ...{ code: 'no_recipients', message: 'None of the 1 rows can be sent: suppressed (1).' },
    })
  })

  it('has a problem when lists and entries together are more than it can hold', async () => {
    const bench = await checking(CSV)
    await load(bench, [ASHA, BALU])
    await say(bench, ASHA)
    const fits = await suppressedNumbers(bench, await bench.campaign(), OTHER_PLAN, 3)
    expect(fits.ok && fits.suppressed.has(Number(BALU))).toBe(true)
    expect(await suppressedNumbers(bench, await bench.campaign(), PLAN, 2)).toEqual({
      ok: false,
      problem: { code: 'suppression_full', message: expect.stringMatching(/more than 2 numbers.*DELETE/) },
    })
  })

  it('is refused with that problem', async () => {
    const bench = await checking(CSV)
    const now = bench.clock.now()
    const numbers = someListNumbers({ accepted: MAX_SUPPRESSED_NUMBERS })
    await bench.suppressions.createList(TENANT, aLoadedList(now, { numbers }))
    await say(bench, ASHA)
    expect(await compileUpload(bench, JOB)).toBe('refused')
    expect((await bench.campaign()).problem).toMatchObject({ code: 'suppression_full' })
  })

  it('of another tenant does not mind', async () => {
    const bench = await checking(CSV)
    await bench.suppressions.putEntry('rival' as typeof TENANT, anEntry())
    await compileUpload(bench, JOB)
    expect((await bench.campaign()).numbers).toMatchObject({ suppressed: 0 })
  })

  it('that was killed and starts again comes to the same plan, whatever was said meanwhile', async () => {
    // The first write is of the setting, before anything is known of suppression.
    for (let failure = 1; failure < 10; failure++) {
      const bench = await checking(CSV)
      await say(bench, ASHA)
      const broken = { ...bench, objects: failingAt(bench.objects, failure, 'after') }
      await expect(compileUpload(broken, JOB)).rejects.toThrow('lost')
      await bench.clock.advance(1)
      await say(bench, BALU)
      await load(bench, [Msisdn.parse('919876543212')])
      expect(await compileUpload(bench, JOB)).toBe('checked')
      expect(await recipients(bench)).toEqual([BALU, '919876543212'])
    }
  })
})
