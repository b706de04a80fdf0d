import { describe, expect, it } from 'vitest'
import { readExport } from '../../../shared/dlt/portal/read-export.ts'
import { AIRTEL, csvOf, ID, JIO, jioRow, MSG91 } from './export.factory.ts'

const read = (rows: Parameters<typeof csvOf>[0], mapping?: Parameters<typeof readExport>[1]) =>
  readExport(Buffer.from(csvOf(rows)), mapping)

const TEXT = 'Dear {#var#}, your order is ready.'

describe('an export is recognised by its columns', () => {
  it('of Jio and Fast2SMS, which say nothing of category and status', async () => {
    expect(await read([JIO, jioRow()])).toEqual({
      portal: 'jio',
      encoding: 'UTF-8',
      sheet: null,
      rows: [
        {
          ...{ kind: 'template', row: 2, id: ID, name: 'Order ready', text: TEXT },
          ...{ headers: ['ACMEIN'], category: null, consentId: null },
        },
      ],
    })
  })

  it('of Airtel, whose own id is not the one of DLT', async () => {
    const row = [
      '1',
      'esamwad1',
      ID,
      'ESMWAD',
      'Service Implicit',
      TEXT,
      '',
      'REGISTERED VIA AIRTEL',
      'AIRTEL',
    ]
    const { portal, rows } = await read([AIRTEL, row])
    expect(portal).toBe('airtel')
    expect(rows).toMatchObject([
      { id: ID, name: 'esamwad1', category: 'service_implicit', headers: ['ESMWAD'] },
    ])
  })

  it('of MSG91, which names no header, and whose type is not the category', async () => {
    const { portal, rows } = await read([MSG91, ['Order ready', '64f0', ID, TEXT, 'Unicode']])
    expect(portal).toBe('msg91')
    expect(rows).toMatchObject([{ kind: 'template', id: ID, text: TEXT, headers: [], category: null }])
  })

  it("by the names of a portal's form, in any order", async () => {
    const header = ['Status', 'Communication Type', 'Content Type', 'Content', 'Header(s)', 'Template Name']
    const row = ['Approved', 'Service', 'SI', TEXT, 'ACMEIN,ACMEOT', 'Order ready', ID, '1107161191448600000']
    const { portal, rows } = await read([[...header, 'Template ID', 'Consent Template ID'], row])
    expect(portal).toBe('form')
    expect(rows).toMatchObject([
      {
        ...{ id: ID, headers: ['ACMEIN', 'ACMEOT'], category: 'service_implicit' },
        consentId: '1107161191448600000',
      },
    ])
  })

  it('with the category in whichever of its columns holds one', async () => {
    const header = ['Template ID', 'Template Name', 'Content', 'Content Type', 'Communication Type']
    const row = (category: string) => [ID, 'Order ready', TEXT, 'TEXT', category]
    const { rows } = await read([header, row(''), row('Service Implicit')])
    expect(rows).toMatchObject([{ category: null }, { category: 'service_implicit' }])
  })

  it('and every row refused where the column of the category never holds one', async () => {
    const header = ['Template ID', 'Template Name', 'Content', 'Content Type']
    const { rows } = await read([header, [ID, 'Order ready', TEXT, 'TEXT']])
    expect(rows).toMatchObject([
      { kind: 'refused', code: 'category_unknown', message: expect.stringContaining('options.columns') },
    ])
  })

  it.each([
    { spelt: 'in lower case', header: JIO.map((name) => name.toLowerCase()) },
    { spelt: 'with spaces', header: JIO.map((name) => ` ${name.replaceAll('_', ' ')} `) },
    { spelt: 'behind a byte order mark', header: JIO.map((name, i) => (i === 0 ? `\ufeff${name}` : name)) },
    { spelt: 'with columns more', header: [...JIO, 'REMARKS'] },
  ])('spelt $spelt', async ({ header }) => {
    const row = header.map((_, i) => jioRow()[i] ?? '')
    expect(await read([header, row])).toMatchObject({ portal: 'jio', rows: [{ id: ID }] })
  })

  it('as of no portal in particular when what marks one is missing', async () => {
    expect(await read([JIO.slice(0, 4), jioRow().slice(0, 4)])).toMatchObject({
      portal: 'form',
      rows: [{ id: ID }],
    })
  })

  it('below a title', async () => {
    const { portal, rows } = await read([['Approved templates'], [''], JIO, jioRow()])
    expect({ portal, rows }).toMatchObject({ portal: 'jio', rows: [{ row: 4, id: ID }] })
  })

  it('with a category that somebody added to it', async () => {
    const { portal, rows } = await read([
      [...JIO, 'Content Type'],
      [...jioRow(), 'T'],
    ])
    expect({ portal, rows }).toMatchObject({ portal: 'jio', rows: [{ category: 'transactional' }] })
  })
})

describe('an export that is not known', () => {
  const header = ['Sr No', 'DLT Number', 'Label', 'Body', 'Approval Status']
  const row = ['1', ID, 'Order ready', TEXT, 'Approved']

  it('is refused with what was found and what is known', async () => {
    const refusal = read([header, row])
    await expect(refusal).rejects.toMatchObject({ code: 'columns_unknown' })
    await expect(refusal).rejects.toThrow(
      /"Sr No", "DLT Number", "Label", "Body", "Approval Status" in row 1/,
    )
    await expect(refusal).rejects.toThrow(/"TEMPLATE_ID", "TEMPLATE_NAME", "TEMPLATE_CONTENT", "HEADER"/)
  })

  it('is read by the columns that the caller names, its status as ever', async () => {
    const mapping = { id: 'dlt number', name: 'Label', text: 'BODY' }
    const { portal, rows } = await read([header, row, [...row.slice(0, 4), 'Rejected']], mapping)
    expect(portal).toBe('mapped')
    expect(rows).toMatchObject([
      { kind: 'template', id: ID, text: TEXT },
      { kind: 'skipped', why: 'its status is "Rejected", not approved' },
    ])
  })

  it('is read by the column named also where another has a usual name', async () => {
    const mapping = { id: 'DLT Number', name: 'Label', text: 'Body', header: 'Sender' }
    const { rows } = await read(
      [
        [...header, 'Header', 'Sender'],
        [...row, 'OTHERS', 'ACMEIN'],
      ],
      mapping,
    )
    expect(rows).toMatchObject([{ headers: ['ACMEIN'] }])
  })

  it('is not read by columns that the caller does not name', async () => {
    const mapping = { id: 'DLT Number', name: 'Label', text: 'Body' }
    const { rows } = await read(
      [
        [...header, 'Content Type', 'Header'],
        [...row, 'TEXT', 'Page header'],
      ],
      mapping,
    )
    expect(rows).toMatchObject([{ kind: 'template', category: null, headers: [] }])
  })

  it('is refused when a named column is missing', async () => {
    const mapping = { id: 'DLT Number', name: 'Label', text: 'Message' }
    await expect(read([header, row], mapping)).rejects.toThrow(
      /all the columns you named: "DLT Number", "Label"/,
    )
  })

  it('is refused when two columns may be meant', async () => {
    const refusal = read([
      [...JIO, 'Template Id'],
      [...jioRow(), '2'],
    ])
    await expect(refusal).rejects.toMatchObject({ code: 'columns_repeated' })
    await expect(refusal).rejects.toThrow(/Row 1 names columns 2 and 6 alike/)
  })
})
