import { describe, expect, it } from 'vitest'
import { readingsOf } from '../../../shared/dlt/reasons/readings.ts'

const short = (text: string, dialect?: Parameters<typeof readingsOf>[1]) =>
  readingsOf(text, dialect).map(({ code, family, reason }) => [code, family, reason].join(' '))

describe('a code by itself', () => {
  it.each([
    ['633', ['err:633 6xx template_mismatch']],
    ['err:633', ['err:633 6xx template_mismatch']],
    ['ERR: 633', ['err:633 6xx template_mismatch']],
    ['0x45', ['smpp:69 smpp dlt_fields_wrong']],
    ['smpp:0x45', ['smpp:69 smpp dlt_fields_wrong']],
    ['smpp:69', ['smpp:69 smpp dlt_fields_wrong']],
    ['69', ['smpp:69 smpp dlt_fields_wrong']],
    ['stat:UNDELIV', ['stat:UNDELIV word undelivered']],
    ['TEMPLATE-NOT-MATCHED', ['stat:TEMPLATE-NOT-MATCHED word template_mismatch']],
    ['multipart_cut', ['multipart_cut platform multipart_cut']],
    ['408', ['err:408 4xx header_blacklisted', 'err:408 route-mobile dnd']],
    [
      '27',
      [
        'err:27 network subscriber_absent',
        'err:27 kaleyra template_blacklisted',
        'err:27 route-mobile expired',
      ],
    ],
    [
      '10',
      ['err:10 network sms_unsupported', 'err:10 kaleyra subscriber_absent', 'smpp:10 smpp header_refused'],
    ],
  ])('%s may mean %j', (text, readings) => {
    expect(short(text)).toEqual(readings)
  })

  it('is read in one dialect when that is given', () => {
    expect(short('408', 'route-mobile')).toEqual(['err:408 route-mobile dnd'])
    expect(short('408', 'default')).toEqual(['err:408 4xx header_blacklisted'])
    expect(short('633', 'kaleyra')).toEqual(['err:633 6xx template_mismatch'])
  })

  it.each(['99999', 'err:zzz', 'stat:BADSTAT', '0x77', 'NO-SUCH-THING', 'smpp:abc', ''])(
    'nobody knows, as %j, has one reading that says so',
    (text) => {
      expect(readingsOf(text)).toMatchObject([{ family: null, known: false, reason: 'unknown_code' }])
    },
  )
})
