import { describe, expect, it } from 'vitest'
import { compileUpload } from '../../lambdas/compile/service.ts'
import { findInIndex, readManifest, readPage, readShape } from '../../shared/campaign/plan.ts'
import { shardOf } from '../../shared/campaign/plan-keys.ts'
import { CampaignRecord } from '../../shared/campaign/record.ts'
import { FeedJob } from '../../shared/contracts/jobs.ts'
import { CampaignId, type Msisdn } from '../../shared/ids.ts'
import { CAMPAIGN, checking, JOB, mixedCsv, OTHER_PLAN, overriding, PLAN, TENANT } from './compile.factory.ts'

const TWO_ROWS = 'mobile,name\n9876543210,Asha\n9123456780,Ravi\n'
const ASHA = '919876543210' as Msisdn

describe('compileUpload', () => {
  it('writes the plan and makes the campaign checked, with its numbers', async () => {
    const bench = await checking(`${TWO_ROWS}12,Meena\n+91 98765 43210,Asha again\n`)
    expect(await compileUpload(bench, JOB)).toBe('checked')

    const campaign = CampaignRecord.parse(await bench.campaign())
    expect(campaign).toMatchObject({
      state: 'checked',
      checking: null,
      progress: null,
      problem: null,
      plan: { id: PLAN, pages: 1, batches: 1, recipients: 2, segments: 2, recipientsPerPage: [2] },
      numbers: {
        rows: 4,
        accepted: 2,
        invalid: 1,
        duplicates: 1,
        segments: 2,
        unicode: 0,
        long: 0,
        reasons: { number_invalid: 1 },
        costPaise: 25,
        firstInvalid: [{ line: 4, code: 'number_invalid', message: expect.stringContaining('2 digits') }],
      },
    })
    expect(campaign.numbers!.samples).toEqual([
      { to: ASHA, text: 'Dear Asha, your order is ready.', segments: 1 },
      { to: '919123456780', text: 'Dear Ravi, your order is ready.', segments: 1 },
    ])
    expect(readPage((await bench.planText('page-000000.jsonl'))!)).toEqual([
      {
        v: 1,
        campaign: CAMPAIGN,
        plan: PLAN,
        page: 0,
        batch: 0,
        lane: 'service',
        header: 'ACMEIN',
        entity: '1101234567890123456',
        template: campaign.templateId,
        messages: [
          { i: 0, to: ASHA, dc: 0, parts: ['Dear Asha, your order is ready.'] },
          { i: 1, to: '919123456780', dc: 0, parts: ['Dear Ravi, your order is ready.'] },
        ],
      },
    ])
    expect(readShape((await bench.planText('page-000000.shape.json'))!).batches).toEqual([[1, 1]])
    expect(await bench.planText('index/10.csv')).toBe(`${ASHA},0,0,0\n`)
    expect(await bench.planText('invalid.csv')).toContain('\r\n4,number_invalid,')
    expect(await bench.planText('duplicates.csv')).toContain('\r\n5,duplicate,')
    expect(readManifest((await bench.planText('plan.json'))!)).toEqual({
      v: 1,
      campaign: CAMPAIGN,
      plan: campaign.plan,
      numbers: campaign.numbers,
    })
  })

  it('accounts for every row of a file of many pages, and finds each number through the index', async () => {
    const bench = await checking(mixedCsv(12_000))
    await compileUpload(bench, JOB)
    const { numbers, plan } = await bench.campaign()
    expect(numbers!.rows).toBe(12_000)
    expect(numbers!.accepted + numbers!.invalid + numbers!.duplicates).toBe(12_000)
    expect([numbers!.invalid, numbers!.duplicates, plan!.pages]).toEqual([240, 240, 3])

    const index = new Map<number, string>()
    let recipients = 0
    for (let page = 0; page < plan!.pages; page++) {
      const lines = readPage((await bench.planText(`page-00000${page}.jsonl`))!)
      const shape = readShape((await bench.planText(`page-00000${page}.shape.json`))!)
      expect(shape.batches).toEqual(lines.map((line) => line.messages.map(({ parts }) => parts.length)))
      for (const { batch, messages } of lines) {
        recipients += messages.length
        for (const { to, i } of messages) {
          const shard = shardOf(to)
          const text =
            index.get(shard) ?? (await bench.planText(`index/${String(shard).padStart(2, '0')}.csv`))!
          index.set(shard, text)
          expect(findInIndex(text, to)).toEqual({ page, batch, i })
        }
      }
    }
    expect(recipients).toBe(numbers!.accepted)
    expect((await bench.planText('invalid.csv'))!.trim().split('\r\n')).toHaveLength(1 + 240)
  })

  it('cuts parts at the limits of the pool', async () => {
    const bench = await checking(TWO_ROWS, { text: `${'x'.repeat(290)} {#var#}${'y'.repeat(10)}` })
    await bench.registry.putPool({
      ...(await bench.registry.pool((await bench.campaign()).pool))!,
      referenceBits: 16,
    })
    await compileUpload(bench, JOB)
    // 305 characters: 2 parts of 153, but 3 of 152.
    expect((await bench.campaign()).plan).toMatchObject({ recipients: 2, segments: 6 })
  })

  it('notes its progress at most once a second', async () => {
    const bench = await checking(mixedCsv(12_000))
    const notes: { bytes: number; rows: number }[] = []
    const registry = overriding(bench.registry, {
      noteProgress: async (
        _tenant: unknown,
        _id: unknown,
        _plan: unknown,
        progress: { bytes: number; rows: number },
      ) => {
        notes.push(progress)
        throw new Error('throttled')
      },
    })
    let readings = 0
    const clock = { ...bench.clock, monotonicMs: () => readings++ * 400 }
    expect(await compileUpload({ ...bench, registry, clock }, JOB)).toBe('checked')
    expect(notes.length).toBeGreaterThan(0)
    expect(notes.length).toBeLessThanOrEqual((readings * 400) / 1_000)
    expect(notes[0]!.rows).toBeGreaterThan(0)
    expect(notes[0]!.bytes).toBeLessThanOrEqual(
      (await bench.objects.head((await bench.campaign()).uploadKey))!.bytes,
    )
  })

  it('launches at once when the check was asked to', async () => {
    const bench = await checking(TWO_ROWS, { thenLaunch: true })
    expect(await compileUpload(bench, JOB)).toBe('launched')
    expect(await bench.campaign()).toMatchObject({
      state: 'sending',
      checking: null,
      plan: { recipients: 2 },
    })
    expect((await bench.registry.controls([CAMPAIGN])).get(CAMPAIGN)?.state).toBe('sending')
    const [message] = await bench.queue.receive('feed', { max: 1, waitSeconds: 0, visibilitySeconds: 30 })
    expect(FeedJob.parse(JSON.parse(message!.body))).toEqual({
      kind: 'feed',
      tenant: TENANT,
      campaign: CAMPAIGN,
    })
  })
})

