/** The number an operator writes for a reason: the catalogue of `shared/dlt/reasons/`, read backwards. */
import type { ReasonSlug } from '../../shared/dlt/reasons/catalogue.ts'
import { DIALECT_NAMES, DIALECTS, type DialectName } from '../../shared/dlt/reasons/dialects.ts'
import { reasonOf } from '../../shared/dlt/reasons/explain.ts'
import { FAMILIES } from '../../shared/dlt/reasons/families.ts'
import { type CodesByReason, codesIn } from '../../shared/dlt/reasons/reason.ts'
import { DLT_FAMILY_NAMES, type DltFamily } from '../faults/dlt-codes.ts'

/** Whose numbers: one of the four families', or a gateway's own. */
export type Numbering = DltFamily | Exclude<DialectName, 'default'>
export const NUMBERINGS = [...DLT_FAMILY_NAMES, ...DIALECT_NAMES.filter((name) => name !== 'default')] as [
  Numbering,
  ...Numbering[],
]

/** Every reason a scrub can have. */
export const SCRUB_REASONS = [
  'entity_id_wrong',
  'entity_unknown',
  'chain_missing',
  'chain_unregistered',
  'header_unknown',
  'header_not_of_entity',
  'template_id_wrong',
  'template_unknown',
  'template_not_of_entity',
  'header_not_linked',
  'category_mismatch',
  'promo_hours',
  'template_mismatch',
  'variable_too_long',
  'cta_not_whitelisted',
  'multipart_incomplete',
] as const satisfies ReasonSlug[]
export type ScrubReason = (typeof SCRUB_REASONS)[number]

/** As receipts write it: `633`, `023`. */
const ERR_DIGITS = 3

/**
 * The `err` of a receipt for each reason. No numbering has one for every reason; what it lacks it takes from the
 * families, in their order, as gateways do that pass on what the operator said.
 */
export function errorsOf(numbering: Numbering): Readonly<Record<ScrubReason, string>> {
  const dialect = numbering in DIALECTS ? (numbering as DialectName) : 'default'
  const first: CodesByReason<ReasonSlug> =
    dialect === 'default' ? FAMILIES[numbering as DltFamily].codes : DIALECTS[dialect].errors
  const lists = [first, ...DLT_FAMILY_NAMES.map((name): CodesByReason<ReasonSlug> => FAMILIES[name].codes)]
  const errorFor = (reason: ScrubReason) =>
    lists
      .flatMap((codes) => codesIn(codes[reason] ?? ''))
      .find((code) => reasonOf(`err:${code}`, dialect) === reason)!
      .padStart(ERR_DIGITS, '0')
  return Object.fromEntries(SCRUB_REASONS.map((reason) => [reason, errorFor(reason)])) as Record<
    ScrubReason,
    string
  >
}
