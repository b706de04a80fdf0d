import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Credentials } from '../../bind-worker/session/bind-pdu.ts'
import { SecretTrials } from '../../bind-worker/session/secret-trials.ts'

const RETRY_MS = 60_000
const PROVEN_MS = 10_000
const trials = () => new SecretTrials({ retryMs: RETRY_MS, provenMs: PROVEN_MS })
const secret = (password: string): Credentials => ({ systemId: 'dakghar', password })
const [OLD, NEW] = [secret('old'), secret('new')]
const tried = (credentials: Credentials) => ({ kind: 'try', credentials })
const waits = (forMs: number, why: string | null) => ({ kind: 'wait', forMs, why })
const INFINITY = Number.POSITIVE_INFINITY

/** A route on which `credentials` was accepted so long ago that nobody is sure of it any more. */
function accepted(credentials: Credentials): SecretTrials {
  const of = trials()
  of.begin(credentials)
  of.accepted(credentials, 0)
  of.sessionEnded(credentials)
  return of
}

describe('a secret nobody is sure of', () => {
  test('is tried by one bind, and the others wait for the answer', () => {
    const of = trials()
    expect(of.choose(NEW, 0)).toEqual(tried(NEW))
    of.begin(NEW)
    expect(of.choose(NEW, 1)).toEqual(waits(INFINITY, null))
  })

  test('that was not answered is tried by the next', () => {
    const of = trials()
    of.begin(NEW)
    of.unanswered(NEW)
    expect(of.choose(NEW, 1)).toEqual(tried(NEW))
  })

  test('that was accepted is free for all, until the proof is old', () => {
    const of = trials()
    of.begin(NEW)
    of.accepted(NEW, 1_000)
    of.begin(NEW)
    expect(of.choose(NEW, 1_000 + PROVEN_MS - 1)).toEqual(tried(NEW))
    expect(of.choose(NEW, 1_000 + PROVEN_MS)).toEqual(waits(INFINITY, null))
  })

  test('is on trial again once a session bound with it has ended', () => {
    const of = trials()
    of.begin(NEW)
    of.accepted(NEW, 0)
    of.sessionEnded(NEW)
    of.begin(NEW)
    expect(of.choose(NEW, 1)).toEqual(waits(INFINITY, null))
  })

  test('that was refused rests for all binds, then is tried by one', () => {
    const of = trials()
    of.begin(NEW)
    of.refused(NEW, 500, 'wrong password')
    expect(of.choose(NEW, 600)).toEqual(waits(RETRY_MS - 100, 'wrong password'))
    expect(of.choose(NEW, 500 + RETRY_MS)).toEqual(tried(NEW))
  })

  test('is news when it is refused, but only the first time', () => {
    const of = trials()
    const refuse = (credentials: Credentials, nowMs: number) => {
      of.begin(credentials)
      return of.refused(credentials, nowMs, 'wrong password')
    }
    expect([refuse(NEW, 0), refuse(NEW, RETRY_MS), refuse(OLD, RETRY_MS)]).toEqual([true, false, true])
  })
})

describe('a secret that was changed', () => {
  test('at the gateway first: is tried as soon as it reads differently', () => {
    const of = accepted(OLD)
    of.begin(OLD)
    of.refused(OLD, 0, 'wrong password')
    expect(of.choose(OLD, 1)).toMatchObject({ kind: 'wait' })
    expect(of.choose(NEW, 2)).toEqual(tried(NEW))
  })

  test('here first: the last good one is tried while the new one rests, and the new one first when it has', () => {
    const of = accepted(OLD)
    expect(of.choose(NEW, 0)).toEqual(tried(NEW))
    of.begin(NEW)
    expect(of.choose(NEW, 1)).toEqual(waits(INFINITY, null))
    of.refused(NEW, 2, 'wrong password')
    expect(of.choose(NEW, 3)).toEqual(tried(OLD))
    of.begin(OLD)
    of.accepted(OLD, 4)
    of.sessionEnded(OLD)
    expect(of.choose(NEW, RETRY_MS)).toEqual(tried(OLD))
    expect(of.choose(NEW, 2 + RETRY_MS)).toEqual(tried(NEW))
  })

  test('and is wrong, as the last good one is now: both rest', () => {
    const of = accepted(OLD)
    for (const [credentials, atMs] of [
      [NEW, 0],
      [OLD, 10_000],
    ] as const) {
      of.begin(credentials)
      of.refused(credentials, atMs, `${credentials.password} is wrong`)
    }
    expect(of.choose(NEW, 20_000)).toEqual(waits(RETRY_MS - 20_000, 'new is wrong'))
  })

  test('and cannot be read: the last good one must do', () => {
    const of = accepted(OLD)
    expect(of.choose(null, 0)).toEqual(tried(OLD))
  })

  test('a change of the system id alone counts', () => {
    const of = trials()
    const [one, other] = [
      { systemId: 'a', password: 'b' },
      { systemId: 'ab', password: '' },
    ]
    of.begin(one)
    of.refused(one, 0, 'wrong')
    expect(of.choose(other, 1)).toEqual(tried(other))
  })
})

