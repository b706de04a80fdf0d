import { describe, expect, it } from 'vitest'
import { demoArguments } from '../../local/demo/arguments.ts'
import { untilBound } from '../../local/demo/bound.ts'
import { demoMix } from '../../local/demo/mix.ts'
import type { Row } from '../../local/demo/odd-rows.ts'
import { progressLine } from '../../local/demo/progress.ts'
import { type CampaignRun, demoResult, disagreements } from '../../local/demo/result.ts'
import { type Fate, rowJudge } from '../../local/demo/row-judge.ts'
import { reportTable } from '../../local/demo/table.ts'
import {
  DEMO_ROUTE,
  HINDI_TEMPLATE,
  LONG_TEMPLATE,
  SHORT_TEMPLATE,
  type TemplateText,
} from '../../local/seed/demo-tenant.ts'
import type { Truth } from '../../simulator/truth.ts'
import { heartbeat } from '../contracts/registry.factory.ts'
import { memoryDeps } from '../support/memory-ports.ts'

describe('the mix of the demo', () => {
  it.each([1, 3, 1_000, 20_001])('has exactly %i good recipients over all campaigns', (recipients) => {
    const mix = demoMix(recipients)
    expect(mix.reduce((sum, { expected }) => sum + expected.accepted, 0)).toBe(recipients)
  })

  it('has short, long and Hindi campaigns, each with invalid and repeated rows', () => {
    const mix = demoMix(1_000)
    expect(mix.map(({ name }) => name)).toEqual(['Demo: Short', 'Demo: Long', 'Demo: Hindi'])
    for (const { csv, expected } of mix) {
      expect(total(expected.invalid)).toBeGreaterThan(0)
      expect(expected.duplicates).toBeGreaterThan(0)
      const rows = csv.trimEnd().split('\r\n').length - 1
      expect(rows).toBe(expected.accepted + total(expected.invalid) + expected.duplicates)
    }
  })

  it('has about 2 % bad rows of many kinds: refused by the check, and accepted by it but not by the operator', () => {
    const mix = demoMix(4_000)
    const invalid = Object.assign({}, ...mix.map(({ expected }) => expected.invalid))
    const scrubbed = Object.assign({}, ...mix.map(({ expected }) => expected.scrubbed))
    expect(Object.keys(invalid)).toEqual(
      expect.arrayContaining([
        'number_invalid',
        'number_missing',
        'number_excel',
        'value_empty',
        'value_too_long',
        'value_control_character',
        'value_character',
      ]),
    )
    expect(Object.keys(scrubbed).sort()).toEqual(['err:635', 'err:642'])
    const bad = mix.map(({ expected }) => total(expected.invalid) + total(expected.scrubbed))
    expect(bad.reduce((sum, count) => sum + count, 0) / 4_000).toBeCloseTo(0.02, 2)
  })
})

describe('the judge of rows', () => {
  const mobile = '9810000000'
  const good: Fate = { warnings: [], scrubbed: null }
  it.each<[Row, TemplateText, Fate]>([
    [[mobile, 'Asha', '100'], SHORT_TEMPLATE, good],
    [['12345', 'Asha', '100'], SHORT_TEMPLATE, { invalid: 'number_invalid' }],
    [[mobile, '', '100'], SHORT_TEMPLATE, { invalid: 'value_empty' }],
    [[mobile, 'https://example.com/o', '100'], SHORT_TEMPLATE, { invalid: 'value_url' }],
    [[mobile, 'Asha', mobile], SHORT_TEMPLATE, { warnings: ['value_phone_possible'], scrubbed: 'err:642' }],
    [[mobile, 'Asha', mobile], LONG_TEMPLATE, good],
    [[mobile, 'Asha', 'A-1'], SHORT_TEMPLATE, good],
    [[mobile, 'Asha', 'A-1'], LONG_TEMPLATE, { invalid: 'value_character' }],
    [[mobile, 'Asha', 'A-1'], HINDI_TEMPLATE, { warnings: [], scrubbed: 'err:635' }],
    [[mobile, 'meera.in', '100'], HINDI_TEMPLATE, { warnings: ['value_url_possible'], scrubbed: 'err:642' }],
  ])('says of %j', (row, template, fate) => {
    expect(rowJudge(template)(row)).toEqual(fate)
  })
})

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0)

const said = (name: string) => ({ sentence: `About ${name}.`, known: true })

/** Of one recipient. */
const reason = (code: string, name: string): CampaignRun['report']['reasons'][number] => {
  const status = code === 'err:408' ? 'rejected' : 'undelivered'
  return { status, code, reason: name, recipients: 1, ...said(name) }
}

