/** Which values each type of variable takes (facts A7, A8), as automata. */
import { assertNever } from '../errors.ts'
import type { VariableRules } from './rules/rules.ts'
import { automaton, characterSet, type ValueForm } from './value-form.ts'
import type { VariableType } from './variable-types.ts'

/**
 * Anything but control characters: C0 without TAB, LF, VT, FF and CR is nothing a handset shows, and often the trace
 * of a binary file; U+FFFE and U+FFFF are no characters at all (Unicode §23.7), and SQS takes no body that holds one.
 */
const TEXT = characterSet(
  'any text',
  (character) => !/[\0-\x08\x0e-\x1f]/.test(character),
  (point) => point !== 0xfffe && point !== 0xffff,
)

const isDigit = (character: string): boolean => character >= '0' && character <= '9'
const isLetter = (character: string): boolean => /^[A-Za-z]$/.test(character)

/** Letters with their vowel signs, and digits, of every script: a template in Hindi is filled in Hindi. */
const isForeignLetterOrDigit = (point: number): boolean =>
  /^[\p{L}\p{M}\p{Nd}]$/u.test(String.fromCodePoint(point))

const digits = (also: string): ValueForm =>
  characterSet(listing('digits', also), (character) => isDigit(character) || also.includes(character))

const lettersAndDigits = (also: string): ValueForm =>
  characterSet(
    listing('letters and digits', also),
    (character) => isLetter(character) || isDigit(character) || also.includes(character),
    isForeignLetterOrDigit,
  )

function listing(base: string, also: string): string {
  if (also === '') return `${base} only`
  return `${base}, ${[...also].map((character) => (character === ' ' ? 'space' : character)).join(' ')}`
}

/** Digits with at most one point, between digits. */
function decimalNumber(also: string): ValueForm {
  return automaton<'start' | 'whole' | 'point' | 'fraction'>(
    `${listing('digits', also)}, one decimal point`,
    'start',
    (state, character) => {
      if (character === '.') return state === 'whole' ? 'point' : null
      if (!isDigit(character) && !also.includes(character)) return null
      return state === 'point' || state === 'fraction' ? 'fraction' : 'whole'
    },
    (state) => state === 'whole' || state === 'fraction',
  )
}

/** RFC 3986 §2: what may stand in a path, query or fragment. */
const isUrlCharacter = (character: string): boolean =>
  /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]$/.test(character)

/** What the state of a host's last label is; it must end in a label of two letters or more, so not in an IP address. */
type Host = 'label' | 'in label' | 'dot' | 'letter' | 'letters' | 'no top level'

function stepHost(state: Host, character: string): Host | null {
  const isStart = state === 'label' || state === 'dot'
  if (character === '.') return isStart ? null : 'dot'
  if (character === '-' && isStart) return null
  if (!isLetter(character) && !isDigit(character) && character !== '-') return null
  if (state === 'label' || state === 'in label') return 'in label'
  if (!isLetter(character) || state === 'no top level') return 'no top level'
  return state === 'dot' ? 'letter' : 'letters'
}

const URL_STARTS = ['http://', 'https://', 'www.']

/** `http://`, `https://` or `www.`, a host that is no IP address, then whatever a URL may hold. */
const WHOLE_URL = automaton<string>(
  'a URL that begins with http://, https:// or www.',
  '',
  (state, character) => {
    if (state === '/') return isUrlCharacter(character) ? '/' : null
    if (state.startsWith('host ')) {
      if (state === 'host letters' && /[/?#]/.test(character)) return '/'
      const host = stepHost(state.slice('host '.length) as Host, character)
      return host === null ? null : `host ${host}`
    }
    const start = state + character.toLowerCase()
    if (URL_STARTS.includes(start)) return 'host label'
    return URL_STARTS.some((known) => known.startsWith(start)) ? start : null
  },
  (state) => state === '/' || state === 'host letters',
)

/** The rest of a URL that the text before the variable began. */
const REST_OF_URL = characterSet('the rest of a URL', isUrlCharacter)

const EMAIL = automaton<string>(
  'an e-mail address',
  'start',
  (state, character) => {
    if (state.startsWith('host ')) {
      const host = stepHost(state.slice('host '.length) as Host, character)
      return host === null ? null : `host ${host}`
    }
    if (character === '@') return state === 'local' ? 'host label' : null
    if (character === '.') return state === 'local' ? 'local dot' : null
    return isLetter(character) || isDigit(character) || "!#$%&'*+-/=?^_`{|}~".includes(character)
      ? 'local'
      : null
  },
  (state) => state === 'host letters',
)

/**
 * Numbers that can be whitelisted (facts A8), one letter or digit for each of theirs: d any digit, N none but 0,
 * M 6 to 9, T 0 or 6. Ten digits are a mobile, a landline or of the 140 and 160 series.
 */
const CALL_BACK_NUMBERS = [
  'Nddddddddd',
  '0Nddddddddd',
  '91Mddddddddd',
  '+91Mddddddddd',
  ...[4, 5, 6, 7].map((more) => `18T0${'d'.repeat(more)}`),
]
const DIGITS_OF: Readonly<Record<string, string>> = { d: '0123456789', N: '123456789', M: '6789', T: '06' }

/** The state is how many characters were read and which of the forms they fit, in bits. */
const CALL_BACK_NUMBER = automaton<number>(
  'a mobile, landline or toll-free number without spaces',
  0,
  (state, character) => {
    const read = state & 0xff
    const before = read === 0 ? -1 : state >> 8
    let fitting = 0
    CALL_BACK_NUMBERS.forEach((form, i) => {
      const wanted = form[read]
      if (
        wanted !== undefined &&
        (before & (1 << i)) !== 0 &&
        (DIGITS_OF[wanted] ?? wanted).includes(character)
      ) {
        fitting |= 1 << i
      }
    })
    return fitting === 0 ? null : (fitting << 8) | (read + 1)
  },
  (state) =>
    CALL_BACK_NUMBERS.some((form, i) => form.length === (state & 0xff) && ((state >> 8) & (1 << i)) !== 0),
)

/** `continuesUrl`: the text before the variable has begun a URL, which the value goes on with. */
export function formOf(type: VariableType, rules: VariableRules, continuesUrl: boolean): ValueForm {
  switch (type) {
    case 'text':
      return TEXT
    case 'numeric': {
      const { also, decimalPoint } = rules.numeric
      return decimalPoint ? decimalNumber(also) : digits(also)
    }
    case 'alphanumeric':
      return lettersAndDigits(rules.alphanumeric.also)
    case 'url':
    case 'urlott':
      return continuesUrl ? REST_OF_URL : WHOLE_URL
    case 'cbn':
      return CALL_BACK_NUMBER
    case 'email':
      return EMAIL
    default:
      return assertNever(type)
  }
}
