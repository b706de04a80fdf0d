import type { Template } from './template.ts'

/**
 * How an operator holds the line ends of a registered template. Nothing fixes it (facts B4), so it is a choice of the
 * route: `exact` as the template came from the portal, the others rewritten.
 */
export const NEWLINE_FORMS = ['exact', 'lf', 'crlf', 'space'] as const
export type NewlineForm = (typeof NEWLINE_FORMS)[number]

const LINE_END = { lf: '\n', crlf: '\r\n', space: ' ' }

/**
 * The template with the line ends of its fixed text in this form. For filling as well as for matching: what is sent
 * must have the form that is compared. Line ends inside values are the sender's and stay.
 */
export function withNewlines(template: Template, form: NewlineForm): Template {
  if (form === 'exact') return template
  const rewritten = (text: string): string => text.replace(/\r\n|\r|\n/g, LINE_END[form])
  return { ...template, text: rewritten(template.text), fixed: template.fixed.map(rewritten) }
}