describe('a job that came too late is dropped, and writes nothing', () => {
  it.each([
    [
      'the campaign is checking another plan',
      { checking: { plan: OTHER_PLAN, startedAt: 0, thenLaunch: false, allowRepeat: false } },
    ],
    ['the campaign was cancelled', { state: 'cancelled', checking: null }],
    ['the check is done', { state: 'checked', checking: null }],
  ] as const)('because %s', async (_, record) => {
    const bench = await checking(TWO_ROWS, { record })
    const before = await bench.campaign()
    expect(await compileUpload(bench, JOB)).toBe('dropped')
    expect(await bench.campaign()).toEqual(before)
    expect(bench.objects.keys()).toEqual([before.uploadKey])
  })

  it('because there is no such campaign', async () => {
    const bench = await checking(TWO_ROWS)
    expect(await compileUpload(bench, { ...JOB, campaign: 'other' as typeof JOB.campaign })).toBe('dropped')
  })

  it.each([false, true])(
    'because it was cancelled while it was checked (thenLaunch: %s)',
    async (thenLaunch) => {
      const bench = await checking(TWO_ROWS, { thenLaunch })
      const objects = overriding(bench.objects, {
        getStream: async (key: string) => {
          await bench.registry.updateCampaign({
            ...(await bench.campaign()),
            state: 'cancelled',
            checking: null,
          })
          return bench.objects.getStream(key)
        },
      })
      expect(await compileUpload({ ...bench, objects }, JOB)).toBe('dropped')
      expect(await bench.campaign()).toMatchObject({ state: 'cancelled', plan: null })
    },
  )
})

