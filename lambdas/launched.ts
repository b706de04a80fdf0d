import type { CampaignRecord } from '../shared/campaign/record.ts'

/** A campaign that was launched at some time: it has a complete plan and terms. */
export type Launched = CampaignRecord & {
  plan: NonNullable<CampaignRecord['plan']>
  launch: NonNullable<CampaignRecord['launch']>
}

export function isLaunched(campaign: CampaignRecord | null): campaign is Launched {
  return campaign !== null && campaign.plan !== null && campaign.launch !== null
}
