import type { Credentials } from './bind-pdu.ts'

/** What to do about the next bind. `why` is what the SMSC said of the secret that must wait; null while one is on trial. */
export type SecretChoice =
  | { kind: 'try'; credentials: Credentials }
  | { kind: 'wait'; forMs: number; why: string | null }

/** Times are monotonic milliseconds. */
interface Known {
  /** Attempts that use it and whose answer is not known yet. */
  trying: number
  /** Accepted a moment ago: it need not be put on trial. */
  provenUntilMs: number
  refusedUntilMs: number
  refusal: string | null
}

const NEVER = Number.NEGATIVE_INFINITY

/**
 * Which secret the next bind of a route may use, and when. Gateways lock accounts after a few wrong passwords, so what
 * one bind learns holds for all of them:
 *
 * - A secret nobody is sure of is *on trial*: one bind uses it, the others wait for the answer.
 * - Accepted, it is *proven* for `provenMs`, in which all binds may use it at once; then, or when a session bound with
 *   it ends, nobody is sure of it again: passwords are changed while sessions last.
 * - Refused, it rests for `retryMs`. ESME_RBINDFAIL counts too, although it may mean something else: nobody can tell.
 *
 * The secret read now comes first; while it rests, the last one that was accepted has its turn, because a secret may be
 * changed here before it is at the gateway. Pure: time is passed in.
 */
export class SecretTrials {
  readonly #options: { retryMs: number; provenMs: number }
  readonly #known = new Map<string, Known>()
  #lastGood: Credentials | null = null

  constructor(options: { retryMs: number; provenMs: number }) {
    this.#options = options
  }

  /** Whether any secret was ever accepted. */
  get hasGood(): boolean {
    return this.#lastGood !== null
  }

  /** @param current the secret as it reads now; null when it cannot be read. */
  choose(current: Credentials | null, nowMs: number): SecretChoice {
    let forMs = Number.POSITIVE_INFINITY
    let why: string | null = null
    for (const credentials of [current, this.#lastGood]) {
      if (!credentials) continue
      const known = this.#of(credentials)
      if (nowMs < known.provenUntilMs) return { kind: 'try', credentials }
      if (known.trying > 0) return { kind: 'wait', forMs: Number.POSITIVE_INFINITY, why: null }
      if (nowMs >= known.refusedUntilMs) return { kind: 'try', credentials }
      forMs = Math.min(forMs, known.refusedUntilMs - nowMs)
      why ??= known.refusal
    }
    return { kind: 'wait', forMs, why }
  }

  /** An attempt begins; exactly one of the next three follows. */
  begin(credentials: Credentials): void {
    this.#of(credentials).trying++
  }

  accepted(credentials: Credentials, nowMs: number): void {
    const known = this.#of(credentials)
    known.trying--
    known.provenUntilMs = nowMs + this.#options.provenMs
    known.refusedUntilMs = NEVER
    this.#lastGood = credentials
  }

  /** @returns whether this secret is refused for the first time. */
  refused(credentials: Credentials, nowMs: number, message: string): boolean {
    const known = this.#of(credentials)
    const isFirst = known.refusal === null
    known.trying--
    known.provenUntilMs = NEVER
    known.refusedUntilMs = nowMs + this.#options.retryMs
    known.refusal = message
    return isFirst
  }

  /** The attempt ended without a word about the secret. */
  unanswered(credentials: Credentials): void {
    this.#of(credentials).trying--
  }

  /** A session bound with it is over. */
  sessionEnded(credentials: Credentials): void {
    this.#of(credentials).provenUntilMs = NEVER
  }

  #of({ systemId, password }: Credentials): Known {
    const key = JSON.stringify([systemId, password])
    let known = this.#known.get(key)
    if (!known) {
      known = { trying: 0, provenUntilMs: NEVER, refusedUntilMs: NEVER, refusal: null }
      this.#known.set(key, known)
    }
    return known
  }
}
