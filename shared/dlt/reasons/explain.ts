import type { ReasonOverride } from '../../contracts/reason-override.ts'
import { unknownStatus } from '../../smpp/status-class.ts'
import { REASONS, type ReasonSlug } from './catalogue.ts'
import { codeName, parseCode } from './code.ts'
import { DIALECT_NAMES, DIALECTS, type DialectName } from './dialects.ts'
import { FAMILIES, FAMILY_NAMES } from './families.ts'
import { type Fix, type Reason, type Resend, reasonByCode } from './reason.ts'
import { reasonOfStatus, sentenceOfStatus } from './statuses.ts'
import { OWN_WORDS, WORDS } from './words.ts'

/** Why a recipient did not get the message, in plain words. */
export interface Explanation {
  /** As the fold of the ledger writes it, raw. */
  code: string
  reason: ReasonSlug
  sentence: string
  fix: Fix
  resend: Resend
  /** Whether the DLT check refused the message. */
  dlt: boolean
  /** False when the code is in no table: the sentence then shows it as it came. */
  known: boolean
  source: string
}

export interface ExplainOptions {
  /** How the gateway writes its codes; `default` when that is not known. */
  dialect?: DialectName
  /** By code, in any spelling of it: what the route's operator knows better. */
  overrides?: Readonly<Record<string, ReasonOverride>>
}

const ERRORS = new Map(
  FAMILY_NAMES.flatMap((family) => [...reasonByCode<ReasonSlug>(FAMILIES[family].codes)]),
)
const WORD_REASONS = reasonByCode(WORDS)
const OWN_REASONS = reasonByCode(OWN_WORDS)
const DIALECT_REASONS = new Map(
  DIALECT_NAMES.map((name) => [
    name,
    {
      errors: reasonByCode<ReasonSlug>(DIALECTS[name].errors),
      statuses: reasonByCode<ReasonSlug>(DIALECTS[name].statuses),
    },
  ]),
)

/**
 * Explains codes of one route, or of routes that write them alike. Never throws: a code nobody knows is explained by
 * showing it.
 *
 * @example explainer({ dialect: 'kaleyra' })('err:023').reason // 'template_mismatch'
 */
export function explainer({
  dialect = 'default',
  overrides = {},
}: ExplainOptions = {}): (code: string) => Explanation {
  const byName = new Map(Object.entries(overrides).map(([code, override]) => [codeName(code), override]))
  return (code) => {
    const explanation = explained(code, reasonOf(code, dialect))
    const override = byName.get(codeName(code))
    return override === undefined ? explanation : overridden(explanation, override)
  }
}

/** The reason a code stands for in a dialect; null when no table has it. */
export function reasonOf(code: string, dialect: DialectName): ReasonSlug | null {
  const { kind, key } = parseCode(code)
  const own = DIALECT_REASONS.get(dialect)!
  switch (kind) {
    case 'smpp':
      return own.statuses.get(key) ?? (/^\d+$/.test(key) ? reasonOfStatus(Number(key)) : null)
    case 'err':
      return own.errors.get(key) ?? ERRORS.get(key) ?? WORD_REASONS.get(key) ?? null
    case 'stat':
      return WORD_REASONS.get(key) ?? null
    case 'own':
      return OWN_REASONS.get(key) ?? null
  }
}

function explained(code: string, reason: ReasonSlug | null): Explanation {
  if (reason === null) {
    return { ...said('unknown_code'), code, sentence: unknownSentence(code), known: false }
  }
  const { kind, key } = parseCode(code)
  // The table of command_status says more than the reason many of them share.
  const sentence = kind === 'smpp' ? sentenceOfStatus(Number(key)) : null
  return { ...said(reason), code, ...(sentence !== null && { sentence }), known: true }
}

const said = (reason: ReasonSlug): Reason & { reason: ReasonSlug } => ({ reason, ...REASONS[reason] })

function unknownSentence(code: string): string {
  const { kind, value, key } = parseCode(code)
  switch (kind) {
    case 'smpp':
      return /^\d+$/.test(key) ? unknownStatus(Number(key)).sentence : `${value} is no command_status.`
    case 'err':
      return `The operator's error code ${value}, which is not in the catalogue: ask the gateway what it means.`
    case 'stat':
      return `The receipt says ${value}, which is not in the catalogue: ask the gateway what it means.`
    case 'own':
      return `${value}, which is not in the catalogue.`
  }
}

function overridden(explanation: Explanation, { sentence, reason, fix }: ReasonOverride): Explanation {
  const base = reason === undefined ? explanation : { ...explanation, ...said(reason) }
  return {
    ...base,
    sentence: sentence ?? base.sentence,
    fix: { who: fix?.who ?? base.fix.who, where: fix?.where ?? base.fix.where },
    known: true,
  }
}
