import { describe, expect, it } from 'vitest'
import { maskNumbers } from '../../aws/log.ts'

const logged = (fields: object) => JSON.parse(JSON.stringify(fields, maskNumbers)) as unknown

describe('numbers on their way into a log', () => {
  it.each(['to', 'from', 'msisdn'])('are masked under "%s"', (field) => {
    expect(logged({ [field]: '919876543210' })).toEqual({ [field]: '91987xxxx210' })
  })

  it('are masked with a plus, as numbers and in lists, however deep', () => {
    expect(logged({ message: { to: ['+919876543210', 919876543210] } })).toEqual({
      message: { to: ['+9198xxxxx210', '91987xxxx210'] },
    })
  })

  it('leave sender headers and short codes readable', () => {
    expect(logged({ from: 'VM-ASHAST', to: '56161' })).toEqual({ from: 'VM-ASHAST', to: '56161' })
  })

  it('leave other fields alone: a DLT id is no secret', () => {
    expect(logged({ template: '1107123456789012345', atMs: 1788242400000 })).toEqual({
      template: '1107123456789012345',
      atMs: 1788242400000,
    })
  })
})
