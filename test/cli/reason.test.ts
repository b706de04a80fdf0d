import { describe, expect, it } from 'vitest'
import { dakghar } from './dakghar.ts'

interface Answer {
  code: string
  readings: { code: string; family: string | null; reason: string }[]
}
const reason = async (...args: string[]) => {
  const finished = await dakghar(['reason', ...args])
  return { ...finished, answers: args.includes('--json') ? (finished.json as Answer[]) : [] }
}

describe('dakghar reason', () => {
  it('answers one line per code, as it was written', async () => {
    const codes = ['err:633', '633', 'smpp:69', '0x45', 'stat:UNDELIV', 'TEMPLATE-NOT-MATCHED']
    const { exitCode, answers, stderr } = await reason(...codes, '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(answers.map(({ code, readings }) => [code, ...readings.map((one) => one.reason)])).toEqual([
      ['err:633', 'template_mismatch'],
      ['633', 'template_mismatch'],
      ['smpp:69', 'dlt_fields_wrong'],
      ['0x45', 'dlt_fields_wrong'],
      ['stat:UNDELIV', 'undelivered'],
      ['TEMPLATE-NOT-MATCHED', 'template_mismatch'],
    ])
  })

  it('gives of each reading all that a report gives', async () => {
    const { answers } = await reason('634', '--json')
    expect(answers).toEqual([
      {
        code: '634',
        readings: [
          {
            code: 'err:634',
            family: '6xx',
            reason: 'header_not_linked',
            sentence: expect.any(String),
            fix: { who: 'sender', where: 'template' },
            resend: 'after_fix',
            dlt: true,
            known: true,
            source: expect.any(String),
          },
        ],
      },
    ])
  })

  it('lists every reading of a code that gateways use differently', async () => {
    const { stdout } = await reason('408')
    expect(stdout).toMatch(/^408 +4xx +header_blacklisted .*\n408 +route-mobile +dnd /m)
  })

  it('reads in one dialect on request', async () => {
    const { answers } = await reason('408', '--dialect', 'route-mobile', '--json')
    expect(answers[0]!.readings.map((one) => one.reason)).toEqual(['dnd'])
  })

  it('shows a code nobody knows, and exits with 1', async () => {
    const { exitCode, stdout } = await reason('633', '99999')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^99999 +- +unknown_code .*99999, which is not in the catalogue/m)
  })

  it.each([
    [[], 'give at least one code'],
    [['633', '--dialect', 'klingon'], '--dialect must be one of default, kaleyra, route-mobile, not klingon'],
  ])('exits with 2 on %j', async (args, says) => {
    const { exitCode, stderr } = await reason(...args)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(says)
  })
})