const SECRETS = ['a', 'b', 'c'].map(secret)
const BINDS = 4

/** A route whose secret changes here and at the gateway as it likes, and the binds it has. */
class Model {
  readonly trials = trials()
  nowMs = 0
  #here = 0
  #there = 0
  /** Each bind: the secret it has asked the gateway with, or is bound with. */
  readonly #binds = Array.from({ length: BINDS }, () => ({
    asking: null as number | null,
    bound: null as number | null,
  }))
  readonly #wrongAtMs = new Map<number, number>()
  wrong = 0

  pass(ms: number): void {
    this.nowMs += ms
  }

  changeHere(to: number): void {
    this.#here = to
  }

  /** Not while what was accepted is still proven: a change in that very moment may cost an attempt of each bind. */
  changeAtGateway(to: number): void {
    if (this.#binds.some(({ asking }) => asking !== null)) return
    this.nowMs += PROVEN_MS
    this.#there = to
  }

  ask(index: number): void {
    const bind = this.#binds[index]!
    if (bind.asking !== null || bind.bound !== null) return
    const choice = this.trials.choose(SECRETS[this.#here]!, this.nowMs)
    if (choice.kind === 'wait') return
    this.trials.begin(choice.credentials)
    bind.asking = SECRETS.indexOf(choice.credentials)
  }

  loseAttempt(index: number): void {
    const bind = this.#binds[index]!
    if (bind.asking !== null) this.trials.unanswered(SECRETS[bind.asking]!)
    bind.asking = null
  }

  answer(index: number): void {
    const bind = this.#binds[index]!
    if (bind.asking === null) return
    const asked = bind.asking
    bind.asking = null
    if (asked === this.#there) {
      this.trials.accepted(SECRETS[asked]!, this.nowMs)
      bind.bound = asked
      return
    }
    const lastMs = this.#wrongAtMs.get(asked) ?? Number.NEGATIVE_INFINITY
    expect(this.nowMs - lastMs).toBeGreaterThanOrEqual(RETRY_MS)
    this.#wrongAtMs.set(asked, this.nowMs)
    this.trials.refused(SECRETS[asked]!, this.nowMs, 'wrong')
    this.wrong++
  }

  cut(index: number): void {
    const bind = this.#binds[index]!
    if (bind.bound !== null) this.trials.sessionEnded(SECRETS[bind.bound]!)
    bind.bound = null
  }
}

type Step = (model: Model) => void
const ofBind = fc.nat(BINDS - 1)
const ofSecret = fc.nat(SECRETS.length - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: ofBind.map(
      (bind): Step =>
        (model) =>
          model.ask(bind),
    ),
  },
  {
    weight: 8,
    arbitrary: ofBind.map(
      (bind): Step =>
        (model) =>
          model.answer(bind),
    ),
  },
  {
    weight: 2,
    arbitrary: ofBind.map(
      (bind): Step =>
        (model) =>
          model.loseAttempt(bind),
    ),
  },
  {
    weight: 4,
    arbitrary: ofBind.map(
      (bind): Step =>
        (model) =>
          model.cut(bind),
    ),
  },
  {
    weight: 4,
    arbitrary: fc.integer({ min: 1, max: 8_000 }).map(
      (ms): Step =>
        (model) =>
          model.pass(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 90_000 }).map(
      (ms): Step =>
        (model) =>
          model.pass(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: ofSecret.map(
      (to): Step =>
        (model) =>
          model.changeHere(to),
    ),
  },
  {
    weight: 1,
    arbitrary: ofSecret.map(
      (to): Step =>
        (model) =>
          model.changeAtGateway(to),
    ),
  },
)

describe('whatever becomes of secrets and binds', () => {
  test('no secret is tried wrongly twice within the retry interval', () => {
    let wrong = 0
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 200 }), (script) => {
        const model = new Model()
        for (const each of script) each(model)
        wrong += model.wrong
      }),
      { numRuns: 300 },
    )
    expect(wrong).toBeGreaterThan(300)
  })

  test('a right secret gets every bind bound, once it has rested', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: RETRY_MS }), (wasGood, sinceMs) => {
        const of = wasGood ? accepted(NEW) : trials()
        of.begin(NEW)
        of.refused(NEW, 0, 'wrong')
        const choice = of.choose(NEW, sinceMs)
        const nowMs = choice.kind === 'wait' ? sinceMs + choice.forMs : sinceMs
        expect(nowMs).toBe(RETRY_MS)
        for (let bind = 0; bind < BINDS; bind++) {
          expect(of.choose(NEW, nowMs)).toEqual(tried(NEW))
          of.begin(NEW)
          of.accepted(NEW, nowMs)
        }
      }),
    )
  })
})
