import { z } from 'zod'
import { chainFaults } from '../dlt/chain-faults.ts'
import { DIALECT_NAMES } from '../dlt/reasons/dialects.ts'
import { DltRuleOverrides } from '../dlt/rules/overrides.ts'
import { DltId, PoolId, RouteId, TenantId } from '../ids.ts'
import { ReasonOverrides } from './reason-override.ts'

/** Urgency of a message; follows from its template's category, see `laneOf`. */
export const Lane = z.enum(['otp', 'service', 'promotional'])
export type Lane = z.infer<typeof Lane>
/** Lanes in order of urgency. */
export const LANES: readonly Lane[] = Lane.options

const ChainMode = z.enum(['none', 'tmIds', 'hash'])

/** The PE-TM chain of one principal entity: registered per entity, so a shared route may carry several (facts A6). */
const EntityChain = z.strictObject({
  mode: ChainMode,
  /** In the order of the chain, the delivering one last; not needed when the TLV is left out. */
  telemarketerIds: z.array(z.string()).default([]),
})

const EntityChains = z.record(DltId, EntityChain).superRefine((chains, context) => {
  for (const [entity, { mode, telemarketerIds }] of Object.entries(chains)) {
    for (const { at, message } of mode === 'none' ? [] : chainFaults(entity, telemarketerIds)) {
      const path = typeof at === 'number' ? [entity, 'telemarketerIds', at] : [entity, 'telemarketerIds']
      context.addIssue({ code: 'custom', path, message })
    }
  }
})

/** How a gateway wants the vendor TLVs of Indian DLT (facts A5: tags and encoding differ per gateway). */
const DltTlvs = z.object({
  /** Tags of the principal entity's id, the template's id and the telemarketer chain. */
  entityTag: z.number().int().default(0x1400),
  templateTag: z.number().int().default(0x1401),
  chainTag: z.number().int().default(0x1402),
  /** Octet strings carry no NUL unless the gateway asks for it. */
  nulTerminated: z.boolean().default(false),
  /** What goes into the chain TLV: nothing, the telemarketer ids, or the SHA-256 of the chain. */
  chain: ChainMode.default('none'),
  /** Whether user_message_reference (SMPP 3.4 §5.3.2.17) goes along. */
  userMessageReference: z.boolean().default(false),
})

/** `pair`: a transmitter and a receiver instead of each transceiver, for gateways that have none (SMPP 3.4 §2.2). */
export const BindType = z.enum(['transceiver', 'pair'])
export type BindType = z.infer<typeof BindType>

