/** Sender headers (facts A2): compared with case, so nothing here changes one. */
import type { Category } from '../../contracts/records.ts'
import { type Finding, finding } from './finding.ts'
import type { DltRules } from './rules.ts'

/** What the first digit of a promotional header says the message is about; subscribers opt out by it. */
const DND_CATEGORIES = [
  'others',
  'banking, insurance, finance',
  'real estate',
  'education',
  'health',
  'consumer goods and automobiles',
  'communication, entertainment, IT',
  'tourism',
  'food',
] as const
export type DndCategory = (typeof DND_CATEGORIES)[number]

/** The DND category of a header of six digits; null for letters, and for 9, which has none. */
export function dndCategoryOf(header: string): DndCategory | null {
  return DIGITS.test(header) ? (DND_CATEGORIES[Number(header[0])] ?? null) : null
}

const LETTERS = /^[A-Za-z]{3,6}$/
const DIGITS = /^\d{6}$/
const USUAL_LETTERS = 6

/** What speaks against sending messages of this category under this header. */
export function checkHeader(header: string, category: Category, rules: DltRules): Finding[] {
  const name = `header ${JSON.stringify(header)}`
  const isPromotional = category === 'promotional'
  if (header.includes('-')) {
    const bare = header.split('-').find((piece) => LETTERS.test(piece) || DIGITS.test(piece))
    const advice = bare === undefined ? '' : `: write ${bare}`
    return finding(
      'header_affix',
      rules,
      `${name} has a prefix or suffix, which the operator adds itself${advice}`,
    )
  }
  if (DIGITS.test(header)) {
    if (isPromotional) return []
    return finding(
      'header_numeric_other',
      rules,
      `${name} is digits, as promotional ones are, for ${category}`,
    )
  }
  if (LETTERS.test(header)) {
    const alphabetic = `${name} is letters; promotional ones are six digits unless they were service explicit`
    return [
      ...(header.length === USUAL_LETTERS
        ? []
        : finding(
            'header_length',
            rules,
            `${name} has ${header.length} letters, most operators ask for six`,
          )),
      ...(isPromotional ? finding('header_alphabetic_promotional', rules, alphabetic) : []),
    ]
  }
  if (/^(?=.*\d)(?=.*[A-Za-z])[A-Za-z\d]{3,6}$/.test(header)) {
    return finding('header_alphanumeric', rules, `${name} mixes letters and digits`)
  }
  return finding('header_form', rules, `${name} must be three to six letters, or six digits for promotional`)
}
