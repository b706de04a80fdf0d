import { describe, expect, it } from 'vitest'
import { compileHandler } from '../../lambdas/compile/handler.ts'
import { context, sqsEventOf } from '../lambdas/sqs-event.ts'
import { checking, failingAt, JOB } from './compile.factory.ts'

const CSV = 'mobile,name\n9876543210,Asha\n'

describe('the compile function', () => {
  it('checks the upload a job names', async () => {
    const bench = await checking(CSV)
    expect(await compileHandler(bench)(sqsEventOf('jobs', JOB), context())).toEqual({ batchItemFailures: [] })
    expect((await bench.campaign()).state).toBe('checked')
  })

  it('gives a job back when the store fails, and only that', async () => {
    const bench = await checking(CSV)
    const deps = { ...bench, objects: failingAt(bench.objects, 0, 'before') }
    const late = { ...JOB, campaign: 'other' }
    expect(await compileHandler(deps)(sqsEventOf('jobs', JOB, late), context())).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-0' }],
    })
  })

  it.each(['', '{', '{"kind":"feed"}'])('gives back the body %j, which is no job', async (body) => {
    const bench = await checking(CSV)
    const answer = await compileHandler(bench)(sqsEventOf('jobs', body), context())
    expect(answer.batchItemFailures).toHaveLength(1)
  })
})
