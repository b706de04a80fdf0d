import { z } from 'zod'

/** `text` is the untyped `{#var#}`; the others are the tags mandatory for new templates since January 2026. */
export const VariableType = z.enum(['text', 'numeric', 'alphanumeric', 'url', 'urlott', 'cbn', 'email'])
export type VariableType = z.infer<typeof VariableType>

/** Names of tags, case sensitive. Vi and Jio write the short forms into their exports (facts A7). */
export const TYPE_OF_TAG: ReadonlyMap<string, VariableType> = new Map([
  ['var', 'text'],
  ['numeric', 'numeric'],
  ['number', 'numeric'],
  ['num', 'numeric'],
  ['alphanumeric', 'alphanumeric'],
  ['alp', 'alphanumeric'],
  ['url', 'url'],
  ['urg', 'url'],
  ['urlott', 'urlott'],
  ['uro', 'urlott'],
  ['cbn', 'cbn'],
  ['email', 'email'],
])

/** The type as people write it: `{#numeric#}`. */
export const tagOf = (type: VariableType): string => `{#${type === 'text' ? 'var' : type}#}`