describe('a file that cannot be used leads back to draft with the reason', () => {
  const HUGE_ROWS = `mobile,name\n${'12,x\n'.repeat(50)}`

  it.each([
    ['upload_missing', null],
    ['file_empty', ''],
    ['file_no_rows', 'mobile,name\n'],
    ['file_no_header', '9876543210,Asha\n'],
    ['file_number_column', 'name,city\nAsha,Pune\n'],
    ['file_variable_columns', 'mobile\n9876543210\n'],
    ['file_binary', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ['file_encoding', Buffer.concat([Buffer.from(TWO_ROWS.repeat(100)), Buffer.from([0xe9, 0x0a])])],
    ['file_unclosed_quote', `${TWO_ROWS}9812345678,"open\n`],
    ['no_recipients', HUGE_ROWS],
  ])('%s', async (code, upload) => {
    const bench = await checking(upload)
    expect(await compileUpload(bench, JOB)).toBe('refused')
    expect(await bench.campaign()).toMatchObject({
      state: 'draft',
      checking: null,
      plan: null,
      problem: { code, message: expect.stringMatching(/^[A-Z].*\.$/) },
    })
    expect(await bench.planText('plan.json')).toBeNull()
  })

  it('file_too_large, without reading it', async () => {
    const bench = await checking(TWO_ROWS)
    expect(await compileUpload(bench, JOB, { maxUploadBytes: TWO_ROWS.length - 1 })).toBe('refused')
    expect((await bench.campaign()).problem?.code).toBe('file_too_large')
    expect(await compileUpload(await checking(TWO_ROWS), JOB, { maxUploadBytes: TWO_ROWS.length })).toBe(
      'checked',
    )
  })

  it('no_recipients says why, and leaves the rows to be repaired', async () => {
    const bench = await checking(HUGE_ROWS)
    await compileUpload(bench, JOB)
    expect((await bench.campaign()).problem?.message).toBe(
      'None of the 50 rows can be sent: number_invalid (50). ' +
        'The first, line 2: "12" has 2 digits, a mobile number has 10. ' +
        'GET …/invalid has them all, to be repaired.',
    )
    expect((await bench.planText('invalid.csv'))!.trim().split('\r\n')).toHaveLength(51)
  })

  it.each([
    ['template_missing', { templateId: '1107169999999999999' }],
    ['pool_missing', { pool: 'gone' as never }],
  ])('%s', async (code, record) => {
    const bench = await checking(TWO_ROWS)
    await bench.registry.updateCampaign({ ...(await bench.campaign()), ...record })
    expect(await compileUpload(bench, JOB)).toBe('refused')
    expect((await bench.campaign()).problem?.code).toBe(code)
  })

  it('template_invalid', async () => {
    const bench = await checking(TWO_ROWS, { text: 'Dear {#name#}' })
    await compileUpload(bench, JOB)
    expect((await bench.campaign()).problem).toMatchObject({
      code: 'template_invalid',
      message: expect.stringContaining('{#name#}'),
    })
  })
})

describe('a check under the rules of DLT', () => {
  const numbersOf = async (bench: Awaited<ReturnType<typeof checking>>) => (await bench.campaign()).numbers!

  it('refuses rows with a call to action where none may stand, and warns of what may be one', async () => {
    const rows = '9876543210,bit.ly/abcd\n9123456780,9812345678\n9123456781,Ravi\n'
    const bench = await checking(`mobile,name\n${rows}`)
    expect(await compileUpload(bench, JOB)).toBe('checked')
    expect(await numbersOf(bench)).toMatchObject({
      ...{ rows: 3, accepted: 2, invalid: 1, reasons: { value_url: 1 } },
      warnings: { value_phone_possible: { rows: 1, first: { line: 3 } } },
    })
    expect(await bench.planText('invalid.csv')).toMatch(/^2,value_url,.*variable 1 holds a URL/m)
  })

  it('takes what the tenant lets pass', async () => {
    const bench = await checking('mobile,name\n9876543210,bit.ly/abcd\n')
    await bench.registry.putRules(TENANT, { levels: { value_url: 'off', value_url_possible: 'off' } })
    await compileUpload(bench, JOB)
    expect(await numbersOf(bench)).toMatchObject({ accepted: 1, warnings: {} })
  })

  it('reads variables by the types that were given beside the text', async () => {
    const bench = await checking('mobile,name\n9876543210,Asha\n9123456780,42\n')
    const template = (await bench.registry.template(TENANT, (await bench.campaign()).templateId))!
    await bench.registry.updateTemplate(TENANT, { ...template, types: ['numeric'] })
    await compileUpload(bench, JOB)
    expect(await numbersOf(bench)).toMatchObject({ accepted: 1, reasons: { value_character: 1 } })
  })

  it('compares whole texts with the template, and sends what the template makes of their values', async () => {
    const rows = [
      ...['9876543210,"Dear Asha, your order is ready."', '9123456780,"Dear Ravi, your order’s ready."'],
      '9123456781,"Dear bit.ly/abcd, your order is ready."',
    ]
    const bench = await checking(`mobile,message\n${rows.join('\n')}\n`, {
      record: { mapping: { text: 'message' } },
    })
    expect(await compileUpload(bench, JOB)).toBe('checked')
    expect(await numbersOf(bench)).toMatchObject({
      ...{ accepted: 1, reasons: { template_mismatch: 1, value_url: 1 } },
      samples: [{ to: ASHA, text: 'Dear Asha, your order is ready.' }],
    })
    expect(await bench.planText('invalid.csv')).toMatch(/^3,template_mismatch,"character 22: .*U\+2019/m)
  })

  it.each(['exact', 'lf', 'crlf', 'space'] as const)(
    'takes whole texts however their lines end, for routes that want them %s',
    async (newlines) => {
      const rows =
        '9876543210,"Dear Asha,\nyour order is ready."\n9123456780,"Dear Ravi,\r\nyour order is ready."\n'
      const bench = await checking(`mobile,message\n${rows}`, {
        ...{ text: 'Dear {#var#},\nyour order is ready.', record: { mapping: { text: 'message' } } },
      })
      await bench.registry.putRules(TENANT, { newlines })
      await compileUpload(bench, JOB)
      const end = { exact: '\n', lf: '\n', crlf: '\r\n', space: ' ' }[newlines]
      expect((await numbersOf(bench)).samples.map(({ text }) => text)).toEqual([
        ...[`Dear Asha,${end}your order is ready.`, `Dear Ravi,${end}your order is ready.`],
      ])
    },
  )

  it('sends line ends as the routes of the pool want them', async () => {
    const bench = await checking('mobile,name\n9876543210,Asha\n', {
      text: 'Dear {#var#},\nyour order is ready.',
    })
    await bench.registry.putRules(TENANT, { newlines: 'crlf' })
    await compileUpload(bench, JOB)
    expect((await numbersOf(bench)).samples[0]!.text).toBe('Dear Asha,\r\nyour order is ready.')
  })

  it('is refused with a template that operators would refuse', async () => {
    const bench = await checking(TWO_ROWS, { text: '{#var#}' })
    expect(await compileUpload(bench, JOB)).toBe('refused')
    expect((await bench.campaign()).problem).toMatchObject({ code: 'template_variables_only' })
  })

  it('that accepts nobody leaves its invalid rows behind, to be repaired', async () => {
    const bench = await checking('mobile,name\n12,Asha\n')
    expect(await compileUpload(bench, JOB)).toBe('refused')
    expect(await bench.campaign()).toMatchObject({
      ...{ state: 'draft', plan: null, rejects: PLAN, numbers: { invalid: 1, accepted: 0 } },
    })
    expect(await bench.planText('invalid.csv')).toMatch(/^2,number_invalid,/m)
  })

  it('with thenLaunch of a file that was sent today stays checked, and says why', async () => {
    const first = await checking(TWO_ROWS, { thenLaunch: true })
    await compileUpload(first, JOB)
    const launched = await first.campaign()
    const again = CampaignId.parse('01K6CAMPAGN000000000000009')
    await first.registry.createCampaign({
      ...launched,
      id: again,
      rev: 0,
      state: 'checking',
      plan: null,
      launch: null,
      checking: { plan: PLAN, startedAt: 0, thenLaunch: true, allowRepeat: false },
    })
    expect(await compileUpload(first, { ...JOB, campaign: again })).toBe('checked')
    expect(await first.registry.campaign(TENANT, again)).toMatchObject({
      ...{ state: 'checked', launch: null, problem: { code: 'sent_before' } },
      numbers: { repeats: launched.id },
    })
  })
})
