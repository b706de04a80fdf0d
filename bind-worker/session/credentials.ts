import type { RouteConfig } from '../../shared/contracts/route.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, SecretSource } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { Credentials } from './bind-pdu.ts'
import { SecretTrials } from './secret-trials.ts'

/** Leave to bind once. `over` is called in any case, when the attempt has failed or the session it led to has ended. */
export interface BindTurn {
  readonly credentials: Credentials
  accepted(): void
  /** The SMSC says the credentials are wrong. `message` must not hold them. */
  refused(message: string): void
  over(): void
}

export interface RouteCredentialsOptions {
  route: Pick<RouteConfig, 'id' | 'secret'>
  secrets: SecretSource
  clock: Clock
  timing: Pick<Timing, 'badCredentialsRetryMs' | 'secretLookMs' | 'bindTimeoutMs'>
  log: Log
}

/**
 * The credentials of a route, shared by its binds: reads the secret for every attempt, and gives each bind its turn as
 * {@link SecretTrials} says. A secret changed while the process runs, at the gateway first or here first, costs one wrong
 * attempt and no bound session; it is noticed within `secretLookMs` by binds that wait for it.
 */
export class RouteCredentials {
  readonly #o: RouteCredentialsOptions
  readonly #trials: SecretTrials
  #reading: Promise<Credentials> | null = null
  /** Aborted and replaced whenever something was learnt: wakes those who wait for their turn. */
  #news = new AbortController()

  constructor(options: RouteCredentialsOptions) {
    this.#o = options
    const { badCredentialsRetryMs, bindTimeoutMs } = options.timing
    // Long enough for every bind that waited to be answered; any later attempt is a trial again.
    this.#trials = new SecretTrials({ retryMs: badCredentialsRetryMs, provenMs: bindTimeoutMs })
  }

  /**
   * Waits until a bind is worth trying. Resolves to null when `signal` aborts.
   *
   * @param onWait called while there is none, with what the SMSC said of the secret when that is why.
   * @throws whatever the source of secrets does, as long as no secret was ever accepted.
   */
  async turn(signal: AbortSignal, onWait: (why: string | null) => void): Promise<BindTurn | null> {
    const { clock, timing } = this.#o
    while (!signal.aborted) {
      const current = await this.#current()
      if (signal.aborted) break
      const choice = this.#trials.choose(current, clock.monotonicMs())
      if (choice.kind === 'try') return this.#begin(choice.credentials)
      onWait(choice.why)
      const waitMs = Math.min(choice.forMs, timing.secretLookMs)
      await clock.sleep(waitMs, AbortSignal.any([signal, this.#news.signal]))
    }
    return null
  }

  /** The secret as it reads now, once for all who ask at the same time; null when the last good one must do. */
  async #current(): Promise<Credentials | null> {
    const { route, secrets, log } = this.#o
    this.#reading ??= secrets.read(route.secret).finally(() => {
      this.#reading = null
    })
    try {
      return await this.#reading
    } catch (cause) {
      if (!this.#trials.hasGood) throw cause
      log.warn('secret cannot be read: the last one accepted is used', {
        route: route.id,
        cause: String(cause),
      })
      return null
    }
  }

  #begin(credentials: Credentials): BindTurn {
    const trials = this.#trials
    let outcome: 'none' | 'accepted' | 'refused' = 'none'
    trials.begin(credentials)
    return {
      credentials,
      accepted: () => {
        outcome = 'accepted'
        trials.accepted(credentials, this.#o.clock.monotonicMs())
        this.#tell()
      },
      refused: (reason) => {
        outcome = 'refused'
        const isFirst = trials.refused(credentials, this.#o.clock.monotonicMs(), reason)
        if (isFirst) this.#o.log.error('credentials refused', { route: this.#o.route.id, reason })
        this.#tell()
      },
      over: () => {
        if (outcome === 'accepted') trials.sessionEnded(credentials)
        if (outcome !== 'none') return
        trials.unanswered(credentials)
        this.#tell()
      },
    }
  }

  #tell(): void {
    const news = this.#news
    this.#news = new AbortController()
    news.abort()
  }
}
