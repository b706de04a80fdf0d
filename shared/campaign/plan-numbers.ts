import type { AcceptedRow, RecipientChunk, RefusedRow } from '../csv/recipients.ts'
import type { Finding } from '../dlt/rules/finding.ts'
import type { Template } from '../dlt/template.ts'
import type { CampaignId } from '../ids.ts'
import type { ReferenceBits } from '../sms/segment.ts'
import { costPaise } from './money.ts'
import { type ComposedMessage, textOf } from './plan-message.ts'
import type { CheckNumbers } from './record.ts'
import { UnicodeTally } from './unicode-tally.ts'

const SAMPLES = 5
const FIRST_INVALID = 10

/** What the numbers of a check depend on besides its rows. */
export interface TallySetting {
  template: Template
  referenceBits: ReferenceBits
  findings: readonly Finding[]
  paisePerSegment: number
}

/** Counts what a check finds; the same file gives the same numbers and samples. */
export class CheckTally {
  readonly #setting: TallySetting
  readonly #unicodeTally: UnicodeTally
  readonly #warnings = new Map<string, CheckNumbers['warnings'][string]>()
  #accepted = 0
  #invalid = 0
  #duplicates = 0
  #suppressed = 0
  #segments = 0
  #unicode = 0
  #long = 0
  readonly #reasons = new Map<string, number>()
  readonly #samples = new SpreadSample<AcceptedRow<ComposedMessage>>(SAMPLES)
  readonly #firstInvalid: CheckNumbers['firstInvalid'] = []

  constructor(setting: TallySetting) {
    this.#setting = setting
    this.#unicodeTally = new UnicodeTally(setting.template, setting.referenceBits)
  }

  get rows(): number {
    return this.#accepted + this.#invalid + this.#duplicates + this.#suppressed
  }

  get accepted(): number {
    return this.#accepted
  }

  get segments(): number {
    return this.#segments
  }

  add(chunk: RecipientChunk<ComposedMessage>): void {
    for (const row of chunk.accepted) this.#accept(row)
    for (const row of chunk.refused) this.#refuse(row)
    this.#duplicates += chunk.duplicates.length
    this.#suppressed += chunk.suppressed.length
  }

  /** @param repeats the campaign that sent the same file with the same template lately. */
  numbers(repeats: CampaignId | null): CheckNumbers {
    const { findings, paisePerSegment } = this.#setting
    return {
      rows: this.rows,
      accepted: this.#accepted,
      invalid: this.#invalid,
      duplicates: this.#duplicates,
      suppressed: this.#suppressed,
      segments: this.#segments,
      unicode: this.#unicode,
      long: this.#long,
      reasons: byCode(this.#reasons),
      costPaise: costPaise(this.#segments, paisePerSegment),
      samples: this.#samples
        .take()
        .map(({ msisdn, message }) => ({ to: msisdn, text: textOf(message), segments: message.segments })),
      firstInvalid: this.#firstInvalid,
      findings: findings.map(({ code, message }) => ({ code, message })),
      warnings: byCode(this.#warnings),
      unicodeCost: this.#unicode > 0 ? this.#unicodeTally.numbers() : null,
      repeats,
    }
  }

  #accept(row: AcceptedRow<ComposedMessage>): void {
    this.#accepted++
    this.#segments += row.message.segments
    if (row.message.dataCoding === 8) {
      this.#unicode++
      this.#unicodeTally.add(row)
    }
    if (row.message.warnings.length > 0) this.#warn(row)
    if (row.message.segments > 1) this.#long++
    this.#samples.offer(row)
  }

  /** A row counts once for each code. */
  #warn({ line, message: { warnings } }: AcceptedRow<ComposedMessage>): void {
    for (const [n, { code, message }] of warnings.entries()) {
      if (warnings.findIndex((other) => other.code === code) < n) continue
      const known = this.#warnings.get(code)
      if (known === undefined) this.#warnings.set(code, { rows: 1, first: { line, message } })
      else known.rows++
    }
  }

  #refuse({ line, code, message }: RefusedRow): void {
    this.#invalid++
    this.#reasons.set(code, (this.#reasons.get(code) ?? 0) + 1)
    if (this.#firstInvalid.length < FIRST_INVALID) this.#firstInvalid.push({ line, code, message })
  }
}

const byCode = <T>(counts: ReadonlyMap<string, T>): Record<string, T> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))

/**
 * A few items spread evenly over a sequence of unknown length, without chance: keeps every n-th, and doubles n by
 * dropping every second one when there are too many.
 */
export class SpreadSample<T> {
  readonly #wanted: number
  #kept: T[] = []
  #stride = 1
  #offered = 0

  constructor(wanted: number) {
    this.#wanted = wanted
  }

  offer(item: T): void {
    if (this.#offered++ % this.#stride !== 0) return
    this.#kept.push(item)
    if (this.#kept.length < this.#wanted * 4) return
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0)
    this.#stride *= 2
  }

  /** At most as many as wanted, in order, the first among them. */
  take(): T[] {
    const kept = this.#kept
    if (kept.length <= this.#wanted) return [...kept]
    const gap = (kept.length - 1) / (this.#wanted - 1)
    return Array.from({ length: this.#wanted }, (_, i) => kept[Math.round(i * gap)]!)
  }
}
