import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { segment } from '../../shared/sms/segment.ts'
import { dakghar } from './dakghar.ts'

const FILE = [
  'mobile,name,amount',
  '9876543210,Asha,500',
  '+91 91234 56780,आशा,1',
  '12345,Ravi,2',
  '09876543210,Asha again,3',
  '9812345678,,4',
  '',
].join('\n')

const check = (args: string[], csv: string | Uint8Array = FILE) => dakghar(['check', '-', ...args], csv)

describe('dakghar check --json', () => {
  it('gives the numbers of the file, every invalid row with line, code and sentence', async () => {
    const { exitCode, json, stderr } = await check([
      '--json',
      '--template-text',
      'Dear {#var#}, pay Rs.{#var#}',
    ])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(json).toMatchObject([
      {
        rows: 5,
        accepted: 2,
        invalid: 2,
        duplicates: 1,
        suppressed: null,
        segments: 2,
        invalidRows: [
          { line: 4, code: 'number_invalid', message: expect.stringContaining('12345') },
          { line: 6, code: 'value_empty', message: expect.stringContaining('variable 1') },
        ],
        recipients: null,
      },
    ])
  })

  it('lists the accepted numbers with --recipients', async () => {
    const { json } = await check(['--json', '--recipients', '--template-text', 'Hello {#var#}'])
    expect(json).toMatchObject([{ accepted: 2, recipients: ['+919876543210', '+919123456780'] }])
  })

  it('without a template checks only numbers and counts no segments', async () => {
    const { exitCode, json } = await check(['--json'])
    expect(exitCode).toBe(0)
    expect(json).toMatchObject([{ rows: 5, accepted: 3, invalid: 1, duplicates: 1, segments: null }])
  })

  it('takes a template without variables', async () => {
    const text = 'x'.repeat(161)
    const { json } = await check(['--json', '--template-text', text])
    expect(json).toMatchObject([{ accepted: 3, segments: 6 }])
  })

  it('takes the numbers from the column that --to names', async () => {
    const csv = 'branch phone,customer\n9876543210,9123456780\n'
    const { json } = await check(['--json', '--recipients', '--to', 'Customer'], csv)
    expect(json).toMatchObject([{ recipients: ['+919123456780'] }])
  })

  it('inserts placeholders inside values literally, and counts their segments so', async () => {
    const csv = readFileSync(new URL('../dlt/vectors/placeholder-injection.csv', import.meta.url), 'utf8')
    const fixed = 'f'.repeat(150)
    const { json } = await check(['--json', '--template-text', `${fixed}{#var#}`], csv)
    const values = csv
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.slice(line.indexOf(',') + 1))
    const segments = values.map((value) => {
      const cut = segment(fixed + value, 8)
      return cut.ok ? cut.parts.length : 0
    })
    expect(new Set(segments)).toEqual(new Set([1, 2]))
    expect(json).toMatchObject([{ accepted: 6, invalid: 0, segments: segments.reduce((a, b) => a + b) }])
  })

  it.each([
    { what: 'an empty file', csv: '', code: 'file_empty', line: null },
    { what: 'a header alone', csv: 'mobile,name\n', code: 'file_no_rows', line: null },
    {
      what: 'a file without a column for the number',
      csv: 'a,b\n1,2\n',
      code: 'file_number_column',
      line: 1,
    },
    {
      what: 'a gzip archive',
      csv: Buffer.from('1f8b0800000000000003', 'hex'),
      code: 'file_binary',
      line: null,
    },
    {
      what: 'a quote never closed',
      csv: 'mobile,name\n9876543210,"x\n',
      code: 'file_unclosed_quote',
      line: 2,
    },
  ])('refuses $what as a whole, with exit code 1', async ({ csv, code, line }) => {
    const { exitCode, json, stderr } = await check(['--json'], csv)
    expect(exitCode).toBe(1)
    expect(json).toMatchObject([
      {
        rows: null,
        accepted: null,
        invalid: null,
        duplicates: null,
        suppressed: null,
        segments: null,
        invalidRows: [],
        recipients: null,
        error: { code, message: expect.any(String), line },
      },
    ])
    expect(stderr.trim()).toBe((json[0] as { error: { message: string } }).error.message)
  })

  it('refuses a file with fewer columns than the template has variables', async () => {
    const template = '{#var#} {#var#} {#var#} and text'
    const { exitCode, json } = await check(['--json', '--template-text', template])
    expect(exitCode).toBe(1)
    expect(json).toMatchObject([{ error: { code: 'file_variable_columns' } }])
  })

  it('calls a faulty template a wrong command line', async () => {
    const { exitCode, stdout, stderr } = await check(['--json', '--template-text', 'Dear {#Var#}'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain('--template-text: {#Var#} at character 6 is not a DLT variable: write {#var#}')
  })
})

describe('dakghar check under the rules of DLT', () => {
  const TEMPLATE = ['--template-text', 'Dear {#var#}, your order is ready.']
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dakghar-check-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('refuses calls to action where none may stand, warns of what may be one, and tells what Unicode costs', async () => {
    const csv = 'mobile,name\n9876543210,bit.ly/x\n9876543211,9812345678\n9876543212,Asha’s\n'
    const { json } = await check(['--json', '--price', '12.5', ...TEMPLATE], csv)
    expect(json).toMatchObject([
      {
        ...{ accepted: 2, invalid: 1, reasons: { value_url: 1 }, segments: 2, unicode: 1, costPaise: 25 },
        warnings: { value_phone_possible: { rows: 1, first: { line: 3 } } },
        unicodeCost: { values: [{ codePoint: 'U+2019', rows: 1, replacement: "'" }] },
      },
    ])
    const { stdout } = await check(TEMPLATE, csv)
    expect(stdout).toMatch(/1 +3 +value_phone_possible/)
    expect(stdout).toMatch(/’ +U\+2019 +right single quotation mark +1 +'/)
  })

  it('compares whole texts with the template', async () => {
    const csv =
      'mobile,message\n9876543210,"Dear Asha, your order is ready."\n9876543211,"Dear Ravi, no order."\n'
    const { json } = await check(['--json', '--text', 'message', ...TEMPLATE], csv)
    expect(json).toMatchObject([{ accepted: 1, invalidRows: [{ line: 3, code: 'template_mismatch' }] }])
    expect((await check(['--text', 'message'], csv)).exitCode).toBe(2)
  })

  it('knows what is whitelisted from a file, and what is no such file', async () => {
    const [good, bad] = [join(folder, 'ctas.json'), join(folder, 'none.json')]
    await writeFile(good, JSON.stringify({ urls: [], numbers: ['1800 123 4567'], emails: [] }))
    await writeFile(bad, '{"urls": 1}')
    const text = ['--template-text', 'Dear {#var#}, call {#cbn#} today.']
    const csv = 'mobile,name,care\n9876543210,Asha,18001234567\n9876543211,Ravi,18007654321\n'
    const { json } = await check(['--json', '--ctas', good, ...text], csv)
    expect(json).toMatchObject([{ accepted: 1, reasons: { cta_not_whitelisted: 1 } }])
    const refused = await check(['--ctas', bad, ...text], csv)
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('urls') })
  })

  it.each<{ code: string; text: string; options?: string[] }>([
    { code: 'template_forbidden_character', text: 'Dear {#var#}, <b>ready</b>.' },
    { code: 'template_variables_only', text: '{#var#} {#var#}' },
    { code: 'cta_not_whitelisted', text: 'Dear {#var#}, see acme.in/sale', options: ['--ctas', 'CTAS'] },
    {
      code: 'header_affix',
      ...{ text: 'Dear {#var#}, your order is ready.' },
      options: ['--header', 'VM-ACMEIN', '--category', 'service_implicit'],
    },
  ])(
    'refuses the whole of a file whose template the platform refuses: $code',
    async ({ code, text, options = [] }) => {
      const ctas = join(folder, 'nothing.json')
      await writeFile(ctas, JSON.stringify({ urls: [], numbers: [], emails: [] }))
      const args = ['--template-text', text, ...options.map((option) => (option === 'CTAS' ? ctas : option))]
      const { exitCode, json, stderr } = await check(['--json', ...args])
      expect(exitCode).toBe(1)
      expect(json).toMatchObject([
        { rows: null, findings: [{ code, level: 'refuse' }], error: { code, line: null } },
      ])
      expect(stderr).toMatch(/^The template would be refused by operators: .+\.\n$/)
    },
  )

  it('shows what the rules only warn of, by the category too', async () => {
    const text = [
      '--template-text',
      'Your order is ready.',
      '--category',
      'service_implicit',
      '--header',
      'ACME',
    ]
    const { exitCode, json } = await check(['--json', ...text])
    expect(exitCode).toBe(0)
    expect(json).toMatchObject([
      { accepted: 3, findings: [{ code: 'header_length' }, { code: 'template_service_fixed' }] },
    ])
  })

  it('keeps the invalid rows, to be repaired', async () => {
    const file = join(folder, 'invalid.csv')
    await check(['--invalid', file, ...TEMPLATE], 'mobile,name\n12,Asha\n9876543210,Ravi\n')
    const repaired = (await readFile(file, 'utf8')).replace(',12,', ',9876543219,')
    const { json } = await check(['--json', ...TEMPLATE], repaired)
    expect(json).toMatchObject([{ accepted: 1, invalid: 0 }])
  })

  it('reads variables by the types given beside the text', async () => {
    const { json } = await check(['--json', '--types', 'numeric', ...TEMPLATE], 'mobile,n\n9876543210,4x\n')
    expect(json).toMatchObject([{ reasons: { value_character: 1 } }])
  })

  it.each([
    ['--price', 'twelve'],
    ['--reading', 'lax'],
    ['--types', 'number,number'],
    ['--category', 'otp'],
  ])('calls %s %s a wrong command line', async (...option) => {
    const { exitCode, stderr } = await check([...option, ...TEMPLATE])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(option[0])
  })
})

