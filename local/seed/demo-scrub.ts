/** The demo tenant as the operators' registry has it: what the simulated SMSC compares its messages with. */
import type { VariableType } from '../../shared/dlt/variable-types.ts'
import { Scrub } from '../../simulator/scrub/setting.ts'
import { demoHeaders, demoTemplates, demoTenant, HINDI_TEMPLATE } from './demo-tenant.ts'

/** Some portals keep types beside the text (facts A7): nothing in the text says that this order is a number. */
const TYPES_BESIDE_TEXT: Readonly<Record<string, (VariableType | null)[]>> = {
  [HINDI_TEMPLATE.id]: [null, 'numeric'],
}

/** What is registered does not depend on when. */
const ANY_TIME = 0

/** `unknown`: what becomes of headers and templates that the tenant registers later, here but on no portal. */
export function demoScrub(unknown: Scrub['unknown']): Scrub {
  const entity = {
    id: demoTenant(ANY_TIME).entityId,
    headers: demoHeaders(ANY_TIME).map(({ name }) => ({ name })),
    templates: demoTemplates(ANY_TIME).map(({ id, text, header, category }) => ({
      ...{ id, text, headers: [header], category },
      ...(TYPES_BESIDE_TEXT[id] && { types: TYPES_BESIDE_TEXT[id] }),
    })),
  }
  return Scrub.parse({ registry: { entities: [entity] }, unknown })
}
