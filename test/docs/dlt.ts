/** `npm run docs:dlt`: writes the tables of `docs/dlt.md` that are generated, from the tables in `shared/dlt/`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { variableOf } from '../../shared/dlt/check-value.ts'
import { REASON_SLUGS, REASONS, type ReasonSlug } from '../../shared/dlt/reasons/catalogue.ts'
import { DIALECT_NAMES, DIALECTS } from '../../shared/dlt/reasons/dialects.ts'
import { explainer } from '../../shared/dlt/reasons/explain.ts'
import { FAMILIES, FAMILY_NAMES } from '../../shared/dlt/reasons/families.ts'
import { type CodesByReason, FIXERS, PLACES, RESENDS } from '../../shared/dlt/reasons/reason.ts'
import { OWN_WORDS, WORDS, WORDS_SOURCE } from '../../shared/dlt/reasons/words.ts'
import { RULES, type RuleCode } from '../../shared/dlt/rules/rule-table.ts'
import { DEFAULT_RULES } from '../../shared/dlt/rules/rules.ts'
import { TYPE_OF_TAG, VariableType } from '../../shared/dlt/variable-types.ts'
import { classify } from '../../shared/smpp/status-class.ts'
import { BREACHES } from '../dlt/rules/breaches.ts'
import { markdownTable, withSection } from '../support/document-section.ts'

export const DOCUMENT = 'docs/dlt.md'

type Section = 'rules' | 'variables' | 'reasons' | 'codes' | 'statuses' | 'words' | 'dialects' | 'vocabulary'

/** Every generated section by its name. */
export const SECTIONS: Readonly<Record<Section, () => string>> = {
  rules: () =>
    markdownTable(
      ['rule', 'says', 'by default', 'source', 'test: a breach of it'],
      Object.entries(RULES).map(([code, { about, level, overridable, says, source }]) => [
        `\`${code}\``,
        `${about}: ${says}`,
        overridable ? LEVELS[level] : `${LEVELS[level]}, always`,
        source,
        `\`${BREACHES[code as RuleCode].example}\``,
      ]),
    ),
  variables: () =>
    markdownTable(
      ['type', 'tags', 'takes', 'characters', 'source'],
      VariableType.options.map((type) => {
        const { form, minChars, maxChars } = variableOf(type, DEFAULT_RULES, false)
        const tags = [...TYPE_OF_TAG].filter(([, tagged]) => tagged === type).map(([tag]) => `\`{#${tag}#}\``)
        return [`\`${type}\``, tags.join(', '), form.says, `${minChars} to ${maxChars}`, 'facts A7']
      }),
    ),
  reasons: () =>
    markdownTable(
      ['reason', 'what it means', 'who: where', 'sending again', 'DLT', 'source'],
      REASON_SLUGS.map((slug) => {
        const { sentence, fix, resend, dlt, source } = REASONS[slug]
        return [
          `\`${slug}\``,
          sentence,
          `${fix.who}: ${fix.where}`,
          RESENDS[resend],
          dlt ? 'yes' : 'no',
          source,
        ]
      }),
    ),
  codes: () =>
    [
      markdownTable(
        ['reason', ...FAMILY_NAMES],
        REASON_SLUGS.map((slug) => [
          `\`${slug}\``,
          ...FAMILY_NAMES.map((name) => codesOf(FAMILIES[name].codes, slug)),
        ]).filter((row) => row.slice(1).some((codes) => codes !== '')),
      ),
      markdownTable(
        ['family', 'who numbers so', 'source'],
        FAMILY_NAMES.map((name) => [name, FAMILIES[name].title, FAMILIES[name].source]),
      ),
    ].join('\n\n'),
  statuses: () => markdownTable(['command_status', 'name', 'reason', 'sending again'], statusRows()),
  words: () =>
    [
      markdownTable(
        ['reason', 'words'],
        REASON_SLUGS.map((slug) => [
          `\`${slug}\``,
          [...quoted(codesOf(WORDS, slug)), ...quoted(codesOf(OWN_WORDS, slug))].join(', '),
        ]).filter(([, words]) => words !== ''),
      ),
      `Source: ${WORDS_SOURCE}.`,
    ].join('\n\n'),
  dialects: () =>
    markdownTable(
      ['dialect', 'err', 'command_status', 'reason', 'source'],
      DIALECT_NAMES.flatMap((name) =>
        REASON_SLUGS.map((slug) => [
          `\`${name}\``,
          codesOf(DIALECTS[name].errors, slug),
          inHex(codesOf(DIALECTS[name].statuses, slug)),
          `\`${slug}\``,
          DIALECTS[name].source,
        ]).filter(([, errors, statuses]) => errors !== '' || statuses !== ''),
      ),
    ),
  vocabulary: () =>
    markdownTable(
      ['field', 'word', 'meaning'],
      [
        ...Object.entries(FIXERS).map(([word, meaning]) => ['who', `\`${word}\``, meaning]),
        ...Object.entries(PLACES).map(([word, meaning]) => ['where', `\`${word}\``, meaning]),
        ...Object.entries(RESENDS).map(([word, meaning]) => ['resend', `\`${word}\``, meaning]),
      ],
    ),
}

const LEVELS = { refuse: 'refuses', warn: 'warns' } as const

const codesOf = (codes: CodesByReason<ReasonSlug>, slug: ReasonSlug): string =>
  (codes[slug] ?? '').replaceAll('-', '–').replaceAll(' ', ', ')
const quoted = (words: string): string[] =>
  words === '' ? [] : words.split(', ').map((word) => `\`${word.replaceAll('–', '-')}\``)
const inHex = (codes: string): string =>
  codes.replace(/\d+/g, (code) => `0x${Number(code).toString(16).toUpperCase()}`)

/** command_status below the vendors' range that SMPP 3.4 defines. */
function statusRows(): string[][] {
  const explain = explainer()
  const statuses = Array.from({ length: 0xff }, (_, i) => i + 1)
  return statuses
    .map((status) => ({ status, ...explain(`smpp:${status}`) }))
    .filter(({ known }) => known)
    .map(({ status, reason, resend }) => [
      `0x${status.toString(16).toUpperCase().padStart(2, '0')}`,
      classify(status).name,
      `\`${reason}\``,
      RESENDS[resend],
    ])
}

/** The document with every generated section as it should be. */
export function generated(text: string): string {
  return Object.entries(SECTIONS).reduce((so, [name, write]) => withSection(so, name, write()), text)
}

if (import.meta.main) writeFileSync(DOCUMENT, generated(readFileSync(DOCUMENT, 'utf8')))
