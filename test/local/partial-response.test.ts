import { describe, expect, it } from 'vitest'
import { failedMessages } from '../../local/partial-response.ts'

const BATCH = ['a', 'b', 'c']
const failures = (...ids: unknown[]) => ({ batchItemFailures: ids.map((id) => ({ itemIdentifier: id })) })

describe('the answer of a function to a batch', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty object', {}],
    ['an empty list', failures()],
    ['a list that is null', { batchItemFailures: null }],
  ])('%s means that all succeeded', (_name, answer) => {
    expect(failedMessages(answer, BATCH)).toEqual(new Set())
  })

  it('names the messages that failed', () => {
    expect(failedMessages(failures('b', 'c'), BATCH)).toEqual(new Set(['b', 'c']))
  })

  it.each([
    ['text', 'done'],
    ['an empty identifier', failures('a', '')],
    ['an identifier that is null', failures(null)],
    ['an identifier under another name', { batchItemFailures: [{ messageId: 'a' }] }],
    ['a message the batch does not have', failures('a', 'z')],
  ])('%s means that all failed', (_name, answer) => {
    expect(failedMessages(answer, BATCH)).toEqual(new Set(BATCH))
  })
})
