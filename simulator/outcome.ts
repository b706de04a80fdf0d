/** What becomes of a message: a pure function of seed, destination and text, so that a run can be repeated. */

/** Codes as operators and DLT scrubbing report them (facts A9); a word not listed gets `000`. */
const ERRORS: Readonly<Record<string, readonly string[]>> = {
  // Absent or unknown subscriber; template text mismatch, header not linked, variable too long.
  UNDELIV: ['001', '034', '633', '634', '635'],
  EXPIRED: ['027'],
  // DND by the operator; preference, consent and category as DLT platforms number them.
  REJECTD: ['408', '650', '652', '660', '5101'],
}

/** A scrub that compares decides about texts, headers and variables itself: chance invents no such refusals. */
const ERRORS_BESIDE_SCRUB: typeof ERRORS = { ...ERRORS, UNDELIV: ['001', '034'] }

export interface Outcome {
  stat: string
  err: string
  /** In [0, 1): where in the range of delays the receipt comes. */
  delay: number
}

export function outcomeOf(
  seed: string,
  weights: Readonly<Record<string, number>>,
  to: string,
  text: Uint8Array,
  scrubs = false,
): Outcome {
  const hash = hashOf(seed, to, text)
  const stat = pick(weights, fraction(hash, 1))
  const errors = (scrubs ? ERRORS_BESIDE_SCRUB : ERRORS)[stat]
  const err = errors ? errors[Math.floor(fraction(hash, 2) * errors.length)]! : '000'
  return { stat, err, delay: fraction(hash, 3) }
}

function pick(weights: Readonly<Record<string, number>>, at: number): string {
  let total = 0
  for (const word in weights) total += weights[word]!
  let left = at * total
  let last = ''
  for (const word in weights) {
    const weight = weights[word]!
    if (weight === 0) continue
    if (left < weight) return word
    left -= weight
    last = word
  }
  return last
}

/** FNV-1a over all three. */
function hashOf(seed: string, to: string, text: Uint8Array): number {
  let hash = 0x811c_9dc5
  for (let i = 0; i < seed.length; i++) hash = Math.imul(hash ^ seed.charCodeAt(i), 0x0100_0193)
  for (let i = 0; i < to.length; i++) hash = Math.imul(hash ^ to.charCodeAt(i), 0x0100_0193)
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text[i]!, 0x0100_0193)
  return hash
}

/** The n-th independent number in [0, 1) of a hash, by the finalizer of murmur3. */
function fraction(hash: number, n: number): number {
  let mixed = (hash + Math.imul(n, 0x9e37_79b9)) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}
