import { z } from 'zod'
import { VariableType } from '../dlt/variable-types.ts'
import { Conflict } from '../errors.ts'
import { CampaignId, DltId, PoolId, TenantId, Ulid } from '../ids.ts'
import { Lane } from './route.ts'

/** A customer: one principal entity, the pools it may send through, its price. */
export const TenantRecord = z.object({
  id: TenantId,
  name: z.string().min(1).max(200),
  /** DLT principal entity id, sent as TLV 0x1400. */
  entityId: DltId,
  /** The pool its messages leave through, per lane; a lane without one cannot be used. */
  pools: z.partialRecord(Lane, PoolId),
  /** What a segment costs, in paise (1/100 rupee); may be a fraction. */
  paisePerSegment: z.number().min(0).default(12),
  createdAt: z.number().int(),
})
export type TenantRecord = z.infer<typeof TenantRecord>

/** An API key is `dk_<id>_<secret>`; only the SHA-256 of the secret is kept (it has 256 random bits: no salt needed). */
export const ApiKeyRecord = z.object({
  id: Ulid,
  tenant: TenantId,
  name: z.string().max(100),
  secretHash: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.number().int(),
  revokedAt: z.number().int().nullable(),
})
export type ApiKeyRecord = z.infer<typeof ApiKeyRecord>

/** Categories of the DLT portals, and the lane each travels in. */
export const Category = z.enum([
  'transactional',
  'service_implicit',
  'service_explicit',
  'government',
  'promotional',
])
export type Category = z.infer<typeof Category>

const LANE_OF: Record<Category, Lane> = {
  transactional: 'otp',
  service_implicit: 'service',
  government: 'service',
  // Since October 2025 operators treat service explicit as promotional (facts A1).
  service_explicit: 'promotional',
  promotional: 'promotional',
}
export const laneOf = (category: Category): Lane => LANE_OF[category]

/** A sender header as registered: case counts (facts A2), the operator adds prefix and suffix itself. */
export const SenderHeader = z
  .string()
  .regex(
    /^([A-Za-z]{3,6}|\d{6})$/,
    'must be 3 to 6 letters, or 6 digits for promotional, without prefix or suffix',
  )

/** A sender header of a tenant. */
export const HeaderRecord = z.object({ name: SenderHeader, createdAt: z.number().int() })
export type HeaderRecord = z.infer<typeof HeaderRecord>

/** The refusal of a header another tenant has; says nothing of who. */
export const headerTaken = (name: string): Conflict =>
  new Conflict(
    'header_taken',
    `Header ${name} is registered by another tenant of this installation: ask its operator if it is yours.`,
  )

/** A DLT template as the tenant registered it here. */
export const TemplateRecord = z.object({
  /** The id the DLT portal gave, sent as TLV 0x1401. */
  id: DltId,
  name: z.string().min(1).max(200),
  header: SenderHeader,
  category: Category,
  /** The text as approved, variables as `{#var#}` or typed tags. */
  text: z.string().min(1).max(2_000),
  /**
   * For portals that keep `{#var#}` in the text and register the types beside it (facts A7): one for each variable,
   * null where the text's own tag stands. Null for a template whose tags say all.
   */
  types: z.array(VariableType.nullable()).nullable().default(null),
  /** The id of the consent template that promotional traffic to subscribers on DND names (facts A3). */
  consentId: DltId.nullable().default(null),
  createdAt: z.number().int(),
})
export type TemplateRecord = z.infer<typeof TemplateRecord>

/** The last launch of a file with a template: what a second one within a day is held against. */
export const SendingRecord = z.object({
  campaign: CampaignId,
  /** When it starts, or started. */
  at: z.number().int(),
  notedAt: z.number().int(),
})
export type SendingRecord = z.infer<typeof SendingRecord>

/** Who changed what, and when: kept for as long as the tenant is. */
export const AuditRecord = z.object({
  /** Sorts by time. */
  id: Ulid,
  at: z.number().int(),
  /** `key:<id>` of an API key, `subscriber:<number>` of a mobile-originated message, `operator` at the command line,
   * or `platform`. */
  actor: z.string(),
  /** What was done, as `thing.deed`: `template.registered`. */
  action: z.string(),
  /** The id of the thing. */
  subject: z.string(),
  detail: z.record(z.string(), z.json()).default({}),
})
export type AuditRecord = z.infer<typeof AuditRecord>

/** What a bind may do: send and receive, or one of them (SMPP 3.4 §2.2). */
export const BindAs = z.enum(['transceiver', 'transmitter', 'receiver'])
export type BindAs = z.infer<typeof BindAs>

/** What a worker says about each of its binds every few seconds. */
export const Heartbeat = z.object({
  boot: z.string(),
  /** From 0; no two binds of a worker have the same, whatever they are. */
  bind: z.number().int(),
  /** Workers that knew only transceivers did not say. */
  bindAs: BindAs.default('transceiver'),
  state: z.enum(['connecting', 'binding', 'bound', 'draining', 'closed', 'waiting']),
  since: z.number().int(),
  at: z.number().int(),
  /** Segments that may be in flight now; 0 for a receiver. */
  window: z.number().int(),
  inFlight: z.number().int(),
  submitted: z.number().int(),
  receipts: z.number().int(),
  lastError: z.string().nullable(),
  /** From submit_sm to its response, of those answered lately; null when none was. */
  latencyP50Ms: z.number().nullable().default(null),
  latencyP95Ms: z.number().nullable().default(null),
  /** Segments answered a second, lately. */
  perSecond: z.number().nullable().default(null),
})
export type Heartbeat = z.infer<typeof Heartbeat>
