/** Where a tenant or a route differs from the default rules: the shape that is stored, and how it is applied. */
import { z } from 'zod'
import { NEWLINE_FORMS } from '../newlines.ts'
import { type OverridableRule, RULES } from './rule-table.ts'
import type { DltRules } from './rules.ts'

const overridable = Object.entries(RULES).flatMap(([code, { overridable }]) => (overridable ? [code] : []))
const OverridableCode = z.enum(overridable as [OverridableRule, ...OverridableRule[]])

const Length = {
  /** Whether an empty value passes: 0 or 1. */
  minChars: z.number().int().min(0).max(1),
  maxChars: z.number().int().min(1).max(160),
}
/** Printable ASCII: what operators are known to add to a type. */
const Also = z.string().regex(/^[ -~]{0,40}$/, 'must be at most 40 printable ASCII characters')
const VariableOverride = z.strictObject(Length).partial()

const Minute = z.number().int().min(0).max(1_440)

/** How operators are known to read typed variables (facts A7); `strict` passes at all of them. */
export const Reading = z.enum(['strict', 'jio', 'vi'])
export type Reading = z.infer<typeof Reading>

export const DltRuleOverrides = z.strictObject({
  /** Applied before the rest of the same overrides. */
  reading: Reading.optional(),
  levels: z.partialRecord(OverridableCode, z.enum(['refuse', 'warn', 'off'])).optional(),
  variables: z
    .strictObject({
      text: VariableOverride,
      numeric: z.strictObject({ ...Length, also: Also, decimalPoint: z.boolean() }).partial(),
      alphanumeric: z.strictObject({ ...Length, also: Also }).partial(),
      url: VariableOverride,
      urlott: VariableOverride,
      cbn: VariableOverride,
      email: VariableOverride,
    })
    .partial()
    .optional(),
  maxVariables: z.number().int().min(0).optional(),
  minFixedShare: z.number().min(0).max(1).optional(),
  /** Minutes of the day in Asia/Kolkata. */
  promotionalHours: z.strictObject({ fromMinute: Minute, toMinute: Minute }).optional(),
  newlines: z.enum(NEWLINE_FORMS).optional(),
})
export type DltRuleOverrides = z.infer<typeof DltRuleOverrides>

type Readings = Pick<DltRules['variables'], 'numeric' | 'alphanumeric'>

/** Jio's note: one decimal point, spaces, `05-Feb-2026`, `10:30 AM`. Vi's: space, underscore, slash, point. */
const READINGS: Readonly<Record<Reading, Readings>> = {
  strict: {
    numeric: { minChars: 1, maxChars: 30, also: '', decimalPoint: false },
    alphanumeric: { minChars: 1, maxChars: 40, also: '' },
  },
  jio: {
    numeric: { minChars: 1, maxChars: 30, also: '', decimalPoint: true },
    alphanumeric: { minChars: 1, maxChars: 40, also: ' -:' },
  },
  vi: {
    numeric: { minChars: 1, maxChars: 30, also: '', decimalPoint: false },
    alphanumeric: { minChars: 1, maxChars: 40, also: ' _/.' },
  },
}

/**
 * `base` with the overrides applied in order: what comes later wins, so the tenant's first, then the route's, whose
 * operator compares in the end.
 */
export function mergeRules(base: DltRules, ...overrides: readonly DltRuleOverrides[]): DltRules {
  return overrides.reduce(apply, base)
}

function apply(base: DltRules, overrides: DltRuleOverrides): DltRules {
  const { reading, levels, variables = {}, ...limits } = overrides
  const read = reading === undefined ? base.variables : { ...base.variables, ...READINGS[reading] }
  return {
    ...over(base, limits),
    levels: over(base.levels, levels),
    variables: {
      text: over(read.text, variables.text),
      numeric: over(read.numeric, variables.numeric),
      alphanumeric: over(read.alphanumeric, variables.alphanumeric),
      url: over(read.url, variables.url),
      urlott: over(read.urlott, variables.urlott),
      cbn: over(read.cbn, variables.cbn),
      email: over(read.email, variables.email),
    },
  }
}

/** `base` with the changes that are not undefined. */
function over<T extends object>(base: T, changes: { [K in keyof T]?: T[K] | undefined } = {}): T {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined)
  return { ...base, ...Object.fromEntries(given) }
}