/** One campaign of four recipients with two parts each, all of it as it should be. */
function goodRun(): { run: CampaignRun; truth: Truth } {
  const invalid = { number_missing: 1 }
  const expected = {
    accepted: 4,
    duplicates: 1,
    invalid,
    warned: { value_phone_possible: 1 },
    scrubbed: { 'err:642': 1 },
  }
  const plan = { name: 'Long', templateId: '1', mapping: { to: 'm', variables: [] }, csv: '', expected }
  const statuses = { queued: 0, sent: 0, delivered: 2, undelivered: 1, rejected: 1 }
  const campaign = {
    id: 'c',
    state: 'settled',
    progress: null,
    totals: { statuses },
    problem: null,
    numbers: {
      ...{ accepted: 4, invalid: 1, duplicates: 1, segments: 8, reasons: invalid },
      firstInvalid: [{ line: 3, code: 'number_missing', message: 'the number is missing' }],
      warnings: { value_phone_possible: { rows: 1, first: { line: 4, message: 'may be a number' } } },
    },
  }
  const report = {
    recipients: 4,
    statuses,
    reasons: [reason('err:642', 'cta_not_whitelisted'), reason('err:408', 'dnd')],
    settled: true,
    segments: { planned: 8, accepted: 8, delivered: 4, unconfirmed: 0, resent: 0 },
    latency: { p50Ms: 1, p95Ms: 1, p99Ms: 1 },
  }
  const truth: Truth = {
    submitted: 8,
    refused: {},
    scrubbed: [{ reason: 'cta_not_whitelisted', code: 'err:642', messages: 1, segments: 2 }],
    byStat: { DELIVRD: 4, UNDELIV: 2, REJECTD: 2 },
    receipts: { sent: 8, acked: 8, pending: 0, givenUp: 0 },
    messages: { complete: 4, incomplete: 0, repeated: 0 },
  }
  return { run: { plan, campaign, report }, truth }
}

describe('the verdict of the demo', () => {
  it('is good when file, check, report and simulator agree', () => {
    const { run, truth } = goodRun()
    expect(disagreements([run], truth)).toEqual([])
    expect(disagreements([run], null)).toEqual([])
  })

  it.each<[string, (found: ReturnType<typeof goodRun>) => void, string]>([
    [
      'a recipient is missing',
      ({ run }) => void run.report.recipients--,
      'recipients in the report: 3, expected 4',
    ],
    [
      'a status is missing',
      ({ run }) => void run.report.statuses.rejected!--,
      'with a status: 3, expected 4',
    ],
    [
      'somebody is still waiting',
      ({ run }) => void run.report.statuses.sent!++,
      'queued or sent: 1, expected 0',
    ],
    [
      'the check refused a good row',
      ({ run }) => void run.campaign.numbers!.accepted--,
      'accepted by the check: 3',
    ],
    [
      'the simulator got a segment more',
      ({ truth }) => void truth.submitted++,
      'segments accepted: 8, expected 9',
    ],
    ['a message was sent twice', ({ truth }) => void truth.messages.repeated++, 'sent twice: 0, expected 1'],
    [
      'a part never arrived',
      ({ truth }) => void truth.messages.incomplete++,
      'part is missing: 0, expected 1',
    ],
    [
      'a delivery is not in the report',
      ({ truth }) => void truth.byStat.DELIVRD!++,
      'delivered: 4, expected 5',
    ],
    [
      'the check refused for another reason',
      ({ run }) => void Object.assign(run.campaign.numbers!, { reasons: { number_excel: 1 } }),
      'rows refused with number_missing: 0, expected 1',
    ],
    [
      'the check warned of nothing',
      ({ run }) => void Object.assign(run.campaign.numbers!, { warnings: {} }),
      'rows warned of with value_phone_possible: 0, expected 1',
    ],
    [
      'a message the DLT check refused is not in the report',
      ({ run }) => void run.report.reasons.shift(),
      'recipients with err:642 (cta_not_whitelisted): 0, expected 1',
    ],
    [
      'its code is explained otherwise',
      ({ run }) => void Object.assign(run.report.reasons[0]!, { reason: 'dnd' }),
      'recipients with err:642 (cta_not_whitelisted): 0, expected 1',
    ],
    [
      'a code is explained by nothing',
      ({ run }) => void Object.assign(run.report.reasons[1]!, { known: false }),
      'without a known reason: 1, expected 0',
    ],
    [
      'the DLT check let a bad row pass',
      ({ run, truth }) => {
        truth.scrubbed.pop()
        run.report.reasons.shift()
      },
      'refused with err:642: 0, expected 1',
    ],
    [
      'it refused a good one',
      ({ run, truth }) => {
        truth.scrubbed.push({ reason: 'template_mismatch', code: 'err:633', messages: 1, segments: 1 })
        run.report.reasons.push(reason('err:633', 'template_mismatch'))
      },
      'refused with err:633: 1, expected 0',
    ],
  ])('is bad when %s', (_what, spoil, sentence) => {
    const found = goodRun()
    spoil(found)
    expect(disagreements([found.run], found.truth).join('\n')).toContain(sentence)
  })

  it('gives one object with everything in it', () => {
    const { run, truth } = goodRun()
    expect(demoResult([run, run], truth, 2_000)).toEqual({
      recipients: 8,
      segments: 16,
      statuses: { delivered: 4, undelivered: 2, rejected: 2 },
      invalid: { number_missing: 2 },
      warned: { value_phone_possible: 2 },
      duplicates: 2,
      reasons: [
        { code: 'err:642', reason: 'cta_not_whitelisted', recipients: 2, ...said('cta_not_whitelisted') },
        { code: 'err:408', reason: 'dnd', recipients: 2, ...said('dnd') },
      ],
      settled: true,
      seconds: 2,
      perSecond: 8,
      smsc: { submitted: 8, receipts: 8, scrubbed: 1 },
    })
    expect(demoResult([run], null, 1_000).smsc).toBeNull()
  })

  it('gives a table with a column for each campaign, and what was refused and why', () => {
    const { run, truth } = goodRun()
    const table = reportTable([run, run], demoResult([run, run], truth, 2_000))
    expect(table.split('\n').map((line) => line.trimEnd())).toEqual([
      '               Long  Long  All',
      'recipients        4     4    8',
      'segments          8     8   16',
      '  delivered       2     2    4',
      '  undelivered     1     1    2',
      '  rejected        1     1    2',
      'invalid rows      1     1    2',
      'repeated rows     1     1    2',
      '',
      'Rows refused before launch:',
      '        2  number_missing: line 3, the number is missing',
      '',
      'Rows warned of before launch:',
      '        2  value_phone_possible: line 4, may be a number',
      '',
      'Why messages did not arrive:',
      '        2  About cta_not_whitelisted. (err:642)',
      '        2  About dnd. (err:408)',
      '',
      '16 segments in 2 s: 8 a second',
    ])
  })

  it('shows on one line how far it came', () => {
    const { campaign } = goodRun().run
    expect(progressLine([campaign, campaign], 1_500)).toBe(
      '1.5 s · rows checked 12 · queued 0 · sent 0 · delivered 4 · undelivered 2 · rejected 2',
    )
  })
})

