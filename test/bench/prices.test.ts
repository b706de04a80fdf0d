import { describe, expect, it } from 'vitest'
import { billOf, plus, times, totalOf } from '../../bench/cost-prices.ts'

describe('a bill', () => {
  it('adds up what each service asks for, per unit of its price', () => {
    const bill = billOf({ dynamodbWriteUnit: 1e6, dynamodbReadUnit: 2e6, sqsRequest: 5e5, s3Get: 0 })
    expect([...bill.keys()]).toEqual(['DynamoDB', 'SQS'])
    expect(bill.get('DynamoDB')).toBeCloseTo(0.71 + 2 * 0.1425)
    expect(bill.get('SQS')).toBeCloseTo(0.2)
  })

  it('is as many times as high for as many times the usage, and the sum for usages together', () => {
    const usage = { lambdaGbSecond: 1_000, sqsRequest: 1e6 }
    expect(totalOf(times(usage, 3))).toBeCloseTo(3 * totalOf(usage))
    expect(totalOf(plus(usage, { sqsRequest: 1e6, natHour: 10 }))).toBeCloseTo(totalOf(usage) + 0.4 + 0.56)
  })
})
