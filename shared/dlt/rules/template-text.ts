/** What DLT says about the text of a template beyond its syntax. Places count characters of the text from 1. */
import type { Category } from '../../contracts/records.ts'
import type { Template } from '../template.ts'
import { type Finding, finding } from './finding.ts'
import type { DltRules } from './rules.ts'

/** `category` is null where nobody has said: what depends on it is then not looked at. */
export function checkTemplateText(template: Template, category: Category | null, rules: DltRules): Finding[] {
  const { fixed, variables } = template
  if (variables.length > 0 && fixed.every((text) => !IS_SAYING.test(text))) {
    return finding(
      'template_variables_only',
      rules,
      'the template has variables only: portals register no such text',
    )
  }
  return [
    ...forbiddenCharacters(template, rules),
    ...doubleSpaces(template, rules),
    ...adjacentVariables(template, rules),
    ...numberOfVariables(template, rules),
    ...fixedShare(template, rules),
    ...(variables.length === 0 && category !== null && SERVICE.includes(category)
      ? finding('template_service_fixed', rules, 'a service template has a variable, this one has none')
      : []),
  ]
}

const SERVICE: readonly Category[] = ['transactional', 'service_implicit', 'service_explicit']
/** Letters or digits, not only spaces and punctuation. */
const IS_SAYING = /[\p{L}\p{N}]/u

function forbiddenCharacters(template: Template, rules: DltRules): Finding[] {
  const found = firstInFixedText(template, /[<>]/)
  return found === null
    ? []
    : finding(
        'template_forbidden_character',
        rules,
        `the template has ${found.text} at character ${found.character}: portals register no < or >`,
      )
}

function doubleSpaces(template: Template, rules: DltRules): Finding[] {
  const found = firstInFixedText(template, / {2,}/)
  return found === null
    ? []
    : finding(
        'template_double_space',
        rules,
        `the template has ${found.text.length} spaces in a row at character ${found.character}: portals register ` +
          'one, compare it with the text there',
      )
}

function adjacentVariables({ fixed, variables }: Template, rules: DltRules): Finding[] {
  const second = variables.findIndex((_, i) => i > 0 && !IS_SAYING.test(fixed[i]!))
  return second === -1
    ? []
    : finding(
        'template_adjacent_variables',
        rules,
        `variables ${second} and ${second + 1} have no words between them: portals may refuse that`,
      )
}

function numberOfVariables({ variables }: Template, rules: DltRules): Finding[] {
  return variables.length <= rules.maxVariables
    ? []
    : finding(
        'template_many_variables',
        rules,
        `the template has ${variables.length} variables; more than ${rules.maxVariables} need a justification at the ` +
          'portal',
      )
}

/** Of the longest message, as no shorter one has less fixed text in proportion. */
function fixedShare({ fixed, variables }: Template, rules: DltRules): Finding[] {
  const fixedChars = fixed.reduce((sum, text) => sum + [...text].length, 0)
  const variableChars = variables.reduce((sum, { maxChars }) => sum + maxChars, 0)
  const share = fixedChars / (fixedChars + variableChars)
  return share >= rules.minFixedShare
    ? []
    : finding(
        'template_little_fixed_text',
        rules,
        `with full variables ${percent(share)} of the message is fixed text; ${percent(rules.minFixedShare)} are asked`,
      )
}

const percent = (share: number): string => `${Math.floor(share * 100)} %`

function firstInFixedText(
  { text, fixed }: Template,
  pattern: RegExp,
): { text: string; character: number } | null {
  let index = 0
  for (const piece of fixed) {
    const match = pattern.exec(piece)
    if (match) return { text: match[0], character: [...text.slice(0, index + match.index)].length + 1 }
    index = text.indexOf('#}', index + piece.length) + '#}'.length
  }
  return null
}
