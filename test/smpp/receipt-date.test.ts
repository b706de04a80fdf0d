import { describe, expect, it } from 'vitest'
import { parseReceiptDate, receiptDateMs } from '../../shared/smpp/receipt-date.ts'

describe('dates inside receipts', () => {
  it.each([
    ['2011181054', [2020, 11, 18, 10, 54, null]],
    ['110206193041', [2011, 2, 6, 19, 30, 41]],
    ['201902261755', [2019, 2, 26, 17, 55, null]],
    ['202611230132', [2026, 11, 23, 1, 32, null]],
    ['20110314181534', [2011, 3, 14, 18, 15, 34]],
    ['2024-03-21 12:00:01', [2024, 3, 21, 12, 0, 1]],
    ['2024-03-21T12:00', [2024, 3, 21, 12, 0, null]],
    ['2402290000', [2024, 2, 29, 0, 0, null]],
  ])('reads %s', (text, [year, month, day, hour, minute, second]) => {
    expect(parseReceiptDate(text)).toEqual({ year, month, day, hour, minute, second })
  })

  it.each([
    '',
    '0000000000',
    '26072612',
    '16010112000',
    '2302290000',
    '2601012400',
    '2601011260',
    'YYMMDDhhmm',
  ])('finds no date in %j', (text) => expect(parseReceiptDate(text)).toBeNull())

  it('takes the days the calendar has, in every month of two centuries', () => {
    const pad = (number: number) => String(number).padStart(2, '0')
    for (let year = 1990; year < 2190; year++) {
      for (let month = 0; month <= 13; month++) {
        for (let day = 28; day <= 32; day++) {
          const date = new Date(Date.UTC(year, month - 1, day))
          const real = month >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
          const read = parseReceiptDate(`${year}${pad(month)}${pad(day)}000000`)
          expect([year, month, day, read !== null]).toEqual([year, month, day, real])
        }
      }
    }
  })

  it('reads them in the zone of the route', () => {
    expect(receiptDateMs('2606231030', 'Asia/Kolkata')).toBe(Date.parse('2026-06-23T10:30:00+05:30'))
    expect(receiptDateMs('260623103015', 'UTC')).toBe(Date.parse('2026-06-23T10:30:15Z'))
    expect(receiptDateMs('2606231030', 'Europe/Berlin')).toBe(Date.parse('2026-06-23T10:30:00+02:00'))
    expect(receiptDateMs('2601231030', 'Europe/Berlin')).toBe(Date.parse('2026-01-23T10:30:00+01:00'))
    expect(receiptDateMs('junk', 'UTC')).toBeNull()
  })

  it('refuses a zone that does not exist', () => {
    expect(() => receiptDateMs('2606231030', 'Asia/Atlantis')).toThrow(RangeError)
  })
})
