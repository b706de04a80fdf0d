/**
 * What the platform needs from the outside, in its own words. `aws/` implements these on AWS, `test/` wraps them in
 * hostile ones; nothing in `shared/` knows which it got.
 */
import type { CampaignRecord, CampaignSummary, Progress } from './campaign/record.ts'
import type { InboundMessage, InboundRecord } from './contracts/jobs.ts'
import type {
  ApiKeyRecord,
  AuditRecord,
  HeaderRecord,
  Heartbeat,
  SendingRecord,
  TemplateRecord,
  TenantRecord,
} from './contracts/records.ts'
import type { PoolConfig, RouteConfig } from './contracts/route.ts'
import type { QueueName } from './contracts/wiring.ts'
import type { CtaWhitelist } from './dlt/cta/whitelist.ts'
import type { DltRuleOverrides } from './dlt/rules/overrides.ts'
import type {
  BatchKey,
  BootId,
  CampaignId,
  EpochMs,
  Msisdn,
  PlanId,
  PoolId,
  RouteId,
  TenantId,
} from './ids.ts'
import type { Claim, PageFacts, ParkReason, Slice, UnplacedReceipt } from './ledger/facts.ts'
import type { PageSummary } from './ledger/summary.ts'
import type { SuppressionEntry } from './suppression/entry.ts'
import type { SuppressionList } from './suppression/list.ts'

export interface Clock {
  /** Wall clock: for facts and for humans. */
  now(): EpochMs
  /** Monotonic milliseconds: for durations and fences. Never goes back, means nothing elsewhere. */
  monotonicMs(): number
  /** Resolves after `ms`, earlier when the signal aborts (it then resolves too: callers look at the signal). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Ids {
  ulid(): string
}

export interface Random {
  /** In [0, 1). */
  next(): number
}

export interface QueueMessage {
  body: string
  /** Handle for delete and changeVisibility; changes with every receive. */
  receipt: string
  messageId: string
  receiveCount: number
  sentAt: EpochMs
}

export interface Queue {
  /**
   * Sends all bodies, ten to a request and within 1 MiB, retrying one by one those that failed for a passing reason.
   * @throws QueueError when some could not be sent; `unsent` holds their indexes. The others were sent.
   */
  send(queue: QueueName, bodies: readonly string[], options?: { delaySeconds?: number }): Promise<void>
  /** Long-polls for at most ten messages; an empty array when none came. Resolves early, empty, on abort. */
  receive(
    queue: QueueName,
    options: { max: number; waitSeconds: number; visibilitySeconds: number; signal?: AbortSignal },
  ): Promise<QueueMessage[]>
  /** Deletes copies; one already gone is not an error. */
  delete(queue: QueueName, receipts: readonly string[]): Promise<void>
  /** Sets how long from now the copies stay invisible (0 gives them back); an expired one is not an error. */
  changeVisibility(queue: QueueName, receipts: readonly string[], seconds: number): Promise<void>
  /** Approximate counts, as SQS gives them. */
  depth(queue: QueueName): Promise<{ visible: number; inFlight: number; delayed: number }>
}

/** What a worker offers when it asks for a batch. */
export interface ClaimBid extends BatchKey {
  owner: BootId
  lineHash: string
  now: EpochMs
  leaseUntil: EpochMs
  /** A lease must have ended this long ago before it is taken over. */
  takeoverGraceMs: number
  /** Bits to set at once, one character per message; merged with bits already set. */
  reserve: string
}

export type ClaimAnswer =
  /** The batch is the bidder's. `before` is what the claim said until now: whose bits were set, null when it is new. */
  | { granted: true; claim: Claim; before: Claim | null }
  | { granted: false; claim: Claim; why: 'live' | 'finished' | 'parked' | 'mismatch' }

/** The names of a claim an update must still find: else somebody took over and the update is refused. */
export interface Hold extends BatchKey {
  owner: BootId
  gen: number
}

