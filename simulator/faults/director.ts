/**
 * Plays a scenario: begins and ends its faults when they are due, and those a test injects. Reads no clock; `tick`
 * says what time it is.
 */
import { z } from 'zod'
import { ConfigError } from '../../shared/errors.ts'
import type { TruthLog } from '../truth-log.ts'
import { targets } from './chance.ts'
import type { ConnectionFault } from './connection-faults.ts'
import { Fault, type FaultInput, isStrike, type LastingFault } from './fault.ts'
import type { FaultsInForce } from './in-force.ts'
import type { Random } from './random.ts'
import type { ScenarioEvent } from './scenario.ts'
import { Schedule } from './schedule.ts'
import { type Stage, strike } from './strikes.ts'

export interface DirectorParts {
  stage: Stage
  inForce: FaultsInForce
  log: TruthLog
  random: Random
  now(): number
}

export class Director {
  readonly #parts: DirectorParts
  readonly #startedAtMs: number
  readonly #schedule: Schedule
  readonly #endings = new Set<{ atMs: number; end(): void }>()
  #nextSubmitted: number

  constructor(events: readonly ScenarioEvent[], parts: DirectorParts) {
    this.#parts = parts
    this.#startedAtMs = parts.now()
    this.#schedule = new Schedule(events)
    this.#nextSubmitted = this.#schedule.nextSubmitted
  }

  /**
   * Begins a fault now; answers how to end it (which means nothing to one that happens at once).
   *
   * @throws ConfigError when it is no fault.
   */
  inject(input: FaultInput, forMs?: number): () => void {
    const parsed = Fault.safeParse(input)
    if (!parsed.success)
      throw new ConfigError('simulator_fault', `not a fault: ${z.prettifyError(parsed.error)}`)
    return this.#begin(parsed.data, forMs === undefined ? null : this.#parts.now() + forMs)
  }

  /** Ends every fault in force; what is still to come of the scenario comes. */
  calm(): void {
    for (const ending of this.#endings) ending.end()
  }

  tick(): void {
    const now = this.#parts.now()
    for (const ending of this.#endings) if (ending.atMs <= now) ending.end()
    const elapsedMs = now - this.#startedAtMs
    const due = this.#schedule.take(elapsedMs, this.#parts.log.records.length)
    this.#nextSubmitted = this.#schedule.nextSubmitted
    for (const { event, dueMs } of due) {
      const endMs = event.for === undefined ? null : this.#startedAtMs + dueMs + event.for
      this.#begin(event.do, endMs)
    }
  }

  /** Something may wait for this many messages. */
  accepted(): void {
    if (this.#parts.log.records.length >= this.#nextSubmitted) this.tick()
  }

  #begin(fault: Fault, endMs: number | null): () => void {
    if (isStrike(fault)) {
      const { stage, log, random } = this.#parts
      const bites = strike(fault, stage, random)
      log.faultBit(fault.fault, bites)
      return () => {}
    }
    const end = this.#last(fault)
    const ending = {
      atMs: endMs ?? Number.POSITIVE_INFINITY,
      end: () => {
        if (this.#endings.delete(ending)) end()
      },
    }
    this.#endings.add(ending)
    return ending.end
  }

  #last(fault: LastingFault): () => void {
    const lift = this.#parts.inForce.begin(fault)
    const release = fault.fault === 'half-open' || fault.fault === 'slow-reader' ? this.#seize(fault) : null
    return () => {
      lift()
      release?.()
    }
  }

  /** Those that concern the connections open now, and no others. */
  #seize(fault: Exclude<ConnectionFault, { fault: 'ignore-enquire' }>): () => void {
    const { stage, log, random } = this.#parts
    const seized = targets(fault, stage.sessions, random)
    log.faultBit(fault.fault, seized.length)
    for (const session of seized) {
      if (fault.fault === 'half-open') session.freeze()
      else session.slowDown(fault.pauseMs ?? Number.POSITIVE_INFINITY)
    }
    return () => {
      for (const session of seized) {
        if (fault.fault === 'half-open') session.thaw()
        else session.slowDown(null)
      }
    }
  }
}
