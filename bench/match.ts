/**
 * How fast texts are compared with a template, and how long hostile ones of 1 MB take.
 *
 *     npm run bench -- match
 */
import { matchTemplate, templateMatcher } from '../shared/dlt/match/match.ts'
import { parseTemplate, type Template } from '../shared/dlt/template.ts'

const ROUNDS = 5
const TEXTS_PER_ROUND = 100_000
const MB = 1_000_000
/** Hostile input is answered "at once": within this. */
const TARGET_HOSTILE_MS = 1_000

const PAYMENT =
  'Dear {#var#}, we have received your payment of Rs {#var#} on {#var#}. Thank you for banking with us. Dakghar Bank'
const TYPED =
  'Dear {#alphanumeric#}, OTP for your payment of Rs {#numeric#} is {#numeric#}. Pay at {#url#} or call {#cbn#}. Acme'

const TYPICAL: { name: string; template: string; texts: string[] }[] = [
  {
    name: 'plain, matches',
    template: PAYMENT,
    texts: varied(
      (n) =>
        `Dear Asha Rao, we have received your payment of Rs ${n} on 23-11-2026. Thank you for banking with us. Dakghar Bank`,
    ),
  },
  {
    name: 'plain, curly quote',
    template: `${PAYMENT}. It's us`,
    texts: varied(
      (n) =>
        `Dear Asha Rao, we have received your payment of Rs ${n} on 23-11-2026. Thank you for banking with us. Dakghar Bank. It’s us`,
    ),
  },
  {
    name: 'typed, matches',
    template: TYPED,
    texts: varied(
      (n) =>
        `Dear Asha, OTP for your payment of Rs ${n} is 482913. Pay at https://acme.in/p?id=${n} or call 18001234567. Acme`,
    ),
  },
  {
    name: 'Hindi, matches',
    template: 'प्रिय {#var#}, आपका OTP {#numeric#} है। कृपया इसे किसी के साथ साझा न करें। - Acme',
    texts: varied((n) => `प्रिय आशा देवी, आपका OTP ${n} है। कृपया इसे किसी के साथ साझा न करें। - Acme`),
  },
]

const HOSTILE: { name: string; template: string; text: string }[] = [
  {
    name: '2,000 characters of {#var#}a against aaaa…',
    template: '{#var#}a'.repeat(250),
    text: 'a'.repeat(MB),
  },
  { name: '1 MB of {#var#}a against aaaa…', template: '{#var#}a'.repeat(MB / 8), text: 'a'.repeat(MB) },
  {
    name: '1 MB of {#var#}a! against abab…',
    template: `${'{#var#}a'.repeat(MB / 8)}!`,
    text: 'ab'.repeat(MB / 2),
  },
  {
    name: '1 MB of {#var#} against aaaa…',
    template: '{#var#}'.repeat(Math.floor(MB / 7)),
    text: 'a'.repeat(MB),
  },
  {
    name: '2,000 characters, places apart, against 1 MB',
    template: `${'{#var#}a'.repeat(20)}{#var#}b`.repeat(12),
    text: `${'a'.repeat(59)}b`.repeat(MB / 60),
  },
]

function varied(text: (n: number) => string): string[] {
  return Array.from({ length: 1_000 }, (_, i) => text(1_000 + ((i * 7_919) % 9_000)))
}

function templateOf(text: string): Template {
  const parsed = parseTemplate(text)
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed
}

/** Texts a second, the median of a few rounds. */
function benchTypical({ template, texts }: (typeof TYPICAL)[number]): number {
  const match = templateMatcher(templateOf(template))
  const rates: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const startedAt = performance.now()
    for (let i = 0; i < TEXTS_PER_ROUND; i++) match(texts[i % texts.length]!)
    if (round > 0) rates.push((TEXTS_PER_ROUND * 1_000) / (performance.now() - startedAt))
  }
  return rates.sort((a, b) => a - b)[rates.length >> 1]!
}

console.log('texts a second')
for (const one of TYPICAL) {
  console.log(`  ${one.name.padEnd(46)}${(benchTypical(one) / 1_000).toFixed(0).padStart(6)} k/s`)
}
console.log(`hostile texts of 1 MB (target ${TARGET_HOSTILE_MS} ms)`)
for (const { name, template, text } of HOSTILE) {
  const parsed = templateOf(template)
  const startedAt = performance.now()
  matchTemplate(parsed, text)
  const elapsedMs = performance.now() - startedAt
  console.log(`  ${name.padEnd(46)}${elapsedMs.toFixed(0).padStart(6)} ms`)
  if (elapsedMs > TARGET_HOSTILE_MS) process.exitCode = 1
}
