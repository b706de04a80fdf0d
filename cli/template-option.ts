/** Options by which commands are told of a DLT template and how it is read. */
import { NEWLINE_FORMS, type NewlineForm, withNewlines } from '../shared/dlt/newlines.ts'
import { mergeRules, Reading } from '../shared/dlt/rules/overrides.ts'
import { DEFAULT_RULES, type DltRules } from '../shared/dlt/rules/rules.ts'
import { parseTemplate, type Template } from '../shared/dlt/template.ts'
import { TYPE_OF_TAG, type VariableType } from '../shared/dlt/variable-types.ts'
import { UsageError } from './command.ts'

/** For `parseArgs`. */
export const READING_OPTIONS = {
  types: { type: 'string' },
  newlines: { type: 'string', default: 'exact' },
  reading: { type: 'string', default: 'strict' },
} as const

export const READING_HELP = `  --types LIST     for portals that keep {#var#} and register the types beside it: one for each variable, separated by
                   commas, empty where the text's own stands: numeric,,url
  --newlines FORM  how the operator holds the template's line ends: exact (default), lf, crlf or space
  --reading NAME   how typed variables are read: strict (default), jio or vi`

/** How a template is to be read, as it stands on the command line. */
export interface ReadingValues {
  types?: string | undefined
  newlines: string
  reading: string
}

/** The rules, and the template by them. `option` is what the text came with. @throws UsageError */
export function templateOption(
  option: string,
  text: string,
  { types, newlines, reading }: ReadingValues,
): { template: Template; rules: DltRules } {
  const rules = rulesOf(reading)
  const template = parseTemplate(text, types === undefined ? { rules } : { rules, types: typesOf(types) })
  if (!template.ok) {
    throw new UsageError(
      `${template.code.startsWith('variable_type') ? '--types' : option}: ${template.message}`,
    )
  }
  return { template: withNewlines(template, newlineForm(newlines)), rules }
}

function typesOf(list: string): (VariableType | null)[] {
  return list.split(',').map((name) => {
    const type = TYPE_OF_TAG.get(name.trim())
    if (type) return type
    if (name.trim() === '') return null
    throw new UsageError(`--types: ${name} is none of ${[...TYPE_OF_TAG.keys()].join(', ')}`)
  })
}

function newlineForm(name: string): NewlineForm {
  const form = NEWLINE_FORMS.find((known) => known === name)
  if (form === undefined)
    throw new UsageError(`--newlines must be one of ${NEWLINE_FORMS.join(', ')}, not ${name}`)
  return form
}

function rulesOf(name: string): DltRules {
  const reading = Reading.safeParse(name)
  if (reading.success) return mergeRules(DEFAULT_RULES, { reading: reading.data })
  throw new UsageError(`--reading must be one of ${Reading.options.join(', ')}, not ${name}`)
}
