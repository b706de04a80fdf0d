import { beforeEach, describe, expect, it } from 'vitest'
import { csvOf, ID, JIO, jioRow, OTHER_ID, workbookOf } from '../dlt/portal/export.factory.ts'
import { type Answer, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})

const SI = { category: 'service_implicit' }
const TEXT = 'Dear {#var#}, your order is ready.'
const FORM = ['Template ID', 'Template Name', 'Header', 'Content Type', 'Template Content', 'Status']

function importing(file: string | Buffer, options?: unknown, key = at.keys.acme): Promise<Answer> {
  const form = new FormData()
  form.set('file', new File([file], 'export'))
  if (options !== undefined)
    form.set('options', typeof options === 'string' ? options : JSON.stringify(options))
  return at.call('POST', '/v1/templates/import', { body: form, key })
}

const template = async (id = ID) => (await at.call('GET', `/v1/templates/${id}`)).body
const auditOf = async () => (await at.call('GET', '/v1/audit')).body.items

describe('an import', () => {
  it('registers the templates of a workbook with their headers, and writes down who did', async () => {
    const text = 'Dear {#var#},<br/>your order is ready. A &amp; B'
    const file = await workbookOf([JIO, jioRow({ text }), jioRow({ id: OTHER_ID, header: 'ACMEOT' })])
    const { status, body } = await importing(file, SI)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      ...{ portal: 'jio', sheet: 1, encoding: null, dryRun: false, rows: 2 },
      imported: [
        { row: 2, id: ID, findings: [] },
        { row: 3, id: OTHER_ID },
      ],
      ...{ unchanged: [], refused: [], skipped: [] },
    })
    expect(await template()).toMatchObject({
      ...{ id: ID, name: 'Order ready', header: 'ACMEIN', category: 'service_implicit', consentId: null },
      text: 'Dear {#var#},\nyour order is ready. A & B',
    })
    const headers = (await at.call('GET', '/v1/headers')).body.items
    expect(headers.map(({ name }: { name: string }) => name)).toEqual(['ACMEIN', 'ACMEOT'])
    const subjects = (await auditOf()).map(
      ({ action, subject }: Record<string, string>) => `${action} ${subject}`,
    )
    expect(subjects.sort()).toEqual([`template.registered ${ID}`, `template.registered ${OTHER_ID}`])
  })

  it('changes nothing the second time', async () => {
    const file = csvOf([JIO, jioRow(), jioRow({ id: OTHER_ID })])
    await importing(file, SI)
    const before = [await template(), await auditOf()]
    await at.deps.clock.advance(60_000)
    expect((await importing(file, SI)).body).toMatchObject({
      imported: [],
      unchanged: [
        { row: 2, id: ID },
        { row: 3, id: OTHER_ID },
      ],
    })
    expect([await template(), await auditOf()]).toEqual(before)
  })

  it('says what it would do when it is only tried', async () => {
    const { body } = await importing(csvOf([JIO, jioRow()]), { ...SI, dryRun: true })
    expect(body).toMatchObject({ dryRun: true, imported: [{ row: 2, id: ID }] })
    expect((await at.call('GET', '/v1/templates')).body.items).toEqual([])
    expect((await at.call('GET', '/v1/headers')).body.items).toEqual([])
    expect(await auditOf()).toEqual([])
  })

  it('goes on behind a row that is refused, and leaves out what is not approved', async () => {
    const row = (id: string, category: string, text: string, status: string) => [
      id,
      'Order',
      'ACMEIN',
      category,
      text,
      status,
    ]
    const { body } = await importing(
      csvOf([
        FORM,
        row('1.10716E+18', 'SI', TEXT, 'Approved'),
        row('12345', 'SI', TEXT, 'Approved'),
        row(ID, 'SI', 'Dear {#name#}', 'Approved'),
        row(ID, 'SI', 'Dear <{#var#}>', 'Approved'),
        row(ID, 'Banking', TEXT, 'Approved'),
        row(ID, 'SI', TEXT, 'Pending'),
        row(OTHER_ID, 'T', '{#num#} is your code at ACME', 'Active'),
      ]),
    )
    expect(body.refused).toMatchObject([
      { row: 2, id: '1.10716E+18', code: 'id_excel' },
      { row: 3, id: '12345', code: 'id_form' },
      {
        row: 4,
        id: ID,
        code: 'variable_unknown',
        message: expect.stringContaining('{#name#} at character 6'),
      },
      { row: 5, id: ID, code: 'template_forbidden_character' },
      { row: 6, id: ID, code: 'category_unknown' },
    ])
    expect(body.skipped).toEqual([{ row: 7, id: ID, why: 'its status is "Pending", not approved' }])
    expect(body.imported).toMatchObject([{ row: 8, id: OTHER_ID }])
    expect(await template(OTHER_ID)).toMatchObject({ category: 'transactional', types: ['numeric'] })
  })

  it('refuses an id that a spreadsheet keeps as a number', async () => {
    const { body } = await importing(await workbookOf([JIO, jioRow({ id: Number(ID) })]), SI)
    expect(body.refused).toMatchObject([
      { row: 2, code: 'id_excel', message: expect.stringContaining('last digits are lost') },
    ])
  })

  it('passes on what the rules warn of', async () => {
    const { body } = await importing(
      csvOf([JIO, jioRow({ text: 'Dear {#var#}{#var#}, your order is ready.' })]),
      SI,
    )
    expect(body.imported[0].findings).toMatchObject([{ code: 'template_adjacent_variables', level: 'warn' }])
  })

  it('obeys the rules as the tenant has set them', async () => {
    await at.call('PUT', '/v1/entity/rules', { json: { levels: { template_adjacent_variables: 'refuse' } } })
    const { body } = await importing(
      csvOf([JIO, jioRow({ text: 'Dear {#var#}{#var#}, your order is ready.' })]),
      SI,
    )
    expect(body.refused).toMatchObject([{ code: 'template_adjacent_variables' }])
  })

  it('refuses what no record can hold', async () => {
    const { body } = await importing(csvOf([JIO, ['ACMEIN', ID, '', TEXT, 1]]), SI)
    expect(body.refused).toMatchObject([
      { code: 'invalid_request', message: expect.stringContaining('name: ') },
    ])
  })
})

