import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { REASON_SLUGS, REASONS, type ReasonSlug } from '../../../shared/dlt/reasons/catalogue.ts'
import { DIALECT_NAMES, DIALECTS } from '../../../shared/dlt/reasons/dialects.ts'
import { explainer } from '../../../shared/dlt/reasons/explain.ts'
import { FAMILIES, FAMILY_NAMES } from '../../../shared/dlt/reasons/families.ts'
import { type CodesByReason, codesIn, FIXERS, PLACES, RESENDS } from '../../../shared/dlt/reasons/reason.ts'
import { normalisedWord, OWN_WORDS, WORDS } from '../../../shared/dlt/reasons/words.ts'
import { classify } from '../../../shared/smpp/status-class.ts'
import { DLT_FAMILIES } from '../../../simulator/faults/dlt-codes.ts'

interface Vectors {
  rows: { row: string; codes: Record<string, string>; reasons: string[] }[]
  beside: Record<string, { codes: string; reasons: string[] }>
  retries: { otherChain: string; nextSendingHours: string }
}
const facts: Vectors = JSON.parse(
  readFileSync(new URL('../vectors/scrubbing-errors.json', import.meta.url), 'utf8'),
)
const codesOfRow = (row: Vectors['rows'][number]) => Object.values(row.codes).flatMap(codesIn)
const allCodes = [...new Set(facts.rows.flatMap(codesOfRow))]

const explain = explainer()
const reasonOf = (code: string) => explain(`err:${code}`).reason

const listed = (codes: CodesByReason<ReasonSlug>) => Object.values(codes).flatMap(codesIn)
const repeated = (codes: readonly string[]) => codes.filter((code, at) => codes.indexOf(code) !== at)

describe('the codes of the facts', () => {
  it.each(facts.rows)(
    'of the row "$row" have a reason of that row, or of another they stand in',
    ({ ...row }) => {
      for (const code of codesOfRow(row)) {
        const rows = facts.rows.filter((other) => codesOfRow(other).includes(code))
        expect(
          rows.flatMap(({ reasons }) => reasons),
          code,
        ).toContain(reasonOf(code))
      }
    },
  )

  it.each([
    ['5107', 'promo_hours'],
    ['5108', 'promo_hours'],
    ['5303', 'header_not_linked'],
    ['5308', 'template_id_wrong'],
  ])('%s, which stands in two rows, is %s', (code, reason) => {
    expect(reasonOf(code)).toBe(reason)
  })

  it.each(Object.entries(facts.beside))('of %s are known too', (_, { codes, reasons }) => {
    for (const code of codesIn(codes)) expect(reasons, code).toContain(reasonOf(code))
  })

  it('are in the family the facts put them in', () => {
    for (const { codes } of facts.rows) {
      for (const [family, list] of Object.entries(codes)) {
        const known = listed(FAMILIES[family as keyof typeof FAMILIES].codes)
        for (const code of codesIn(list)) expect(known, `${family} ${code}`).toContain(code)
      }
    }
  })

  it('are all refusals by DLT, and never sent again as they are', () => {
    for (const code of allCodes) {
      const { dlt, resend } = explain(`err:${code}`)
      expect({ code, dlt, later: resend === 'later' }).toEqual({ code, dlt: true, later: false })
    }
  })

  it('may go over a route with another chain where the chain is what is refused, and nowhere else', () => {
    const chainCodes = codesOfRow(facts.rows.find(({ row }) => row.startsWith('PE-TM hash'))!)
    const moved = allCodes.filter((code) => explain(`err:${code}`).resend === 'other_chain')
    expect(moved).toEqual(expect.arrayContaining(codesIn(facts.retries.otherChain)))
    expect(chainCodes).toEqual(expect.arrayContaining(moved))
  })

  it('wait for the next sending hours where the hour is what is refused, and nowhere else', () => {
    const hours = facts.rows.find(({ row }) => row === 'promo hours')!
    const waiting = allCodes.filter((code) => explain(`err:${code}`).resend === 'next_sending_hours')
    expect(waiting).toContain(facts.retries.nextSendingHours)
    expect(waiting.sort()).toEqual(codesOfRow(hours).sort())
  })
})

