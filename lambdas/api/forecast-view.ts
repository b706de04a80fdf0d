import { z } from '@hono/zod-openapi'
import { rulesOfCampaign } from '../../shared/campaign/dlt-rules.ts'
import { forecast } from '../../shared/campaign/forecast.ts'
import { launchTerms } from '../../shared/campaign/launch.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import { laneTps } from '../feeder/room.ts'
import type { ApiDeps } from './context.ts'
import { Instant, iso, isoOrNull } from './responses.ts'

export const ForecastView = z
  .object({
    startsAt: Instant,
    finishesAt: Instant.nullable().meta({ description: 'Null when some would expire unsent.' }),
    segmentsPerSecond: z
      .number()
      .meta({ description: 'Of the routes that carry its lane, as if nothing else did.' }),
    stretches: z.array(z.object({ from: Instant, to: Instant, segments: z.int() })).meta({
      description: 'More than one when the sending hours end before it is through and the rest rolls over.',
    }),
    expired: z.int().meta({ description: 'Segments that would expire unsent.' }),
  })
  .openapi('Forecast')
export type ForecastView = z.infer<typeof ForecastView>

/** When a checked campaign would be through if it were launched now, or a scheduled one; null for all others. */
export async function forecastOf(
  { registry, clock }: Pick<ApiDeps, 'registry' | 'clock'>,
  campaign: CampaignRecord,
): Promise<ForecastView | null> {
  const { state, plan, launch } = campaign
  if (plan === null || (state !== 'checked' && state !== 'scheduled')) return null
  const startAt = launch?.at ?? clock.now()
  const terms = launch?.terms ?? launchTerms(campaign, startAt, await rulesOfCampaign(registry, campaign))
  const segmentsPerSecond = laneTps(await registry.routes(), campaign)
  const { finishesAt, stretches, expired } = forecast(plan.segments, {
    tps: segmentsPerSecond,
    startAt,
    terms,
  })
  return {
    ...{ startsAt: iso(startAt), finishesAt: isoOrNull(finishesAt), segmentsPerSecond, expired },
    stretches: stretches.map(({ from, to, segments }) => ({ from: iso(from), to: iso(to), segments })),
  }
}