describe('a template that is registered already', () => {
  beforeEach(() => importing(csvOf([JIO, jioRow({ text: 'Dear {#var#}, it’s ready.' })]), SI))

  it('with another text is refused, with the first difference', async () => {
    const { body } = await importing(csvOf([JIO, jioRow({ text: "Dear {#var#}, it's ready." })]), SI)
    const [refused] = body.refused
    expect(refused).toMatchObject({ row: 2, id: ID, code: 'template_text_differs' })
    expect(refused.message).toContain('at character 17 it has ’ (U+2019, right single quotation mark)')
    expect(refused.diff).toEqual({
      character: 17,
      registered: {
        found: { character: '’', codePoint: 'U+2019', name: 'right single quotation mark' },
        excerpt: 'Dear {#var#}, it’s ready.',
      },
      exported: {
        found: { character: "'", codePoint: 'U+0027', name: null },
        excerpt: "Dear {#var#}, it's ready.",
      },
    })
    expect(await template()).toMatchObject({ text: 'Dear {#var#}, it’s ready.' })
  })

  it.each([
    { what: 'another header', row: { header: 'ACMEOT' }, options: SI, code: 'template_header_differs' },
    {
      what: 'another category',
      row: {},
      options: { category: 'government' },
      code: 'template_category_differs',
    },
    {
      ...{ what: 'other types', row: {}, code: 'template_types_differ' },
      options: { ...SI, types: { [ID]: ['numeric'] } },
    },
  ])('with $what is refused', async ({ row, options, code }) => {
    const { body } = await importing(
      csvOf([JIO, jioRow({ text: 'Dear {#var#}, it’s ready.', ...row })]),
      options,
    )
    expect(body.refused).toMatchObject([{ row: 2, id: ID, code }])
  })

  it('is compared within one file as well', async () => {
    const rows = [
      jioRow({ id: OTHER_ID }),
      jioRow({ id: OTHER_ID }),
      jioRow({ id: OTHER_ID, text: 'Hi {#var#}!' }),
    ]
    const { body } = await importing(csvOf([JIO, ...rows]), SI)
    expect(body).toMatchObject({
      imported: [{ row: 2 }],
      unchanged: [{ row: 3 }],
      refused: [{ row: 4, code: 'template_text_differs' }],
    })
  })
})

describe('what somebody else was faster with', () => {
  it('is refused in every row: a header of another tenant', async () => {
    await at.call('POST', '/v1/headers', { json: { name: 'ACMEIN' }, key: at.keys.rival })
    const rows = [jioRow(), jioRow(), jioRow({ id: OTHER_ID, header: 'ACMEOT' })]
    const { body } = await importing(csvOf([JIO, ...rows]), SI)
    expect(body).toMatchObject({
      imported: [{ row: 4, id: OTHER_ID }],
      unchanged: [],
      refused: [
        { row: 2, id: ID, code: 'header_taken' },
        { row: 3, id: ID, code: 'header_taken' },
      ],
    })
    expect((await auditOf()).map(({ subject }: { subject: string }) => subject)).toEqual([OTHER_ID])
  })

  it('is refused: a template that was registered between reading and writing', async () => {
    at.deps.registry.templates = async () => []
    await importing(csvOf([JIO, jioRow()]), SI)
    expect((await importing(csvOf([JIO, jioRow()]), SI)).body.refused).toMatchObject([
      { code: 'template_exists' },
    ])
  })
})

