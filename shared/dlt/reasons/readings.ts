/** A code as somebody has it before them, without a report around it: everything it may mean. */
import { parseCode } from './code.ts'
import { DIALECT_NAMES, type DialectName } from './dialects.ts'
import { type Explanation, explainer, reasonOf } from './explain.ts'
import { FAMILIES, FAMILY_NAMES } from './families.ts'
import { codesIn } from './reason.ts'
import { OWN_WORDS } from './words.ts'

export interface Reading extends Explanation {
  /** Who writes the code so: a family of `families.ts`, a dialect, `smpp`, `word` or `platform`; null: nobody known. */
  family: string | null
}

/**
 * Everything a code may mean: `633`, `err:633`, `0x45`, `smpp:69`, `stat:UNDELIV`, `TEMPLATE-NOT-MATCHED`. A bare
 * number may be an error of a receipt or a command_status, and gateways differ; with a dialect only that one is read.
 * Never empty: a code nobody knows has one reading, which says so.
 */
export function readingsOf(text: string, dialect?: DialectName): Reading[] {
  const codes = codesOf(text.trim())
  const readings = codes.flatMap((code) => readingsOfCode(code, dialect))
  return readings.length > 0 ? readings : [{ ...explainer()(codes[0]!), family: null }]
}

/** A number in hexadecimal is a command_status: nobody writes those of receipts so. */
function codesOf(text: string): string[] {
  const prefixed = /^(err|stat|smpp):(.*)$/is.exec(text)
  const [kind, value] = prefixed ? [prefixed[1]!.toLowerCase(), prefixed[2]!.trim()] : ['', text]
  if (/^0x[0-9a-f]{1,8}$/i.test(value) && (kind === '' || kind === 'smpp')) return [`smpp:${Number(value)}`]
  if (kind !== '') return [`${kind}:${value}`]
  if (/^\d+$/.test(value)) return [`err:${value}`, `smpp:${value}`]
  return Object.values(OWN_WORDS).flatMap(codesIn).includes(value) ? [value] : [`stat:${value}`]
}

function readingsOfCode(code: string, dialect: DialectName | undefined): Reading[] {
  const general = reasonOf(code, 'default')
  const dialects = dialect === undefined ? DIALECT_NAMES : [dialect]
  return dialects.flatMap((name) => {
    const reason = reasonOf(code, name)
    const particular = reason !== general
    if (reason === null || (dialect === undefined && name !== 'default' && !particular)) return []
    return [{ ...explainer({ dialect: name })(code), family: particular ? name : familyOf(code) }]
  })
}

function familyOf(code: string): string {
  const { kind, key } = parseCode(code)
  if (kind === 'smpp') return 'smpp'
  if (kind === 'own') return 'platform'
  const lists = (codes: object): boolean => Object.values(codes).flatMap(codesIn).includes(key)
  return (kind === 'err' && FAMILY_NAMES.find((name) => lists(FAMILIES[name].codes))) || 'word'
}