describe('dakghar check', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dakghar-check-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('reads a file and prints its numbers and invalid rows as tables', async () => {
    const file = join(folder, 'june.csv')
    await writeFile(file, FILE)
    const { exitCode, stdout } = await dakghar(['check', file, '--template-text', 'Hi {#var#}'])
    expect(exitCode).toBe(0)
    const words = stdout.split('\n').map((line) => line.trim().split(/ +/))
    expect(words[0]).toEqual(['rows', 'accepted', 'invalid', 'duplicates', 'segments'])
    expect(words[1]).toEqual(['5', '2', '2', '1', '2'])
    expect(words[3]).toEqual(['line', 'code', 'why'])
    expect(words[4]!.slice(0, 2)).toEqual(['4', 'number_invalid'])
    expect(words[5]!.slice(0, 2)).toEqual(['6', 'value_empty'])
  })

  it('leaves out the rows of numbers to suppress, from a list without header or from a CSV', async () => {
    const bare = join(folder, 'bare.txt')
    const csv = join(folder, 'dnd.csv')
    await writeFile(bare, '09876543210\n9800000001\n')
    await writeFile(csv, 'name,phone\nAsha,9876543210\n')
    for (const file of [bare, csv]) {
      const { exitCode, json, stderr } = await check(['--json', '--recipients', '--suppress', file])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(json).toMatchObject([
        {
          ...{ rows: 5, accepted: 2, invalid: 1, duplicates: 0, suppressed: 2 },
          recipients: ['+919123456780', '+919812345678'],
        },
      ])
    }
    const { stdout } = await check(['--suppress', bare])
    expect(stdout.split('\n')[0]!.split(/ +/)).toEqual([
      ...['rows', 'accepted', 'invalid', 'duplicates', 'suppressed', 'segments'],
    ])
  })

  it('says which lines of the numbers to suppress are none, and when the file cannot be used', async () => {
    const file = join(folder, 'broken.txt')
    await writeFile(file, '9876543210\n12345\n')
    const some = await check(['--json', '--suppress', file])
    expect(some).toMatchObject({ exitCode: 0, json: [{ suppressed: 2 }] })
    expect(some.stderr).toContain('1 rows are no number; line 2: "12345" has 5 digits')
    await writeFile(file, '')
    const none = await check(['--json', '--suppress', file])
    expect(none).toMatchObject({ exitCode: 1, stdout: '' })
    expect(none.stderr).toContain('The file is empty.')
  })

  it('shows the first 20 of many invalid rows and says how many there are', async () => {
    const csv = `mobile\n${'1\n'.repeat(10_000)}`
    const { exitCode, stdout } = await check([], csv)
    expect(exitCode).toBe(0)
    expect(stdout.match(/number_invalid/g)).toHaveLength(20)
    expect(stdout).toContain('and 9980 more invalid rows: --json lists all')
  })

  it('says on stderr why a file is refused, and prints nothing', async () => {
    const { exitCode, stdout, stderr } = await check([], 'mobile\n')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain('nobody to send to')
  })
})