describe('what an export does not say', () => {
  it('is asked for: the category', async () => {
    const { body } = await importing(csvOf([JIO, jioRow()]))
    expect(body.refused).toMatchObject([
      { code: 'category_missing', message: expect.stringContaining('options.category') },
    ])
  })

  it.each([
    { headers: '', options: SI, code: 'header_missing' },
    { headers: 'ACMEIN,ACMEOT', options: SI, code: 'header_several' },
    { headers: 'ACMEIN,ACMEOT', options: { ...SI, header: 'ACMEXX' }, code: 'header_not_linked' },
  ])('is asked for: which of the headers "$headers" ($code)', async ({ headers, options, code }) => {
    const { body } = await importing(csvOf([JIO, jioRow({ header: headers })]), options)
    expect(body.refused).toMatchObject([{ code }])
  })

  it.each(['', 'ACMEIN,ACMEOT'])('is taken from the options, where the headers are "%s"', async (headers) => {
    await importing(csvOf([JIO, jioRow({ header: headers })]), { ...SI, header: 'ACMEOT' })
    expect(await template()).toMatchObject({ header: 'ACMEOT' })
  })

  it('is never overruled by the options', async () => {
    const row = [ID, 'Order', 'ACMEIN', 'SI', TEXT, 'Approved']
    await importing(csvOf([FORM, row]), { category: 'government', header: 'ACMEOT' })
    expect(await template()).toMatchObject({ header: 'ACMEIN', category: 'service_implicit' })
  })

  it('may be the types of the variables', async () => {
    const file = csvOf([JIO, jioRow({ text: 'Dear {#var#}, pay {#var#} to ACME.' })])
    await importing(file, { ...SI, types: { [ID]: [null, 'numeric'] } })
    expect(await template()).toMatchObject({ types: ['text', 'numeric'] })
  })

  it('may be too many types', async () => {
    const { body } = await importing(csvOf([JIO, jioRow()]), { ...SI, types: { [ID]: ['numeric', 'url'] } })
    expect(body.refused).toMatchObject([{ code: 'variable_type_count' }])
  })

  it('may be the meaning of its columns', async () => {
    const file = csvOf([
      ['No', 'Label', 'Body', 'Sender'],
      [ID, 'Order', TEXT, 'ACMEIN'],
    ])
    const refused = await importing(file, SI)
    expect(refused).toMatchObject({ status: 422, body: { code: 'columns_unknown' } })
    const columns = { id: 'No', name: 'Label', text: 'Body', header: 'Sender' }
    expect((await importing(file, { ...SI, columns })).body).toMatchObject({
      portal: 'mapped',
      imported: [{ id: ID }],
    })
  })
})

describe('a request to import', () => {
  const FILE = csvOf([JIO, jioRow()])

  it.each([
    {
      what: 'options that are no JSON',
      options: '{',
      status: 400,
      code: 'invalid_json',
      path: 'form.options',
    },
    {
      what: 'an unknown option',
      options: { lane: 'otp' },
      status: 422,
      code: 'unknown_field',
      path: 'form.options.lane',
    },
    {
      what: 'a category of its own',
      options: { category: 'x' },
      status: 422,
      code: 'invalid_request',
      path: 'form.options.category',
    },
    {
      ...{ what: 'types of a template that is not there', status: 422, code: 'invalid_request' },
      ...{ options: { types: { [OTHER_ID]: ['numeric'] } }, path: `form.options.types.${OTHER_ID}` },
    },
    {
      ...{ what: 'columns without the text', status: 422, code: 'invalid_request' },
      ...{ options: { columns: { id: 'a', name: 'b' } }, path: 'form.options.columns.text' },
    },
  ])('is refused with $what', async ({ options, status, code, path }) => {
    const answer = await importing(FILE, options)
    expect(answer).toMatchObject({ status, body: { code } })
    expect(answer.body.detail).toContain(path)
    expect((await at.call('GET', '/v1/templates')).body.items).toEqual([])
  })

  it.each([
    { what: 'that is empty', file: '', status: 422, code: 'file_empty' },
    { what: 'with a quote left open', file: `${JIO}\n"ACMEIN`, status: 422, code: 'file_unclosed_quote' },
    { what: 'that is a PDF', file: '%PDF-1.7', status: 422, code: 'file_binary' },
    { what: 'over 4 MiB', file: ' '.repeat(4 * 1024 * 1024 + 1), status: 413, code: 'file_too_large' },
  ])('is refused with a file $what', async ({ file, status, code }) => {
    expect(await importing(file, SI)).toMatchObject({ status, body: { code } })
  })

  it('is refused without a file, and in JSON', async () => {
    expect(await at.call('POST', '/v1/templates/import', { body: new FormData() })).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'form.file' }] },
    })
    expect(await at.call('POST', '/v1/templates/import', { json: { file: 'x' } })).toMatchObject({
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
  })

  it('is described with its options', () => {
    expect(at.document.components.schemas.ImportOptionsInput).toMatchObject({
      additionalProperties: false,
      properties: { dryRun: { type: 'boolean', default: false } },
    })
  })
})
