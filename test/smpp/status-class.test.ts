import { describe, expect, it } from 'vitest'
import { STATUS } from '../../shared/smpp/codec.ts'
import { classify } from '../../shared/smpp/status-class.ts'

describe('classify', () => {
  it.each([
    [0x00, 'ok'],
    [0x0b, 'permanent'],
    [0x08, 'transient'],
    [0x14, 'queueFull'],
    [0x58, 'throttled'],
    [0x0e, 'fatal'],
    [0x45, 'permanent'],
    [0x408, 'permanent'],
    [0x401, 'transient'],
  ] as const)('puts %i among the %s', (status, expected) => {
    expect(classify(status).class).toBe(expected)
  })

  it('says of 0x45 what it means in India', () => {
    expect(classify(0x45)).toMatchObject({ name: 'ESME_RSUBMITFAIL' })
    expect(classify(0x45).sentence).toContain('on Indian gateways: DLT TLVs missing or wrong')
  })

  it('calls every status of SMPP 3.4 what the codec calls it', () => {
    // From 0x100 on they are SMPP 5.0's, which also gave 0xC0 to 0xC4 other names.
    const of34 = Object.entries(STATUS).filter(([, status]) => status < 0xc0 || [0xfe, 0xff].includes(status))
    expect(of34.map(([, status]) => classify(status).name)).toEqual(of34.map(([name]) => name))
  })

  it('does not send again what was refused for a reason nobody knows, and shows the value', () => {
    expect(classify(0x4a1)).toMatchObject({ class: 'permanent', name: 'VENDOR' })
    expect(classify(0x4a1).sentence).toContain('0x000004A1')
    expect(classify(0x77)).toMatchObject({ class: 'permanent', name: 'RESERVED' })
  })

  it('lets a route say what its gateway means', () => {
    expect(classify(0x45, { '69': 'transient' })).toMatchObject({
      class: 'transient',
      name: 'ESME_RSUBMITFAIL',
    })
    expect(classify(0x45, { '88': 'permanent' }).class).toBe('permanent')
  })

  it('ends every sentence', () => {
    for (let status = 0; status <= 0x500; status++) expect(classify(status).sentence).toMatch(/\.$/)
  })
})
