import { describe, expect, it } from 'vitest'
import { dakghar } from './dakghar.ts'

const APPENDIX_B =
  'id:0123456789 sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:Dear customer'

const appendixB = {
  isReceipt: true,
  id: '0123456789',
  sub: '001',
  dlvrd: '001',
  submitDate: '2601011200',
  doneDate: '2601011201',
  stat: 'DELIVRD',
  err: '000',
  text: 'Dear customer',
  final: true,
}

const nothing = {
  isReceipt: false,
  id: null,
  sub: null,
  dlvrd: null,
  submitDate: null,
  doneDate: null,
  stat: null,
  err: null,
  text: null,
  final: false,
}

describe('dakghar receipt --json', () => {
  it.each([
    { form: 'a raw text', line: APPENDIX_B },
    { form: 'a JSON string', line: JSON.stringify(APPENDIX_B) },
    { form: 'a JSON object', line: JSON.stringify({ short_message: APPENDIX_B, tlvs: {} }) },
  ])('reads $form', async ({ line }) => {
    const { exitCode, json } = await dakghar(['receipt', '--json'], `${line}\n`)
    expect(exitCode).toBe(0)
    expect(json).toEqual([appendixB])
  })

  it('reads a state that is in the TLVs only', async () => {
    const tlvs = { receipted_message_id: 'a1b2', message_state: 5, network_error_code_hex: '303030' }
    const { json } = await dakghar(
      ['receipt', '--json'],
      JSON.stringify({ short_message: '', tlvs, esm_class: 4 }),
    )
    expect(json).toEqual([
      {
        ...nothing,
        isReceipt: true,
        id: 'a1b2',
        stat: 'UNDELIV',
        err: '000',
        final: true,
      },
    ])
  })

  it('takes null for whatever is absent', async () => {
    const line = JSON.stringify({ short_message: APPENDIX_B, tlvs: { message_state: null }, esm_class: null })
    expect((await dakghar(['receipt', '--json'], line)).json).toEqual([appendixB])
    expect((await dakghar(['receipt', '--json'], '{"short_message":null,"tlvs":null}')).json).toEqual([
      nothing,
    ])
  })

  it('keeps newlines of a JSON string, where a raw text ends with its line', async () => {
    const { json } = await dakghar(['receipt', '--json'], '"id:7 stat:REJECTD\\nerr:633"\n')
    expect(json).toMatchObject([{ id: '7', stat: 'REJECTD', err: '633' }])
  })

  it('says no to what is no receipt, with exit code 0: that is an answer', async () => {
    const { exitCode, json } = await dakghar(['receipt', '--json'], 'STOP\n\n')
    expect(exitCode).toBe(0)
    expect(json).toEqual([nothing, nothing])
  })

  it.each([
    { line: '"id:7', code: 'not_json', message: /^line 2: starts as JSON, but / },
    { line: '{oops', code: 'not_json', message: /^line 2: starts as JSON, but / },
    {
      line: '{"tlvs":{"message_state":"2"}}',
      code: 'not_a_deliver_sm',
      message: /^line 2: tlvs\.message_state: /,
    },
    {
      line: '{"tlvs":{"network_error_code_hex":"3"}}',
      code: 'not_a_deliver_sm',
      message: /^line 2: tlvs\.network_error_code_hex: must be octets in hex/,
    },
  ])('refuses $line with its line number, and goes on', async ({ line, code, message }) => {
    const { exitCode, json, stderr } = await dakghar(['receipt', '--json'], `STOP\n${line}\n${APPENDIX_B}\n`)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(message)
    expect(json).toEqual([
      nothing,
      { ...nothing, error: { code, message: expect.stringMatching(message) } },
      appendixB,
    ])
  })
})

describe('dakghar receipt', () => {
  it('prints a table', async () => {
    const { exitCode, stdout } = await dakghar(['receipt'], 'id:7 stat:EXPIRED err:001\nSTOP\n')
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').map((line) => line.split(/ +/).slice(0, 6))).toEqual([
      ['line', 'receipt', 'id', 'stat', 'final', 'err'],
      ['1', 'yes', '7', 'EXPIRED', 'yes', '001'],
      ['2', 'no', '-', '-', '-', '-'],
      [''],
    ])
  })
})