describe('the tables', () => {
  it.each(FAMILY_NAMES)('have no code of the family %s twice', (name) => {
    expect(repeated(listed(FAMILIES[name].codes))).toEqual([])
  })

  it('have no code in two families', () => {
    expect(repeated(FAMILY_NAMES.flatMap((name) => listed(FAMILIES[name].codes)))).toEqual([])
  })

  it.each(DIALECT_NAMES)('have no code of the dialect %s twice', (name) => {
    expect(repeated(listed(DIALECTS[name].errors))).toEqual([])
    expect(repeated(listed(DIALECTS[name].statuses))).toEqual([])
  })

  it('write codes of dialects and families as they are looked up: in decimal, without leading zeros', () => {
    const tables = [
      ...FAMILY_NAMES.map((name) => FAMILIES[name].codes),
      ...DIALECT_NAMES.flatMap((name) => [DIALECTS[name].errors, DIALECTS[name].statuses]),
    ]
    for (const code of tables.flatMap(listed)) expect(code).toMatch(/^[1-9]\d{0,3}$/)
  })

  it('have no word twice, and each as it is looked up', () => {
    const words = listed(WORDS)
    expect(repeated(words)).toEqual([])
    for (const word of words) expect(normalisedWord(word)).toBe(word)
  })
})

describe('a reason', () => {
  it.each(REASON_SLUGS)('%s says what, who, where, whether to resend, and where that was read', (slug) => {
    const { sentence, fix, resend, dlt, source } = REASONS[slug]
    expect(sentence).toMatch(/^[A-Z].*\.$/)
    expect(sentence.split(/[.?!] (?=[A-Z])/).length, 'two sentences at most').toBeLessThanOrEqual(2)
    expect(Object.keys(FIXERS)).toContain(fix.who)
    expect(Object.keys(PLACES)).toContain(fix.where)
    expect(Object.keys(RESENDS)).toContain(resend)
    expect(dlt).toBeTypeOf('boolean')
    expect(source).not.toBe('')
  })

  it('is stood for by some code or word', () => {
    const reached = new Set<string>(['unknown_code'])
    const tables: CodesByReason<ReasonSlug>[] = [WORDS, OWN_WORDS]
    for (const name of FAMILY_NAMES) tables.push(FAMILIES[name].codes)
    for (const name of DIALECT_NAMES) tables.push(DIALECTS[name].errors, DIALECTS[name].statuses)
    for (const table of tables) for (const slug of Object.keys(table)) reached.add(slug)
    for (let status = 1; status <= 0xff; status++) reached.add(explain(`smpp:${status}`).reason)
    expect(REASON_SLUGS.filter((slug) => !reached.has(slug))).toEqual([])
  })

  it('is never said in the words of another', () => {
    expect(repeated(REASON_SLUGS.map((slug) => REASONS[slug].sentence))).toEqual([])
  })
})

describe('a command_status', () => {
  const statuses = Array.from({ length: 0xff }, (_, i) => i + 1)

  it('of SMPP 3.4 is known, says what the table of statuses says, and is worth another try when its class is', () => {
    const known = statuses.filter((status) => classify(status).name !== 'RESERVED')
    expect(known.length).toBeGreaterThan(40)
    for (const status of known) {
      const explanation = explain(`smpp:${status}`)
      const { class: statusClass, sentence } = classify(status)
      expect(explanation).toMatchObject({ known: true, sentence })
      // 0xFE says no more than that it was not delivered, as UNDELIV does.
      if (status !== 0xfe) expect(explanation.resend === 'later', sentence).toBe(statusClass !== 'permanent')
    }
  })

  it('nobody has defined is shown as it came', () => {
    for (const status of statuses.filter((status) => classify(status).name === 'RESERVED')) {
      expect(explain(`smpp:${status}`)).toMatchObject({ known: false, reason: 'unknown_code' })
    }
  })
})

describe('the simulator', () => {
  it.each(Object.entries(DLT_FAMILIES))('reports only codes of %s that are refusals by DLT', (_, codes) => {
    for (const code of codes) expect(explain(`err:${code}`), code).toMatchObject({ known: true, dlt: true })
  })
})
