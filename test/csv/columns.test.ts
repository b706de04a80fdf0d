import { describe, expect, it } from 'vitest'
import { readColumns } from '../../shared/csv/columns.ts'
import { FileRefused } from '../../shared/csv/errors.ts'

const columns = (header: string[], variableCount = 0, mapping = {}) =>
  readColumns(header, mapping, variableCount, 1)

function refusal(header: string[], variableCount = 0, mapping = {}): FileRefused {
  try {
    columns(header, variableCount, mapping)
  } catch (error) {
    if (error instanceof FileRefused) return error
    throw error
  }
  throw new Error('the header was accepted')
}

describe('the column of the number', () => {
  it.each([
    'mobile',
    'Mobile No.',
    'MOBILE_NUMBER',
    'mobile-no',
    'phone',
    'Phone Number',
    'msisdn',
    'number',
    'To',
    'contact',
    'WhatsApp',
    'ｍｏｂｉｌｅ',
    '\u200bmobile',
    'मोबाइल नंबर',
    'फ़ोन',
  ])('is found by the name %j', (name) => {
    expect(columns(['name', name]).to).toBe(1)
  })

  it('is the one the mapping names, compared without case, spaces and underscores', () => {
    expect(columns(['mobile', 'Alternate_Phone Nr'], 0, { to: 'alternate phonenr' }).to).toBe(1)
  })

  it('is the certain name when another is only possible', () => {
    expect(columns(['contact', 'mobile']).to).toBe(1)
  })

  it.each([
    [['name', 'city'], 'No column'],
    [['mobile', 'phone'], 'More than one column ("mobile", "phone")'],
    [['to', 'contact'], 'More than one column ("to", "contact")'],
  ])('is not guessed from %j', (header, what) => {
    expect(refusal(header)).toMatchObject({ code: 'file_number_column', line: 1 })
    expect(refusal(header).message).toContain(what)
    expect(refusal(header).message).toContain(`"${header[0]}", "${header[1]}"`)
  })

  it('must exist when the mapping names it', () => {
    expect(refusal(['mobile', 'name'], 0, { to: 'cell' })).toMatchObject({
      code: 'file_unknown_column',
      message: expect.stringContaining('"cell"'),
    })
  })
})

describe('the columns of the variables', () => {
  it('are those the mapping names, in its order', () => {
    const mapping = { variables: ['city', 'NAME'] }
    expect(columns(['mobile', 'name', 'city'], 2, mapping).variables).toEqual([2, 1])
  })

  it('are var1, var2… when there is one for each variable', () => {
    expect(columns(['mobile', 'Variable 2', 'note', 'VAR_1'], 2).variables).toEqual([3, 1])
  })

  it('are else the first that are not the number', () => {
    expect(columns(['name', 'mobile', 'amount', 'note'], 2).variables).toEqual([0, 2])
  })

  it('go by position when the numbered ones are not complete', () => {
    expect(columns(['mobile', 'name', 'var2'], 2).variables).toEqual([1, 2])
  })

  it('leave out columns without a name and those an invalid.csv added', () => {
    const header = ['dakghar_line', 'dakghar_code', '', 'mobile', '', 'name', ' ']
    expect(columns(header, 1)).toMatchObject({ to: 3, variables: [5], minFields: 6, maxFields: 6 })
  })

  it('must be as many as the template has variables', () => {
    expect(refusal(['mobile', 'name'], 2)).toMatchObject({ code: 'file_variable_columns' })
    expect(refusal(['mobile', 'name'], 2).message).toContain('2 variables')
    expect(refusal(['mobile', 'name'], 2).message).toContain('"name"')
    expect(refusal(['mobile', 'a', 'b'], 2, { variables: ['a'] }).code).toBe('file_variable_columns')
  })

  it('must exist when the mapping names them', () => {
    expect(refusal(['mobile', 'name'], 1, { variables: ['city'] }).code).toBe('file_unknown_column')
  })
})

describe('a header', () => {
  it.each([
    [['mobile', 'name', 'Name']],
    [['mobile', 'name', 'name ']],
    [['mobile', 'Mobile']],
    [['mobile', 'first_name', 'First Name']],
  ])('with two columns of one name is refused: %j', (header) => {
    expect(refusal(header).code).toBe('file_duplicate_columns')
  })

  it('that is already a row is refused with advice', () => {
    expect(refusal(['Asha', '+91 98765 43210'])).toMatchObject({
      code: 'file_no_header',
      message: expect.stringContaining('mobile,name'),
    })
    expect(refusal(['9.19877E+11']).code).toBe('file_no_header')
  })

  it('may use names that objects have', () => {
    const header = ['mobile', '__proto__', 'constructor', 'toString']
    expect(columns(header, 3).variables).toEqual([1, 2, 3])
    expect(columns(header, 1, { variables: ['__proto__'] }).variables).toEqual([1])
    expect(refusal(['mobile'], 1, { variables: ['__proto__'] }).code).toBe('file_unknown_column')
  })
})
