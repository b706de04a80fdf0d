/** Codes as the fold writes them, read: `smpp:<status>`, `err:<code>`, `stat:<word>` or a word of ours. */
import { normalisedWord } from './words.ts'

export type CodeKind = 'smpp' | 'err' | 'stat' | 'own'

export interface Code {
  kind: CodeKind
  /** As it came. */
  value: string
  /** What tables know it by: without leading zeros, in decimal, or as a normalised word. */
  key: string
}

export function parseCode(code: string): Code {
  const [prefix, value = ''] = code.split(/:(.*)/s) as [string, string?]
  switch (prefix) {
    case 'smpp':
      return { kind: 'smpp', value, key: decimal(value) ?? value }
    case 'err':
      return { kind: 'err', value, key: decimal(value) ?? normalisedWord(value) }
    case 'stat':
      return { kind: 'stat', value, key: normalisedWord(value) }
    default:
      return { kind: 'own', value: code, key: code }
  }
}

/** Two ways to write the same code have the same name. */
export function codeName(code: string): string {
  const { kind, key } = parseCode(code)
  return kind === 'own' ? key : `${kind}:${key}`
}

/** Gateways pad with zeros at will: `0633` is `633` (facts C1). Null when it is no number. */
const decimal = (text: string): string | null => (/^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : null)
