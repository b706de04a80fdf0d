/**
 * What was suppressed after a plan was made: entries written and lists loaded since. Whoever feeds batches puts them into
 * the batches' skip lists. What is in the queues already is sent: about ten minutes of work at most. The log says of which
 * numbers to read the entries; of a plan older than the log, those of all its numbers are read.
 */
import { decodeTime } from 'ulid'
import { PlanLine } from '../../shared/contracts/dispatch.ts'
import type { EpochMs, Msisdn } from '../../shared/ids.ts'
import type { Clock, ObjectStore, Suppressions } from '../../shared/ports.ts'
import { suppressionApplies } from '../../shared/suppression/applies.ts'
import { isSuppressed, STATEMENT_LOG_DAYS } from '../../shared/suppression/entry.ts'
import { isLoaded, type LoadedList } from '../../shared/suppression/list.ts'
import { isAmong } from '../../shared/suppression/list-format.ts'
import type { Launched } from '../launched.ts'
import { listNumbers } from './list-numbers.ts'

export interface LateDeps {
  suppressions: Suppressions
  objects: ObjectStore
  clock: Clock
}

/** How far the clocks of two machines may be apart, and how long a write may take between its clock and the table. */
const CLOCK_SKEW_MS = 5 * 60_000

const DAY_MS = 24 * 60 * 60_000

/** A plan younger than this has all that was said since in the log, with a day to spare for clocks. */
const LOG_REACHES_BACK_MS = (STATEMENT_LOG_DAYS - 1) * DAY_MS

/** A list beside its numbers, which are read once. */
interface Late {
  list: LoadedList
  numbers: Float64Array
}

/** Tells of plan lines, each as it stands in its page, which of their messages to skip. */
export class LateSuppressions {
  readonly #deps: LateDeps
  readonly #campaign: Launched
  readonly #planAt: EpochMs
  /** From when on the log is read next. */
  #since: EpochMs
  readonly #changed = new Set<Msisdn>()
  readonly #numbers = new Map<string, Promise<Float64Array>>()

  constructor(deps: LateDeps, campaign: Launched) {
    this.#deps = deps
    this.#campaign = campaign
    // A plan's id is made when its check begins.
    this.#planAt = decodeTime(campaign.plan.id)
    this.#since = this.#planAt - CLOCK_SKEW_MS
  }

  /** For each line the indexes `i` of messages to suppressed numbers. */
  async skips(lines: readonly string[]): Promise<number[][]> {
    const none = lines.map(() => [])
    if (!suppressionApplies(this.#campaign.lane)) return none
    const [late, changed] = await Promise.all([this.#lateLists(), this.#changedSincePlan()])
    if (changed?.size === 0 && late.length === 0) return none
    const batches = lines.map((line) => PlanLine.parse(JSON.parse(line)).messages)
    const suppressed = await this.#suppressedAmong(
      batches.flat().map(({ to }) => to),
      { late, changed },
    )
    return batches.map((messages) => messages.flatMap(({ i, to }) => (suppressed.has(to) ? [i] : [])))
  }

  /** Null when the log no longer knows. */
  async #changedSincePlan(): Promise<ReadonlySet<Msisdn> | null> {
    const now = this.#deps.clock.now()
    if (now - this.#planAt > LOG_REACHES_BACK_MS) return null
    const changed = await this.#deps.suppressions.changedSince(this.#campaign.tenant, this.#since)
    for (const msisdn of changed) this.#changed.add(msisdn)
    this.#since = Math.max(this.#since, now - CLOCK_SKEW_MS)
    return this.#changed
  }

  async #lateLists(): Promise<Late[]> {
    const lists = (await this.#deps.suppressions.lists(this.#campaign.tenant)).filter(isLoaded)
    const late = lists.filter(({ loadedAt }) => loadedAt >= this.#planAt - CLOCK_SKEW_MS)
    return Promise.all(late.map(async (list) => ({ list, numbers: await this.#numbersOf(list) })))
  }

  #numbersOf(list: LoadedList): Promise<Float64Array> {
    const known = this.#numbers.get(list.id)
    const numbers = known ?? listNumbers(this.#deps.objects, this.#campaign.tenant, list)
    this.#numbers.set(list.id, numbers)
    return numbers
  }

  /** Entries are read only of numbers that may be concerned: the log says that something changed, not what. */
  async #suppressedAmong(
    msisdns: readonly Msisdn[],
    { late, changed }: { late: readonly Late[]; changed: ReadonlySet<Msisdn> | null },
  ): Promise<Set<Msisdn>> {
    const listedAt = new Map<Msisdn, EpochMs | null>()
    for (const msisdn of msisdns) {
      const holding = late.filter(({ numbers }) => isAmong(numbers, Number(msisdn)))
      if (holding.length === 0 && changed?.has(msisdn) === false) continue
      const at = holding.map(({ list }) => list.statedAt)
      listedAt.set(msisdn, at.length === 0 ? null : Math.max(...at))
    }
    const entries = await this.#deps.suppressions.entriesOf(this.#campaign.tenant, [...listedAt.keys()])
    const suppressed = [...listedAt].filter(([msisdn, at]) => isSuppressed(entries.get(msisdn) ?? null, at))
    return new Set(suppressed.map(([msisdn]) => msisdn))
  }
}
