import { z } from 'zod'

/** An ESME account. `systemType` is checked only when it is set: most gateways ignore the field. */
export const SimulatorAccount = z.object({
  systemId: z.string().min(1).max(15),
  password: z.string().max(8),
  systemType: z.string().max(12).optional(),
  /** Binds open at the same time; one more is refused with ESME_RALYBND. */
  maxBinds: z.number().int().min(1).default(64),
})
export type SimulatorAccount = z.infer<typeof SimulatorAccount>

const Milliseconds = z.number().min(0).max(86_400_000)
const Range = z
  .object({ min: Milliseconds, max: Milliseconds })
  .refine((range) => range.min <= range.max, { message: 'min must not exceed max' })

export const SimulatorOptions = z.object({
  host: z.string().default('127.0.0.1'),
  /** 0 takes any free port; see `Simulator.port`. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** PEM; null speaks plain TCP. */
  tls: z.object({ cert: z.string(), key: z.string() }).nullable().default(null),
  accounts: z.array(SimulatorAccount).min(1),
  /** Refuse submit_sm without a value in the TLVs of entity (0x1400) and template (0x1401), as operators do. */
  requireDlt: z.boolean().default(true),
  responseDelayMs: Range.default({ min: 0, max: 0 }),
  receiptDelayMs: Range.default({ min: 200, max: 3_000 }),
  /** The word of the receipt → its weight. */
  outcomes: z
    .record(z.string().min(1).max(20), z.number().min(0))
    .default({ DELIVRD: 90, UNDELIV: 5, EXPIRED: 2, REJECTD: 3 })
    .refine((weights) => Object.values(weights).some((weight) => weight > 0), {
      message: 'at least one outcome needs a weight above 0',
    }),
  /** Outcomes and delays are a function of this, the destination and the text. */
  seed: z.string().default('dakghar'),
  /** How message ids are written in submit_sm_resp. */
  idFormat: z.enum(['hex', 'HEX', 'decimal', 'padded', 'uuid']).default('hex'),
  /** How receipts write them: some gateways answer in hexadecimal and report in decimal. */
  receiptIdFormat: z.enum(['same', 'hex', 'HEX', 'decimal', 'padded']).default('same'),
  /** Where receipts carry id and state: the text, the TLVs, or both. */
  receiptStyle: z.enum(['text', 'tlv', 'both']).default('both'),
  /** A link silent for this long is asked; one that does not answer within the same time is closed. */
  enquireLinkSeconds: z.number().positive().default(30),
  /** A connection that has not bound by then is closed. */
  sessionInitMs: Milliseconds.default(10_000),
  /** deliver_sm without an answer on one bind at any moment. */
  receiptWindow: z.number().int().min(1).default(500),
  /** A deliver_sm unanswered for this long is sent again. */
  receiptTimeoutMs: Milliseconds.default(10_000),
  /** Wait before a deliver_sm that was refused is sent again. */
  receiptRetryMs: Milliseconds.default(1_000),
  /** After so many tries a deliver_sm is given up. */
  receiptAttempts: z.number().int().min(1).default(20),
  /** Everything accepted and acknowledged is appended here as JSON lines, message texts included. */
  logFile: z.string().nullable().default(null),
})
export type SimulatorOptions = z.infer<typeof SimulatorOptions>
export type SimulatorInput = z.input<typeof SimulatorOptions>
