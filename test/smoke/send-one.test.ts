import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { sendOne } from '../../smoke/send-one.ts'

const CAMPAIGN = { id: 'C1', state: 'sent', problem: null, numbers: null }

/** An API whose campaign stands as `campaign` says, with one message that stands as `message` says. */
function apiWith({ campaign = {}, message }: { campaign?: object; message?: object }) {
  const seen = { ...CAMPAIGN, ...campaign }
  const answer = (path: string): unknown => {
    if (path.startsWith('/v1/templates/')) return { variables: 0 }
    if (path === '/v1/campaigns') return { campaign: { ...CAMPAIGN, state: 'draft' } }
    if (path.endsWith('/messages'))
      return { items: message ? [{ id: 'C1.0.0.0', reason: null, ...message }] : [] }
    return seen
  }
  return {
    get: async <S extends z.ZodType>(path: string, schema: S) => schema.parse(answer(path)),
    post: async <S extends z.ZodType>(path: string, _: object, schema: S) => schema.parse(answer(path)),
  }
}

const send = (api: ReturnType<typeof apiWith>, waitMs = 60_000) =>
  sendOne(api, { to: '9876543210', templateId: '1107161191448698079', values: [], waitMs })

describe('one message', () => {
  it('that failed is told with its code, its reason and who must act', async () => {
    const reason = {
      code: 'err:633',
      sentence: 'The text differs.',
      fix: { who: 'sender', where: 'template' },
    }
    expect(await send(apiWith({ message: { status: 'undelivered', reason } }))).toEqual({
      verdict: 'FAIL',
      sentence:
        'message C1.0.0.0 to 9876543210: undelivered (err:633): The text differs. To be fixed by sender: template',
    })
  })

  it.each([
    [{ message: { status: 'sent' } }, 'is sent'],
    [{ campaign: { state: 'checking' } }, 'is checking'],
  ])('without a receipt in time is no success: %j', async (standing, says) => {
    const { verdict, sentence } = await send(apiWith(standing), 0)
    expect(verdict).toBe('FAIL')
    expect(sentence).toContain(`after 0 s the message to 9876543210 ${says}, without a final receipt`)
  })

  it('whose campaign paused itself is told with the reason', async () => {
    const campaign = { state: 'paused', problem: { message: 'DLT refuses too much.' } }
    expect(await send(apiWith({ campaign, message: { status: 'queued' } }))).toEqual({
      verdict: 'FAIL',
      sentence: 'nothing was sent to 9876543210: campaign C1 is paused; DLT refuses too much.',
    })
  })
})