export interface Ledger {
  claim(bid: ClaimBid): Promise<ClaimAnswer>
  /**
   * Each of these answers false when the claim is no longer `hold`'s (another owner or gen): the caller stops at once.
   * A repeat of a call whose first answer was lost answers true.
   */
  reserve(hold: Hold, reserved: string): Promise<boolean>
  renew(hold: Hold, leaseUntil: EpochMs): Promise<boolean>
  /** Held → parked; `reserved` keeps the bits of what may have been written. */
  park(hold: Hold, reserved: string, reason: ParkReason, notBefore: EpochMs): Promise<boolean>
  /** Held → queued: whoever has the copy next may claim it. */
  release(hold: Hold, reserved: string): Promise<boolean>
  /**
   * Held → finished, of claims whose every message has its outcome in the ledger: that is so whoever holds them by
   * now, and for ever, so it is written whatever stands there, and says nothing about the hold (docs/adr/0006).
   */
  finish(claims: readonly Claim[]): Promise<void>
  /** Parked → queued, by the feeder, after it sent the line again. */
  requeue(hold: Hold): Promise<boolean>
  /** Appends slices; writing the same slice twice writes the same item. Retries what DynamoDB left unprocessed. */
  append(slices: readonly Slice[]): Promise<void>
  /** All facts of a page, strongly consistent. */
  readPage(campaign: CampaignId, page: number): Promise<PageFacts>
  putUnplaced(receipts: readonly UnplacedReceipt[]): Promise<void>
  /**
   * When the latest receipt kept aside on the route arrived, strongly consistent; null when none was. It is told before
   * the receipt itself is there.
   */
  lastUnplacedAt(route: RouteId): Promise<EpochMs | null>
  /** Receipts kept aside under these id keys of the route, all classes. */
  findUnplaced(route: RouteId, idKeys: readonly string[]): Promise<UnplacedReceipt[]>
  /** Receipts kept aside for a number, newest first, at most 100. */
  unplacedByNumber(route: RouteId, msisdn: string): Promise<UnplacedReceipt[]>
  /** Stores the summary unless one that saw more facts is there; answers whether it was stored. */
  putSummary(campaign: CampaignId, page: number, summary: PageSummary): Promise<boolean>
  summaries(campaign: CampaignId): Promise<Map<number, PageSummary>>
}

export interface ObjectStore {
  put(key: string, body: string | Uint8Array, options?: { contentType?: string }): Promise<void>
  /** Streams a body of unknown length; nothing is visible under the key until it is complete. */
  putStream(
    key: string,
    body: AsyncIterable<Uint8Array | string>,
    options?: { contentType?: string },
  ): Promise<void>
  /** Null when there is no such object. */
  get(key: string): Promise<Buffer | null>
  getStream(key: string): Promise<{ bytes: number; body: AsyncIterable<Uint8Array> } | null>
  head(key: string): Promise<{ bytes: number; modifiedAt: EpochMs } | null>
  /** A form any HTTP client can post a file with: fields first, the file last, at most `maxBytes`. */
  presignPost(
    key: string,
    options: { maxBytes: number; expiresSeconds: number },
  ): Promise<{ url: string; fields: Record<string, string> }>
  presignGet(key: string, options: { expiresSeconds: number; fileName: string }): Promise<string>
}

/** What workers obey, polled with strong consistency; written before anything else when a campaign changes course. */
export interface Control {
  state: 'sending' | 'paused' | 'cancelled'
  at: EpochMs
}

export interface Registry {
  putTenant(tenant: TenantRecord): Promise<void>
  tenant(id: TenantId): Promise<TenantRecord | null>

  putKey(key: ApiKeyRecord): Promise<void>
  key(id: string): Promise<ApiKeyRecord | null>
  /** Oldest first, revoked ones too. */
  keysOf(tenant: TenantId): Promise<ApiKeyRecord[]>

  /** @throws Conflict `template_exists` when the id is registered already. */
  createTemplate(tenant: TenantId, template: TemplateRecord): Promise<void>
  template(tenant: TenantId, id: string): Promise<TemplateRecord | null>
  templates(tenant: TenantId): Promise<TemplateRecord[]>
  /** Replaces a template. @throws NotFound `template_not_found` when there is none with its id. */
  updateTemplate(tenant: TenantId, template: TemplateRecord): Promise<void>
  /**
   * Makes a sender header the tenant's, as DLT gives each header to one entity; one it has already stays as it is.
   * Answers the header as it stands. @throws Conflict `header_taken` when another tenant has it.
   */
  registerHeader(tenant: TenantId, header: HeaderRecord): Promise<HeaderRecord>
  headers(tenant: TenantId): Promise<HeaderRecord[]>
  /** Whose a sender header is; null when nobody has registered it. */
  headerOwner(name: string): Promise<TenantId | null>

  /** Where the tenant's rules differ from the defaults; nothing where nobody has said. */
  putRules(tenant: TenantId, overrides: DltRuleOverrides): Promise<void>
  rules(tenant: TenantId): Promise<DltRuleOverrides>
  /** What the tenant has whitelisted at its portal; null where nobody has said. */
  putCtas(tenant: TenantId, whitelist: CtaWhitelist): Promise<void>
  ctas(tenant: TenantId): Promise<CtaWhitelist | null>

  /**
   * Notes that the campaign sends what `fingerprint` names, for a day from its start. Answers null when it is noted; else
   * the note of another campaign that stands, unless that is `instead`, which gives way.
   */
  noteSending(
    tenant: TenantId,
    fingerprint: string,
    sending: SendingRecord,
    instead: CampaignId | null,
  ): Promise<SendingRecord | null>
  sending(tenant: TenantId, fingerprint: string): Promise<SendingRecord | null>