/** An SMSC account: everything a bind worker must know to speak to it. The secret is a reference, never a value. */
export const RouteConfig = z
  .object({
    id: RouteId,
    pool: PoolId,
    host: z.string().min(1),
    port: z.number().int().min(1).max(65_535),
    tls: z.boolean().default(true),
    /** A plaintext route sends credentials and messages readable by anyone on the path: must be asked for. */
    allowPlaintext: z.boolean().default(false),
    /** PEM of the certificate authority to trust instead of the system's, for gateways with a private one. */
    tlsCa: z.string().optional(),
    /** The name the certificate must carry when it is not `host`. */
    tlsServerName: z.string().optional(),
    /** Where the JSON text `{systemId, password}` is read from. */
    secret: z
      .string()
      .regex(/^(env|file|secretsmanager):.+/, 'must be env:NAME, file:PATH or secretsmanager:NAME'),
    /** SMPP 3.4 §5.2.3; the gateway of the guide takes "" or "GCM". */
    systemType: z.string().max(12).default(''),
    bindType: BindType.default('transceiver'),
    /** SMPP connections held open at the same time; of pairs, which are two connections each, how many pairs. */
    binds: z.number().int().min(1).max(64).default(2),
    /** How many submit_sm may await their response on a bind: `max`; `min` is kept for a window that adapts. */
    window: z
      .object({ min: z.number().int().min(1), max: z.number().int().min(1).max(2_000) })
      .default({ min: 10, max: 100 }),
    /** Segments per second over all binds of the route. */
    tps: z.number().positive().max(100_000).default(100),
    /** Queues of the pool that its worker pulls from. */
    lanes: z.array(Lane).min(1).default(['otp', 'service', 'promotional']),
    /** Silence on a bind after which enquire_link asks whether the SMSC is still there. */
    enquireLinkSeconds: z.number().min(10).max(60).default(30),
    /** A submit_sm without a response for so long is `unconfirmed`. */
    responseTimeoutMs: z.number().int().min(100).default(60_000),
    /** Type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6): 5/0 alphanumeric sender, 1/1 MSISDN. */
    sourceTon: z.number().int().min(0).max(6).default(5),
    sourceNpi: z.number().int().min(0).max(18).default(0),
    destTon: z.number().int().min(0).max(6).default(1),
    destNpi: z.number().int().min(0).max(18).default(1),
    dlt: DltTlvs.prefault({}),
    /** For the chain TLV, in the order of the chain, the delivering one last (facts A6). */
    telemarketerIds: z.array(DltId).default([]),
    /** Principal entities whose chain is another one than `dlt.chain` and `telemarketerIds` say, by their id. */
    chains: EntityChains.default({}),
    /** How the gateway's ids in receipts relate to those in responses (facts C2); `auto` learns. */
    idMode: z.enum(['raw', 'hex', 'dec', 'auto']).default('raw'),
    /** Zone of the dates inside receipts, for display only. */
    receiptTimeZone: z.string().default('Asia/Kolkata'),
    /** command_status (decimal as text) → class, where this gateway differs from the table. */
    statusOverrides: z
      .record(z.string(), z.enum(['permanent', 'throttled', 'queueFull', 'transient', 'fatal']))
      .default({}),
    /** How the gateway numbers its errors, where that is known; see docs/dlt.md. */
    dialect: z.enum(DIALECT_NAMES).default('default'),
    /** Code (`err:633`) → what it means here, where this gateway's codes mean something else: a sentence, or more. */
    reasonOverrides: ReasonOverrides.default({}),
    /** Where the operator behind this gateway reads DLT differently from the default rules; see docs/dlt.md. */
    dltRules: DltRuleOverrides.default({}),
    /**
     * Short codes and numbers that subscribers write to over this route, each with the tenant it is rented for: whose
     * a STOP sent there is.
     */
    inboundOwners: z.record(z.string().regex(/^\d{3,15}$/, 'must be digits'), TenantId).default({}),
    /**
     * How a long message travels: parts with a UDH before the text, parts marked by SAR TLVs, or whole in
     * message_payload, for the gateway to cut (facts C5).
     */
    longMessage: z.enum(['udh', 'sar', 'payload']).default('udh'),
  })
  .refine((route) => route.tls || route.allowPlaintext, {
    path: ['tls'],
    message: 'a route without TLS needs allowPlaintext: true',
  })
  .refine((route) => route.window.min <= route.window.max, {
    path: ['window'],
    message: 'window.min must not exceed window.max',
  })
export type RouteConfig = z.infer<typeof RouteConfig>
export type RouteInput = z.input<typeof RouteConfig>

/** Interchangeable routes: what holds for a message on one holds on all. */
export const PoolConfig = z.object({
  id: PoolId,
  /** Reference numbers in the UDH: 8 bit leaves 153/67 per part, 16 bit 152/66 (3GPP TS 23.040 §9.2.3.24). */
  referenceBits: z.union([z.literal(8), z.literal(16)]).default(8),
  /** Whether the gateway sends a receipt for every part or one for the message. */
  receipts: z.enum(['part', 'message']).default('part'),
  /** Each has a dispatch queue of its own. */
  lanes: z.array(Lane).min(1).default(['otp', 'service', 'promotional']),
})
export type PoolConfig = z.infer<typeof PoolConfig>
