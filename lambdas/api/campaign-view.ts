/** A campaign as callers see it: times as text, money readable, nothing of how it is run. */
import { z } from '@hono/zod-openapi'
import {
  type CampaignRecord,
  CampaignState,
  Canary,
  CheckNumbers,
  type ColumnMapping,
  type Guard,
  Progress,
  RefusedPercent,
} from '../../shared/campaign/record.ts'
import { Lane } from '../../shared/contracts/route.ts'
import { DltId } from '../../shared/ids.ts'
import { ForecastView } from './forecast-view.ts'
import { Instant, iso, isoOrNull, Money, moneyView, orNull } from './responses.ts'
import type { Totals } from './totals.ts'

const StatusCounts = z
  .record(z.string(), z.int())
  .meta({ description: 'Recipients by status; one without recipients is absent.' })

export const CampaignView = z
  .object({
    id: z.string(),
    name: z.string(),
    state: CampaignState,
    templateId: DltId,
    header: z.string(),
    lane: Lane,
    mapping: z.object({
      to: z.string().nullable(),
      variables: z.array(z.string()).nullable(),
      text: z.string().nullable(),
    }),
    policy: z.enum(['hold', 'resend']),
    validityHours: z.number(),
    createdAt: Instant,
    checking: z.object({ startedAt: Instant, thenLaunch: z.boolean() }).nullable(),
    progress: Progress.nullable(),
    numbers: CheckNumbers.omit({ costPaise: true }).extend({ cost: Money }).nullable(),
    launch: z
      .object({
        at: Instant,
        expiresAt: Instant,
        hours: z
          .object({ from: z.string(), to: z.string(), zone: z.literal('Asia/Kolkata') })
          .nullable()
          .meta({ description: 'Sending hours; null for round the clock.' }),
      })
      .nullable(),
    totals: z.object({ recipients: z.int(), statuses: StatusCounts, settled: z.boolean() }).nullable().meta({
      description: 'Where its recipients stand: only where one campaign is read, and after its launch.',
    }),
    guard: z
      .object({
        canary: z
          .object({
            ...Canary.shape,
            sentAt: Instant.nullable(),
            isJudged: z.boolean().meta({ description: 'Whether the rest may follow.' }),
          })
          .nullable(),
        pauseAtRefusedPercent: RefusedPercent.nullable(),
      })
      .meta({ description: 'When it pauses itself.' }),
    forecast: orNull(ForecastView).meta({
      description: 'While it is checked or scheduled, and only where one campaign is read.',
    }),
    settledAt: Instant.nullable(),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  })
  .openapi('Campaign')
export type CampaignView = z.infer<typeof CampaignView>

export function campaignView(
  campaign: CampaignRecord,
  { totals = null, forecast = null }: { totals?: Totals | null; forecast?: ForecastView | null } = {},
): CampaignView {
  return {
    id: campaign.id,
    name: campaign.name,
    state: campaign.state,
    templateId: campaign.templateId,
    header: campaign.header,
    lane: campaign.lane,
    mapping: mappingView(campaign.mapping),
    policy: campaign.policy,
    validityHours: campaign.validityHours,
    createdAt: iso(campaign.createdAt),
    checking: campaign.checking && {
      startedAt: iso(campaign.checking.startedAt),
      thenLaunch: campaign.checking.thenLaunch,
    },
    progress: campaign.progress,
    numbers: campaign.numbers && numbersView(campaign.numbers),
    launch: campaign.launch && launchView(campaign.launch),
    totals: totals && {
      recipients: totals.recipients,
      statuses: totals.statuses,
      settled: totals.unsettledPages === 0,
    },
    guard: guardView(campaign.guard),
    forecast,
    settledAt: isoOrNull(campaign.settledAt),
    problem: campaign.problem,
  }
}

const mappingView = ({ to, variables, text }: ColumnMapping) => ({
  to: to ?? null,
  variables: variables ?? null,
  text: text ?? null,
})

function numbersView({ costPaise, ...numbers }: CheckNumbers) {
  return { ...numbers, cost: moneyView(costPaise) }
}

function launchView({ at, terms }: NonNullable<CampaignRecord['launch']>) {
  const hours = terms.hours && {
    from: clockTime(terms.hours.fromMinute),
    to: clockTime(terms.hours.toMinute),
    zone: 'Asia/Kolkata' as const,
  }
  return { at: iso(at), expiresAt: iso(terms.expiresAt), hours }
}

function guardView({ canary, canarySent, pauseAtRefusedPercent }: Guard) {
  const sent = { sentAt: isoOrNull(canarySent?.at ?? null), isJudged: canarySent?.isJudged ?? false }
  return { canary: canary && { ...canary, ...sent }, pauseAtRefusedPercent }
}

/** Minutes of the day → `10:00`. */
function clockTime(minute: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}
