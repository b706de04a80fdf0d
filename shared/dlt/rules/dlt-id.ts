import { DltId } from '../../ids.ts'
import { type Finding, finding } from './finding.ts'
import type { DltRules } from './rules.ts'

/** How spreadsheets write numbers that are too long for them: `1.10717E+18`. */
const SCIENTIFIC = /^\d(?:[.,]\d+)?e\+?\d+$/i
/** A spreadsheet keeps 15 digits and fills up with zeros. */
const ROUNDED = /^\d{15}0{3,4}$/

/** What speaks against `text` being the id of an entity, template or telemarketer (facts A4); `what` names it. */
export function checkDltId(text: string, what: string, rules: DltRules): Finding[] {
  if (SCIENTIFIC.test(text)) {
    const says = `${what} ${text} was shortened by a spreadsheet and its last digits are lost: ${AGAIN}`
    return finding('id_excel', rules, says)
  }
  if (!DltId.safeParse(text).success) {
    return finding(
      'id_form',
      rules,
      `${what} ${JSON.stringify(text)} must be 12 to 19 digits, as the portal shows it`,
    )
  }
  if (!ROUNDED.test(text)) return []
  return finding('id_rounded', rules, `${what} ${text} looks rounded by a spreadsheet: if it is, ${AGAIN}`)
}

const AGAIN = 'export it as text, or copy it from the portal'
