/**
 * Delivery receipts, as leniently read as gateways are sloppy. The form of SMPP 3.4 Appendix B,
 *
 *     id:IIII sub:SSS dlvrd:DDD submit date:YYMMDDhhmm done date:YYMMDDhhmm stat:DDDDDDD err:E text:…
 *
 * is a custom, not a rule: keys are missing, misspelt, reordered or capitalised, the state may be in a TLV only, and
 * `text:` repeats what a user wrote (facts C1). Nothing here throws, and the time taken is linear in the length.
 */
import { isFinalStat, isState34, isStatWord, statusOfStat, wordOfState } from './states.ts'

export interface Receipt {
  isReceipt: boolean
  /** Opaque; see `message-id.ts` for how it finds its message. */
  id: string | null
  sub: string | null
  dlvrd: string | null
  /** As written; `parseReceiptDate` reads it. */
  submitDate: string | null
  doneDate: string | null
  stat: string | null
  err: string | null
  text: string | null
  /** Whether the state will not change any more. */
  final: boolean
}

export interface ReceiptTlvs {
  receipted_message_id?: string | null
  message_state?: number | null
  /** Three octets as hex: network type and code, or the code as ASCII digits (SMPP 3.4 §5.3.2.31). */
  network_error_code_hex?: string | null
}

export interface ReceiptInput {
  text: string
  tlvs?: ReceiptTlvs
  /** Leave out when it is not known, as for a text pasted into the CLI. */
  esmClass?: number
}

/**
 * What esm_class says of a deliver_sm (SMPP 3.4 §5.2.12): bits 5 to 2 are the message type, 0001 a delivery receipt,
 * 1000 an intermediate notification. Acknowledgements by the handset's user are not receipts.
 */
export function receiptKind(esmClass: number): 'receipt' | 'intermediate' | null {
  if (esmClass & 0x20) return 'intermediate'
  return esmClass & 0x04 ? 'receipt' : null
}

/**
 * Reads a receipt. The TLVs beat the text for id and state, the text beats the TLV for `err` (it is what operators
 * document); a TLV state that agrees with the text in meaning leaves the gateway's own word. A message_state outside
 * SMPP 3.4 counts only when the text says nothing.
 *
 * @example parseReceipt({ text: 'id:7 stat:DELIVRD err:000' }) // { isReceipt: true, id: '7', stat: 'DELIVRD', … }
 */
export function parseReceipt(input: ReceiptInput): Receipt {
  const { tlvs = {}, esmClass } = input
  const kind = esmClass === undefined ? null : receiptKind(esmClass)
  const tlvId = tlvs.receipted_message_id || null
  const tlvState = tlvs.message_state ?? null
  const written = readFields(input.text)
  const hasTlv = tlvId !== null || tlvState !== null
  if (!hasTlv && !readsAsReceipt(written, kind !== null || esmClass === undefined)) return NOT_A_RECEIPT

  const { fields } = written
  const stat = chooseStat(tlvState, fields.stat)
  return {
    isReceipt: true,
    id: tlvId ?? fields.id,
    sub: fields.sub,
    dlvrd: fields.dlvrd,
    submitDate: fields.submitDate,
    doneDate: fields.doneDate,
    stat,
    err: fields.err ?? networkError(tlvs.network_error_code_hex ?? null),
    text: fields.text,
    final: stat !== null && kind !== 'intermediate' && isFinalStat(stat),
  }
}

const NOTHING = {
  id: null,
  sub: null,
  dlvrd: null,
  submitDate: null,
  doneDate: null,
  stat: null,
  err: null,
  text: null,
}
/** The answer for a text that is no receipt. */
export const NOT_A_RECEIPT: Receipt = Object.freeze({ isReceipt: false, ...NOTHING, final: false })

type Field = keyof typeof NOTHING
type Fields = Record<Field, string | null>

interface Written {
  fields: Fields
  /** Known keys found before `text:`. */
  keys: number
  /** The first of them opens the text. */
  opens: boolean
}

/**
 * A text that nothing else marks as a receipt must look like one: two known keys, or one that opens it. A message
 * marked as the user's own (an esm_class without receipt bits) must have an id and a state: some gateways forget
 * the bits, but a user writing "id: 42" is no receipt.
 */
function readsAsReceipt({ fields, keys, opens }: Written, lenient: boolean): boolean {
  if (!lenient) return fields.id !== null && fields.stat !== null
  return keys >= 2 || (keys === 1 && opens)
}