describe('another SMSC', () => {
  it('is sent to as soon as a bind is up', async () => {
    const deps = memoryDeps()
    await deps.registry.putHeartbeat(DEMO_ROUTE, { ...heartbeat(0), state: 'connecting' })
    const bound = untilBound(deps, DEMO_ROUTE)
    await deps.clock.advance(1_000)
    await deps.registry.putHeartbeat(DEMO_ROUTE, heartbeat(1))
    await deps.clock.advance(1_000)
    await bound
  })

  it('that lets nobody in is named with what the binds met with', async () => {
    const deps = memoryDeps()
    const refused = { state: 'waiting', lastError: 'bind refused: ESME_RINVPASWD (0x0E)' } as const
    await deps.registry.putHeartbeat(DEMO_ROUTE, { ...heartbeat(0), ...refused })
    const bound = expect(untilBound(deps, DEMO_ROUTE)).rejects.toThrow('ESME_RINVPASWD')
    await deps.clock.advance(31_000)
    await bound
  })
})

describe('the arguments of the demo', () => {
  it('have defaults', () => {
    expect(demoArguments([])).toMatchObject({ recipients: 2_000, json: false, smsc: undefined })
  })

  it('name another SMSC', () => {
    const argv = ['--smsc', 'smsc.example:2775', '--plain', '--system-id', 'me', '--password', 'secret']
    expect(demoArguments(argv).smsc).toEqual({
      host: 'smsc.example',
      port: 2775,
      tls: null,
      account: { systemId: 'me', password: 'secret' },
    })
    expect(demoArguments(argv.filter((arg) => arg !== '--plain')).smsc).toMatchObject({ tls: 'system' })
  })

  it.each([
    [['--recipients', 'many'], '--recipients: must be a whole number'],
    [['--recipients', '0'], '--recipients: must be a whole number'],
    [['--smsc', 'nowhere'], 'must be HOST:PORT'],
    [['--smsc', 'smsc.example:2775'], 'needs --system-id and --password'],
    [['--colour'], '--colour'],
  ])('%j are refused with the reason', (argv, reason) => {
    expect(() => demoArguments(argv)).toThrow(reason)
  })
})
