import type { ReadOptions } from '../csv/recipients.ts'
import type { ValueFinding } from '../dlt/cta/check.ts'
import { templateMatcher } from '../dlt/match/match.ts'
import type { Template } from '../dlt/template.ts'
import type { Compose, ComposedMessage } from './plan-message.ts'
import type { ColumnMapping } from './record.ts'

/**
 * Composes the message of a row, then looks for calls to action in its values: one that operators refuse makes the row
 * a refused one, one that they may refuse is a warning that goes with the message. Runs for every row of an upload.
 */
export function checkedComposer(
  compose: Compose,
  findCtas: (values: readonly string[]) => readonly ValueFinding[],
): Compose {
  return (values) => {
    const composed = compose(values)
    if (!composed.ok) return composed
    const findings = findCtas(values)
    if (findings.length === 0) return composed
    const refusal = findings.find(({ level }) => level === 'refuse')
    if (refusal !== undefined) return { ok: false, code: refusal.code, message: refusal.message }
    return { ok: true, message: { ...composed.message, warnings: findings } }
  }
}

/**
 * How the rows of an upload become messages: from the values of the variables, one column for each, or, where the
 * mapping names a column with whole texts, from what each text has where the template has its variables. A text that is
 * not the template's is refused with the first place where they part (facts B1).
 */
export function readingOf(
  template: Template,
  { to, text, variables }: ColumnMapping,
  compose: Compose,
): ReadOptions<ComposedMessage> {
  const number = to === undefined ? {} : { to }
  if (text !== undefined) {
    return {
      mapping: { ...number, variables: [text] },
      variableCount: 1,
      compose: matched(template, compose),
    }
  }
  const mapping = variables === undefined ? number : { ...number, variables }
  return { mapping, variableCount: template.variables.length, compose }
}

function matched(template: Template, compose: Compose): Compose {
  const match = templateMatcher(template)
  const lineEnd = lineEndOf(template)
  return ([text]) => {
    const result = match(text!.replace(/\r\n|\r|\n/g, lineEnd))
    if (result.match) return compose(result.values)
    const { message, suggestion } = result
    return {
      ok: false,
      code: 'template_mismatch',
      message: suggestion === null ? message : `${message}: ${suggestion}`,
    }
  }
}

/** How a line ends in the template; spreadsheets and editors write what they like. A template without any takes a space. */
function lineEndOf({ fixed }: Template): string {
  return /\r\n|\r|\n/.exec(fixed.join(''))?.[0] ?? ' '
}
