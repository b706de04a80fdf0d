import { z } from 'zod'
import { REASON_SLUGS } from '../dlt/reasons/catalogue.ts'
import { FIXERS, type Fixer, PLACES, type Place } from '../dlt/reasons/reason.ts'

export const FixerName = z.enum(Object.keys(FIXERS) as [Fixer, ...Fixer[]])
export const PlaceName = z.enum(Object.keys(PLACES) as [Place, ...Place[]])

/** The form of a code as the fold of the ledger writes it. */
const CODE = /^((smpp:\d{1,10})|((err|stat):\S.{0,79})|([a-z][a-z_]{0,39}))$/

const Fields = z
  .strictObject({
    sentence: z.string().min(1).max(500).optional(),
    /** Another reason of the catalogue, with all that it says. */
    reason: z.enum(REASON_SLUGS).optional(),
    fix: z.strictObject({ who: FixerName.optional(), where: PlaceName.optional() }).optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'must set sentence, reason or fix')

export type ReasonOverride = z.output<typeof Fields>

/** What a code means on a route, where its gateway means something else; a text is the sentence. */
const ReasonOverride: z.ZodType<ReasonOverride, string | z.input<typeof Fields>> = z.preprocess(
  (value) => (typeof value === 'string' ? { sentence: value } : value),
  Fields,
)

const CODE_FORM = 'a code must be err:CODE, stat:WORD, smpp:STATUS (in decimal) or a word of the platform'

export const ReasonOverrides = z.record(z.string().regex(CODE), ReasonOverride, {
  error: (issue) => (issue.code === 'invalid_key' ? CODE_FORM : undefined),
})