  /** Adds an entry; the same one twice is one. */
  putAudit(tenant: TenantId, entry: AuditRecord): Promise<void>
  /** Newest first. `before` is the cursor of the last page. */
  audit(
    tenant: TenantId,
    options: { limit: number; before?: string },
  ): Promise<{ items: AuditRecord[]; next: string | null }>

  createCampaign(campaign: CampaignRecord): Promise<void>
  campaign(tenant: TenantId, id: CampaignId): Promise<CampaignRecord | null>
  /**
   * Stores the record if the stored one still has `campaign.rev`, with rev + 1.
   * @throws Conflict `campaign_changed` (retryable) when it does not.
   */
  updateCampaign(campaign: CampaignRecord): Promise<CampaignRecord>
  /** Newest first. `before` is the cursor of the last page. */
  campaigns(
    tenant: TenantId,
    options: { limit: number; before?: string },
  ): Promise<{ items: CampaignRecord[]; next: string | null }>
  /** How far a check has come; ignored when the campaign is not checking that plan any more. Does not change rev. */
  noteProgress(tenant: TenantId, id: CampaignId, plan: PlanId, progress: Progress): Promise<void>
  /** Campaigns of all tenants whose `dueAt` has come, oldest first (eventually consistent). */
  dueCampaigns(now: EpochMs, limit: number): Promise<CampaignSummary[]>

  setControl(id: CampaignId, control: Control): Promise<void>
  /** Strongly consistent; a campaign without control is absent from the map. */
  controls(ids: readonly CampaignId[]): Promise<Map<CampaignId, Control>>

  putPool(pool: PoolConfig): Promise<void>
  pool(id: PoolId): Promise<PoolConfig | null>
  putRoute(route: RouteConfig): Promise<void>
  route(id: RouteId): Promise<RouteConfig | null>
  routes(): Promise<RouteConfig[]>
  putHeartbeat(route: RouteId, heartbeat: Heartbeat): Promise<void>
  heartbeats(route: RouteId): Promise<Heartbeat[]>

  /** Keeps a message received, once under its id; also for the tenant it is for, when that is known. */
  putInbound(id: string, message: InboundMessage, owner?: TenantId): Promise<void>
  /** Messages received on a route, newest first. */
  inbound(route: RouteId, limit: number): Promise<InboundMessage[]>
  /** Messages for a tenant, newest first, if their ids sort by time. `before` is the cursor of the last page. */
  inboundOf(
    tenant: TenantId,
    options: { limit: number; before?: string },
  ): Promise<{ items: InboundRecord[]; next: string | null }>

  /**
   * Remembers the answer of a request under the caller's Idempotency-Key for a day; answers the first one's when the
   * key was used before. @throws Conflict `idempotency_key_reused` when the request differs from the first.
   */
  once(tenant: TenantId, key: string, requestHash: string, answer: string): Promise<string>
  remembered(tenant: TenantId, key: string, requestHash: string): Promise<string | null>
}

/** Whom a tenant does not send to: what was said of single numbers, and lists imported whole. */
export interface Suppressions {
  /**
   * Writes down what was said of a number. A statement made earlier never replaces one made later (`statementOrder`),
   * and the same one twice is one. It is in {@link changedSince} before it is an entry.
   */
  putEntry(tenant: TenantId, entry: SuppressionEntry): Promise<void>
  entry(tenant: TenantId, msisdn: Msisdn): Promise<SuppressionEntry | null>
  /** The entries there are of these numbers, by number. */
  entriesOf(tenant: TenantId, msisdns: readonly Msisdn[]): Promise<Map<Msisdn, SuppressionEntry>>
  /** Ascending by number. `after` is the cursor of the last page. */
  entries(
    tenant: TenantId,
    options: { limit: number; after?: Msisdn },
  ): Promise<{ items: SuppressionEntry[]; next: Msisdn | null }>
  /**
   * Numbers of which something was written down at or after `since`, by the writer's clock; what is older than
   * `STATEMENT_LOG_DAYS` may be missing.
   */
  changedSince(tenant: TenantId, since: EpochMs): Promise<Set<Msisdn>>

  createList(tenant: TenantId, list: SuppressionList): Promise<void>
  list(tenant: TenantId, id: string): Promise<SuppressionList | null>
  /** Oldest first, removed ones too. */
  lists(tenant: TenantId): Promise<SuppressionList[]>
  /**
   * Stores the list if the stored one still has `list.rev`, with rev + 1.
   * @throws Conflict `suppression_list_changed` (retryable) when it does not.
   */
  updateList(tenant: TenantId, list: SuppressionList): Promise<SuppressionList>
}

/** Reads `{systemId, password}` of a route; read again after a refused bind, so that rotation needs no restart. */
export interface SecretSource {
  read(reference: string): Promise<{ systemId: string; password: string }>
}
