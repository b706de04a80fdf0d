import { z } from 'zod'

/** A ULID: 26 Crockford base-32 characters, sortable by the moment it was made. */
export const Ulid = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/, 'must be a ULID')

/** A name an operator chooses: it stands in keys, in queue names and in logs. */
const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40')

/** A customer of this installation: one DLT principal entity. */
export const TenantId = Slug.brand<'TenantId'>()
export type TenantId = z.infer<typeof TenantId>

/** Made as a ULID; read more widely, so that ids of another kind can be added without touching stored plans. */
export const CampaignId = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,80}$/, 'must be letters, digits and dashes, at most 80')
  .brand<'CampaignId'>()
export type CampaignId = z.infer<typeof CampaignId>

/** Made anew for every check. */
export const PlanId = Ulid.brand<'PlanId'>()
export type PlanId = z.infer<typeof PlanId>

/** Identifies one life of one process; a slice key made with it never repeats. */
export const BootId = Ulid.brand<'BootId'>()
export type BootId = z.infer<typeof BootId>

/** A pool of interchangeable routes; part of the names of its queues. */
export const PoolId = Slug.brand<'PoolId'>()
export type PoolId = z.infer<typeof PoolId>

/** One SMSC account. */
export const RouteId = Slug.brand<'RouteId'>()
export type RouteId = z.infer<typeof RouteId>

/** DLT ids are strings for ever: 19 digits exceed 2^53 and Excel keeps 15 (facts A4). */
export const DltId = z.string().regex(/^\d{12,19}$/, 'must be 12 to 19 digits, as the DLT portal shows it')

/**
 * A subscriber's number in international form without the plus, as SMPP wants it with TON 1 NPI 1
 * (SMPP 3.4 §5.2.5): `919876543210`.
 */
export const Msisdn = z
  .string()
  .regex(/^[1-9]\d{6,14}$/, 'must be 7 to 15 digits in international form, without the plus')
  .brand<'Msisdn'>()
export type Msisdn = z.infer<typeof Msisdn>

/** Milliseconds since 1970-01-01T00:00:00Z, by the wall clock. */
export type EpochMs = number

/** One batch of a plan: the unit of claiming, at most 100 recipients. */
export interface BatchKey {
  campaign: CampaignId
  page: number
  /** Index of the batch within its page, 0 to 49. */
  batch: number
}

/** The public name of one message; opaque to callers, decodable by us. */
export function messageId(key: BatchKey, i: number): string {
  return `${key.campaign}.${key.page}.${key.batch}.${i}`
}

/** The inverse of {@link messageId}; null when the text is not one of ours. */
export function parseMessageId(text: string): (BatchKey & { i: number }) | null {
  const match = /^([A-Za-z0-9-]{1,80})\.(\d{1,6})\.(\d{1,2})\.(\d{1,2})$/.exec(text)
  if (!match) return null
  return {
    campaign: CampaignId.parse(match[1]),
    page: Number(match[2]),
    batch: Number(match[3]),
    i: Number(match[4]),
  }
}
