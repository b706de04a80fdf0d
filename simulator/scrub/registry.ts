/** What is registered on DLT, as an operator looks it up: data that a scenario, a test or a file writes down. */
import { z } from 'zod'
import { Category } from '../../shared/contracts/records.ts'
import { CtaWhitelist } from '../../shared/dlt/cta/whitelist.ts'
import { parseTemplate } from '../../shared/dlt/template.ts'
import { TYPE_OF_TAG, type VariableType } from '../../shared/dlt/variable-types.ts'
import { DltId } from '../../shared/ids.ts'

const Type = z.enum([...new Set(TYPE_OF_TAG.values())] as [VariableType, ...VariableType[]])

const RegisteredHeader = z.strictObject({
  /** Compared with case (facts A2). */
  name: z.string().min(1).max(20),
  /** Categories of templates that may be sent under it. */
  categories: z.array(Category).min(1).default(Category.options),
})

const RegisteredTemplate = z.strictObject({
  id: DltId,
  /** Variables as `{#var#}` or a typed tag. */
  text: z.string().min(1),
  /** The headers it is linked to. */
  headers: z.array(z.string()).min(1),
  category: Category,
  /** Types registered beside the text, one for each variable; null where the text's own tag stands (facts A7). */
  types: z.array(Type.nullable()).optional(),
})
export type RegisteredTemplate = z.infer<typeof RegisteredTemplate>

const RegisteredEntity = z.strictObject({
  id: DltId,
  headers: z.array(RegisteredHeader),
  templates: z.array(RegisteredTemplate),
  /** What TLV 0x1402 must hold: the hash, or telemarketer ids with commas between; null when none is asked for (facts A6). */
  chain: z.string().min(1).nullable().default(null),
  /** URLs, numbers and addresses a message may hold; null when they are not compared with a list (facts A8). */
  whitelist: CtaWhitelist.nullable().default(null),
})
export type RegisteredEntity = z.infer<typeof RegisteredEntity>

/** A header belongs to one entity, and so does a template; a template names headers of its own entity. */
export const DltRegistry = z
  .strictObject({ entities: z.array(RegisteredEntity).min(1) })
  .superRefine(({ entities }, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['entities', ...path], message })
    const seen = new Set<string>()
    const mustBeNew = (what: string, name: string, path: (string | number)[]) => {
      if (seen.has(`${what} ${name}`)) fault(path, `${what} ${name} is registered twice`)
      seen.add(`${what} ${name}`)
    }
    for (const [e, entity] of entities.entries()) {
      mustBeNew('entity', entity.id, [e, 'id'])
      for (const [h, { name }] of entity.headers.entries())
        mustBeNew('header', name, [e, 'headers', h, 'name'])
      for (const [t, template] of entity.templates.entries()) {
        const at = [e, 'templates', t]
        mustBeNew('template', template.id, [...at, 'id'])
        const parsed = parse(template)
        if (!parsed.ok) fault([...at, 'text'], parsed.message)
        for (const [h, name] of template.headers.entries()) {
          if (!entity.headers.some((header) => header.name === name))
            fault([...at, 'headers', h], `${name} is not among the headers of entity ${entity.id}`)
        }
      }
    }
  })
export type DltRegistry = z.infer<typeof DltRegistry>

const parse = ({ text, types }: RegisteredTemplate) =>
  parseTemplate(text, types === undefined ? {} : { types })
