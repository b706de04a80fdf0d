/** Why a recipient failed, as reports and messages show it. */
import { z } from '@hono/zod-openapi'
import { FixerName, PlaceName } from '../../shared/contracts/reason-override.ts'
import type { Explanation } from '../../shared/dlt/reasons/explain.ts'
import { poolExplainer } from '../../shared/dlt/reasons/pool-reasons.ts'
import { FIXERS, PLACES, RESENDS, type Resend } from '../../shared/dlt/reasons/reason.ts'
import type { PoolId } from '../../shared/ids.ts'
import type { ApiDeps } from './context.ts'

/** `sender: the principal entity …; gateway: …` */
const glossary = (words: Readonly<Record<string, string>>): string =>
  Object.entries(words)
    .map(([word, meaning]) => `${word}: ${meaning}`)
    .join('; ')

export const ReasonView = z
  .object({
    code: z.string().meta({
      description:
        'Raw: `err:` from the receipt, `stat:` its word, `smpp:` command_status, else a word of ours.',
    }),
    reason: z.string().meta({
      description: 'Stable, the same for all codes that mean the same; reasons may be added.',
      example: 'template_mismatch',
    }),
    sentence: z.string().meta({ description: 'What happened and what to do, in plain words.' }),
    fix: z
      .object({
        who: FixerName.meta({ description: glossary(FIXERS) }),
        where: PlaceName.meta({ description: glossary(PLACES) }),
      })
      .meta({ description: 'Who must act, and on what.' }),
    resend: z
      .enum(Object.keys(RESENDS) as [Resend, ...Resend[]])
      .meta({ description: `Whether sending again can help. ${glossary(RESENDS)}` }),
    dlt: z.boolean().meta({ description: "Whether the operator's DLT check refused the message." }),
    known: z.boolean().meta({ description: 'False: the code is in no table, and is shown as it came.' }),
  })
  .openapi('Reason')
export type ReasonView = z.infer<typeof ReasonView>

export const reasonView = ({ source: _, ...view }: Explanation): ReasonView => view

export type Explain = (code: string) => Explanation

/** Explains codes of messages of a pool; routes are read once, so ask for one explainer per request. */
export async function explainers(deps: Pick<ApiDeps, 'registry'>): Promise<(pool: PoolId) => Explain> {
  const routes = await deps.registry.routes()
  return (pool) => poolExplainer(routes.filter((route) => route.pool === pool))
}
