import { z } from 'zod'
import { Scenario } from './faults/scenario.ts'
import { Settings } from './settings.ts'

/** An ESME account. `systemType` is checked only when it is set: most gateways ignore the field. */
export const SimulatorAccount = z.object({
  systemId: z.string().min(1).max(15),
  password: z.string().max(8),
  systemType: z.string().max(12).optional(),
  /** Binds open at the same time; one more is refused with ESME_RALYBND. */
  maxBinds: z.number().int().min(1).default(64),
})
export type SimulatorAccount = z.infer<typeof SimulatorAccount>

const { shape } = Settings

/** See `settings.ts` for what the steady ones mean. */
export const SimulatorOptions = z.object({
  host: z.string().default('127.0.0.1'),
  /** 0 takes any free port; see `Simulator.port`. */
  port: z.number().int().min(0).max(65_535).default(0),
  /** PEM; null speaks plain TCP. */
  tls: z.object({ cert: z.string(), key: z.string() }).nullable().default(null),
  accounts: z.array(SimulatorAccount).min(1),
  /** Everything accepted and acknowledged is appended here as JSON lines, message texts included. */
  logFile: z.string().nullable().default(null),
  /** Receipts still to come when it is closed are kept here, and delivered when it is started again. */
  owedFile: z.string().nullable().default(null),
  /** What goes wrong when. Its settings give way to those beside it. */
  scenario: Scenario.default({ summary: '', settings: {}, events: [] }),

  requireDlt: shape.requireDlt.default(true),
  scrub: shape.scrub.default(null),
  responseDelayMs: shape.responseDelayMs.default({ fixedMs: 0 }),
  receiptDelayMs: shape.receiptDelayMs.default({ min: 200, max: 3_000 }),
  outcomes: shape.outcomes.default({ DELIVRD: 90, UNDELIV: 5, EXPIRED: 2, REJECTD: 3 }),
  seed: shape.seed.default('dakghar'),
  idFormat: shape.idFormat.default('hex'),
  receiptIdFormat: shape.receiptIdFormat.default('same'),
  firstId: shape.firstId.default(null),
  receiptStyle: shape.receiptStyle.default('both'),
  enquireLinkSeconds: shape.enquireLinkSeconds.default(30),
  sessionInitMs: shape.sessionInitMs.default(10_000),
  receiptWindow: shape.receiptWindow.default(500),
  receiptTimeoutMs: shape.receiptTimeoutMs.default(10_000),
  receiptRetryMs: shape.receiptRetryMs.default(1_000),
  receiptAttempts: shape.receiptAttempts.default(20),
})
export type SimulatorOptions = z.infer<typeof SimulatorOptions>
export type SimulatorInput = z.input<typeof SimulatorOptions>
