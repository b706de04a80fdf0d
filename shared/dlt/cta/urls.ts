import type { Cta } from './scan.ts'

/** Top-level domains in use in India's messages that are no words: whatever stands before them is a domain. */
const TOP_LEVEL = new Set(
  (
    'com org net edu gov info biz app dev xyz shop store online site club bank tech page link click live cloud digital ' +
    'ai ly gl gd cc tv uk ae sg eu de ru cn jp fr ca au nl ch br za qr bz'
  ).split(' '),
)
/** Those that are words too: "paid.in" may be a sentence without its space. */
const WORDS = new Set('in me to is it no so at us be my am as by do id co io pm'.split(' '))

const START = /https?:\/\/|www\./gi
const NOT_IN_URL = /[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]/g
/** Ends the sentence, not the URL. */
const TRAILING = new Set([...'.,;:!?\'")]}*'])

/** URLs with and without scheme, and e-mail addresses, in order. */
export function findUrls(text: string): Cta[] {
  const found: Cta[] = []
  const taken = new Uint8Array(text.length)
  const add = (kind: Cta['kind'], index: number, end: number, isCertain: boolean): void => {
    taken.fill(1, index, end)
    found.push({ kind, text: text.slice(index, end), index, isCertain })
  }

  for (const { index, 0: start } of text.matchAll(START)) {
    if (taken[index] === 1 || isOfNameOrMail(text[index - 1])) continue
    const end = endOfUrl(text, index)
    if (end > index + start.length) add('url', index, end, true)
  }
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    if (taken[at] === 1) continue
    const index = startOfLocalPart(text, at, taken)
    const end = endOfMailDomain(text, at + 1, taken)
    if (index < at && end !== -1) add('email', index, end, true)
  }
  for (const { index, 0: run } of text.matchAll(/[A-Za-z0-9][A-Za-z0-9.-]*/g)) {
    if (taken[index] === 1 || !run.includes('.')) continue
    const host = domainIn(run)
    if (host === null || taken[index + host.length - 1] === 1) continue
    const hasPath = text[index + host.length] === '/'
    const end = hasPath ? untilTaken(taken, index, endOfUrl(text, index)) : index + host.length
    if (hasPath || host.isPlausible) add('url', index, end, hasPath || host.isCertain)
  }
  return found.sort((a, b) => a.index - b.index)
}

function endOfUrl(text: string, from: number): number {
  NOT_IN_URL.lastIndex = from
  let end = NOT_IN_URL.exec(text)?.index ?? text.length
  while (end > from && TRAILING.has(text[end - 1]!)) end--
  return end
}

/** `end`, or before it the first character from `from` on that is part of something else. */
function untilTaken(taken: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && taken[at] === 0) at++
  return at
}

interface Domain {
  length: number
  /** Whether its letters are in the case of a domain, not of a sentence: "Thanks.In case". */
  isPlausible: boolean
  isCertain: boolean
}

/** The longest beginning of a run of letters, digits, dots and dashes that ends in a top-level domain. */
function domainIn(run: string): Domain | null {
  let length = 0
  let topLevel = ''
  let name = ''
  let before = ''
  for (let from = 0; from <= run.length; ) {
    const dot = run.indexOf('.', from)
    const to = dot === -1 ? run.length : dot
    const label = run.slice(from, to)
    if (before !== '' && (WORDS.has(label.toLowerCase()) || TOP_LEVEL.has(label.toLowerCase()))) {
      length = to
      topLevel = label
      name = before
    }
    before = label
    from = to + 1
  }
  if (length === 0) return null
  const host = run.slice(0, length)
  const isInOneCase = topLevel === topLevel.toLowerCase() || host === host.toUpperCase()
  const isWord = WORDS.has(topLevel.toLowerCase())
  return { length, isPlausible: isInOneCase && (!isWord || /[a-z]/i.test(name)), isCertain: !isWord }
}

/** RFC 5322 dot-atom, without the marks nobody uses. */
const isOfLocalPart = (character: string): boolean => /^[A-Za-z0-9._%+-]$/.test(character)

function startOfLocalPart(text: string, at: number, taken: Uint8Array): number {
  let start = at
  while (start > 0 && taken[start - 1] === 0 && isOfLocalPart(text[start - 1]!)) start--
  while (start < at && text[start] === '.') start++
  return start
}

/** Where the domain ends that begins at `from`; -1 when there is none with a dot and a top level of letters. */
function endOfMailDomain(text: string, from: number, taken: Uint8Array): number {
  let end = from
  while (end < text.length && taken[end] === 0 && /^[A-Za-z0-9.-]$/.test(text[end]!)) end++
  while (end > from && /^[.-]$/.test(text[end - 1]!)) end--
  return /^[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}$/.test(text.slice(from, end)) ? end : -1
}

/** What makes `www.` the end of a word, or the domain of an e-mail address. */
const isOfNameOrMail = (character: string | undefined): boolean =>
  character !== undefined && /^[A-Za-z0-9@]$/.test(character)