/** A key stands at the start, after white space (U+0085 included), or after what gateways glue fields together with. */
const KEY =
  /(?<![^\s\x85=,;|&("'])(id|sub|dlvrd|stat|err|text|submit[\s_-]{0,4}date|done[\s_-]{0,4}date)[\s\x85]{0,4}:/gi
const ISO_DATE = /^\d{4}[-/.]\d\d[-/.]\d\d$/
const CLOCK = /^\d\d:\d\d/

function fieldOfKey(key: string): Field {
  const lower = key.toLowerCase()
  if (lower.startsWith('submit')) return 'submitDate'
  if (lower.startsWith('done')) return 'doneDate'
  return lower as Field
}

/**
 * Appendix B to the letter, with values no gateway glues anything to. Most receipts are so, and one expression reads
 * them in a third of the time of looking for each key.
 */
const APPENDIX_B =
  /^id:([\w-]+) sub:(\d+) dlvrd:(\d+) submit date:(\d+) done date:(\d+) stat:([A-Z]+) err:(\w+)(?: [Tt]ext:(.*))?$/s

function readAppendixB(text: string): Written | null {
  const match = APPENDIX_B.exec(text)
  if (!match) return null
  const [, id, sub, dlvrd, submitDate, doneDate, stat, err, tail = null] = match as unknown as string[]
  const fields = { id, sub, dlvrd, submitDate, doneDate, stat, err, text: tail } as Fields
  return { fields, keys: 7, opens: true }
}

/**
 * First of each key wins, and an empty value is no value. What follows `text:` is the user's: it may fill a field
 * that was absent before it (some gateways put `text:` first), but never the id.
 */
function readFields(raw: string): Written {
  const text = withoutTrailingNuls(raw)
  return readAppendixB(text) ?? readInAnyOrder(text)
}

function readInAnyOrder(text: string): Written {
  const fields: Fields = { ...NOTHING }
  let keys = 0
  let opens = false
  let inText = false
  let bare: string | null = null
  let match = nextKey(text, 0)
  while (match) {
    const field = fieldOfKey(match[1]!)
    const from = match.index + match[0].length
    const next = nextKey(text, from)
    const until = next ? next.index : text.length
    if (field === 'text') {
      if (!inText) fields.text = text.slice(from)
      fields.stat ??= bare
      inText = true
    } else {
      const { value, end } = readValue(text, from, until, field)
      if (!inText || field !== 'id') fields[field] ??= value
      if (!inText) {
        opens ||= keys === 0 && text.slice(0, match.index).trim() === ''
        keys++
        bare ??= bareStat(text, end, until)
      }
    }
    match = next
  }
  fields.stat ??= bare
  return { fields, keys, opens }
}

function nextKey(text: string, from: number): RegExpExecArray | null {
  KEY.lastIndex = from
  return KEY.exec(text)
}

/** The token after a key, and where it ends; an ISO date takes the time of day after it along. */
function readValue(
  text: string,
  from: number,
  until: number,
  field: Field,
): { value: string | null; end: number } {
  const start = skipSpace(text, from, until)
  let end = skipToken(text, start, until)
  if (field === 'submitDate' || field === 'doneDate') {
    const clockAt = skipSpace(text, end, until)
    if (ISO_DATE.test(text.slice(start, end)) && CLOCK.test(text.slice(clockAt, clockAt + 5)))
      end = skipToken(text, clockAt, until)
  }
  return { value: withoutGlue(text, start, end) || null, end }
}

/** Some gateways leave out `stat:` and write the word alone: `… err:000 DELIVRD`. */
function bareStat(text: string, from: number, until: number): string | null {
  for (let at = skipSpace(text, from, until); at < until; ) {
    const end = skipToken(text, at, until)
    const word = end - at <= LONGEST_WORD ? text.slice(at, end) : ''
    if (word === word.toUpperCase() && isStatWord(word)) return word
    at = skipSpace(text, end, until)
  }
  return null
}

const LONGEST_WORD = 16

/** `\s`, and U+0085 (NEL), which some gateways separate fields with and JavaScript leaves out. */
function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d)
  return code === 0x85 || code === 0xa0 || (code > 0xff && /\s/.test(String.fromCharCode(code)))
}

function skipSpace(text: string, from: number, until: number): number {
  let at = from
  while (at < until && isSpace(text.charCodeAt(at))) at++
  return at
}

function skipToken(text: string, from: number, until: number): number {
  let at = from
  while (at < until && !isSpace(text.charCodeAt(at))) at++
  return at
}

/** A value without the comma or bar that separates it from the next field, and without a stray NUL. */
function withoutGlue(text: string, start: number, end: number): string {
  let stop = end
  while (stop > start && ',;|&\0'.includes(text[stop - 1]!)) stop--
  return text.slice(start, stop)
}

function withoutTrailingNuls(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  return end === text.length ? text : text.slice(0, end)
}

function chooseStat(state: number | null, written: string | null): string | null {
  const word = state === null ? null : wordOfState(state)
  if (word === null || written === null) return written ?? word
  if (!isState34(state!)) return written
  const agree = statusOfStat(word) === statusOfStat(written) && isFinalStat(word) === isFinalStat(written)
  return agree ? written : word
}

/** `303030` → `000` (some gateways put ASCII digits there), `030148` → network type 3, code 328 → `328`. */
function networkError(hex: string | null): string | null {
  if (hex === null || !/^[0-9a-f]{6}$/i.test(hex)) return null
  const ascii = Buffer.from(hex, 'hex').toString('latin1')
  if (/^\d{3}$/.test(ascii)) return ascii
  return String(Number.parseInt(hex.slice(2), 16)).padStart(3, '0')
}
