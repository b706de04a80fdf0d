/**
 * The timers of an SMPP session (SMPP 3.4 §7.2) as plain arithmetic. Nothing here waits: the session asks {@link tick}
 * what is due now and when to ask again. Times are monotonic milliseconds.
 *
 * - *mode deadline* (session_init_timer and its kin): the bind must be answered, the window drained, the unbind
 *   answered by then.
 * - *enquire_link*: when nothing was received for `enquireAfterMs`, ask; when still nothing came `enquireTimeoutMs` after
 *   that, the link is dead. Any PDU from the peer proves it alive: a busy SMSC may answer enquire_link late, but it does
 *   answer something.
 * - *inactivity*: no message came in or was answered for `inactivityMs`. A bind that must stay up for ever sets Infinity.
 *   A mode with a deadline ends by that alone.
 */
export interface TimerConfig {
  readonly enquireAfterMs: number
  readonly enquireTimeoutMs: number
  readonly inactivityMs: number
}

export interface SessionTimers {
  readonly config: TimerConfig
  /** When the session must have left its present mode; Infinity in those it may stay in. */
  readonly modeDeadlineMs: number
  /** Null until bound: enquire_link and inactivity belong to bound sessions (SMPP 3.4 §2.3). */
  readonly lastPduAtMs: number | null
  readonly lastMessageAtMs: number
  /** When the enquire_link was sent that nothing followed yet. */
  readonly enquiredAtMs: number | null
}

/** What is due. `overdue`: the mode's deadline has passed. `dead`: enquire_link went unanswered. */
export interface Tick {
  readonly kind: 'none' | 'enquire' | 'overdue' | 'dead' | 'inactive'
  readonly timers: SessionTimers
  /** Nothing is due before this, whatever PDUs come meanwhile. */
  readonly nextAtMs: number
}

export function createTimers(config: TimerConfig): SessionTimers {
  return {
    config,
    modeDeadlineMs: Number.POSITIVE_INFINITY,
    lastPduAtMs: null,
    lastMessageAtMs: 0,
    enquiredAtMs: null,
  }
}

export function withModeDeadline(timers: SessionTimers, modeDeadlineMs: number): SessionTimers {
  return { ...timers, modeDeadlineMs }
}

export function onBound(timers: SessionTimers, nowMs: number): SessionTimers {
  return { ...timers, lastPduAtMs: nowMs, lastMessageAtMs: nowMs, enquiredAtMs: null }
}

/** The peer sent something; `message` when it was, or answered, a message. */
export function onPdu(timers: SessionTimers, nowMs: number, message: boolean): SessionTimers {
  if (timers.lastPduAtMs === null) return timers
  const lastMessageAtMs = message ? nowMs : timers.lastMessageAtMs
  return { ...timers, lastPduAtMs: nowMs, lastMessageAtMs, enquiredAtMs: null }
}

export function tick(timers: SessionTimers, nowMs: number): Tick {
  const { config, modeDeadlineMs, lastPduAtMs, lastMessageAtMs, enquiredAtMs } = timers
  if (nowMs >= modeDeadlineMs) return { kind: 'overdue', timers, nextAtMs: nowMs }
  if (lastPduAtMs === null) return { kind: 'none', timers, nextAtMs: modeDeadlineMs }

  const mayStay = modeDeadlineMs === Number.POSITIVE_INFINITY
  const inactiveAtMs = mayStay ? lastMessageAtMs + config.inactivityMs : Number.POSITIVE_INFINITY
  if (nowMs >= inactiveAtMs) return { kind: 'inactive', timers, nextAtMs: nowMs }

  const nextAt = (linkAtMs: number): number => Math.min(linkAtMs, inactiveAtMs, modeDeadlineMs)
  if (enquiredAtMs !== null) {
    const deadAtMs = enquiredAtMs + config.enquireTimeoutMs
    if (nowMs >= deadAtMs) return { kind: 'dead', timers, nextAtMs: nowMs }
    // Should an answer come right now, the next enquire_link may be due before this one would have timed out.
    return { kind: 'none', timers, nextAtMs: nextAt(Math.min(deadAtMs, nowMs + config.enquireAfterMs)) }
  }
  const enquireAtMs = lastPduAtMs + config.enquireAfterMs
  if (nowMs < enquireAtMs) return { kind: 'none', timers, nextAtMs: nextAt(enquireAtMs) }
  return {
    kind: 'enquire',
    timers: { ...timers, enquiredAtMs: nowMs },
    nextAtMs: nextAt(nowMs + Math.min(config.enquireTimeoutMs, config.enquireAfterMs)),
  }
}
