import { describe, expect, it } from 'vitest'
import { guardStep } from '../../shared/campaign/guard.ts'
import { type Canary, type Guard, NO_GUARD } from '../../shared/campaign/record.ts'
import { summary } from '../lambdas/launched.factory.ts'

const NOW = Date.UTC(2026, 8, 1, 6)
const CANARY: Canary = { recipients: 200, maxRefusedPercent: 5, waitMinutes: 10 }
const DLT = 'refused|err:633'
const ABSENT = 'undelivered|err:001'

/** So many delivered, refused by DLT, failed for another reason, and still to come. */
function page(delivered: number, refused = 0, absent = 0, sent = 0) {
  const undelivered = refused + absent
  return summary({
    statuses: { delivered, undelivered, sent, queued: 40 },
    reasons: { ...(refused && { [DLT]: refused }), ...(absent && { [ABSENT]: absent }) },
  })
}

function step(guard: Partial<Guard>, pages: ReturnType<typeof page>[], recipients = 10_000) {
  const campaign = { plan: { recipients }, guard: { ...NO_GUARD, ...guard } }
  const isDltRefusal = (code: string) => code === 'err:633'
  return guardStep(campaign, new Map(pages.entries()), { isDltRefusal, now: NOW })
}

describe('the guard of a campaign', () => {
  it('says nothing while few have ended since it looked last', () => {
    expect(step({}, [page(100, 399)])).toEqual({ kind: 'none' })
    expect(step({}, [page(1_000, 500)], 100_000)).toEqual({ kind: 'none' })
  })

  it('pauses when DLT refused more than it may of those who ended since', () => {
    const seen = { ended: 5_000, refused: 10 }
    expect(step({ seen }, [page(5_000, 10), page(340, 160)])).toMatchObject({
      kind: 'pause',
      guard: { seen: { ended: 5_510, refused: 170 } },
      problem: {
        code: 'dlt_refusals',
        message: expect.stringMatching(/refused 160 of the last 510 recipients.*30 %.*mostly with err:633/),
      },
    })
  })

  it.each([
    ['as many as it may', [page(350, 150)]],
    ['failures of another kind', [page(0, 0, 500)]],
  ])('only notes %s', (_, pages) => {
    expect(step({}, pages)).toMatchObject({ kind: 'note', guard: { seen: { ended: 500 } } })
  })

  it('begins to count anew after a resume', () => {
    expect(step({ seen: null }, [page(0, 5_000)])).toMatchObject({
      ...{ kind: 'note', guard: { seen: { ended: 5_000, refused: 5_000 } } },
    })
  })

  it('never pauses when it was told not to', () => {
    expect(step({ pauseAtRefusedPercent: null }, [page(0, 5_000)])).toEqual({ kind: 'none' })
  })
})

describe('a canary', () => {
  /** Minutes since all of it was seen to be sent; null when it was not. */
  const sentAgo = (minutes: number | null): Partial<Guard> => {
    const allSentAt = minutes === null ? null : NOW - minutes * 60_000
    return { canary: CANARY, canarySent: { batches: 2, recipients: 200, at: 0, allSentAt, isJudged: false } }
  }

  it('is waited for while some of it waits to be sent, however long that takes', () => {
    expect(step(sentAgo(null), [page(150, 0, 0, 49)])).toEqual({ kind: 'none' })
  })

  it('is given its time from when all of it was sent', () => {
    expect(step(sentAgo(null), [page(150, 0, 0, 50)])).toMatchObject({
      ...{ kind: 'note', guard: { canarySent: { allSentAt: NOW, isJudged: false } } },
    })
    expect(step(sentAgo(9), [page(150, 0, 0, 50)])).toEqual({ kind: 'none' })
  })

  it('is judged after its time by those who ended', () => {
    expect(step(sentAgo(10), [page(90, 10, 0, 100)])).toMatchObject({
      kind: 'pause',
      problem: { code: 'canary_refused', message: expect.stringContaining('refused 10 of 100 recipients') },
    })
  })

  it('passes when all of it ended and few enough were refused, and counting begins there', () => {
    expect(step(sentAgo(1), [page(180, 10, 10)])).toMatchObject({
      ...{ kind: 'goOn', guard: { canarySent: { isJudged: true }, seen: { ended: 200, refused: 10 } } },
    })
  })

  it('passes after its time with those who ended', () => {
    expect(step(sentAgo(10), [page(150, 2, 0, 48)])).toMatchObject({ kind: 'goOn' })
  })

  it('pauses the campaign as soon as too many are refused', () => {
    expect(step(sentAgo(0), [page(20, 11, 0, 169)])).toMatchObject({
      kind: 'pause',
      guard: { canarySent: { isJudged: true } },
      problem: { code: 'canary_refused', message: expect.stringContaining('refused 11 of 200') },
    })
  })

  it('pauses the campaign when nothing at all is known of it in its time', () => {
    expect(step(sentAgo(10), [page(0, 0, 0, 200)])).toMatchObject({
      ...{ kind: 'pause', problem: { code: 'canary_silent' } },
    })
  })
})
