/** What the cells of an export say, other than the text of the template. */
import type { Category } from '../../contracts/records.ts'

/** The id out of what keeps a spreadsheet from shortening it: `="1107…"`, `'1107…`. */
export function idOf(cell: string): string {
  const text = cell.trim()
  const guarded = /^(?:="(.*)"|'(.*))$/.exec(text)
  return guarded ? (guarded[1] ?? guarded[2])!.trim() : text
}

/** Sender headers of a template, which may be linked to several: with commas, semicolons or lines between. */
export function headersOf(cell: string): string[] {
  return [...new Set(cell.match(/[\p{L}\p{N}-]+/gu) ?? [])]
}

/** By words and by the letters of the portals' forms (facts A10), without case, spaces and signs. */
const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  transactional: 't trans transactional',
  service_implicit: 'si implicit serviceimplicit',
  service_explicit: 'se explicit serviceexplicit',
  government: 'g govt government',
  promotional: 'p promo promotional',
}
const CATEGORY_OF = new Map(
  Object.entries(CATEGORY_WORDS).flatMap(([category, words]) =>
    words.split(' ').map((word) => [word, category as Category] as const),
  ),
)

/** Null for a word that is not known. */
export function categoryOf(cell: string): Category | null {
  return CATEGORY_OF.get(cell.toLowerCase().replace(/[^a-z]/g, '')) ?? null
}

/** Whether a status such as `Approved` or `REGISTERED VIA AIRTEL` lets messages pass; `Approval pending` does not. */
export function isApproved(status: string): boolean {
  return /^\s*(?:approved|active|registered|verified)\b/i.test(status)
}
