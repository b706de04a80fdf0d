import { z } from 'zod'
import { DltRuleOverrides } from '../../shared/dlt/rules/overrides.ts'
import { STATUS } from '../../shared/smpp/codec.ts'
import { Milliseconds } from '../faults/latency.ts'
import { NUMBERINGS } from './codes.ts'
import { DltRegistry } from './registry.ts'

/** How the SMSC compares messages with what is registered on DLT, and what it does with those that do not fit. */
export const Scrub = z.strictObject({
  registry: DltRegistry,
  /** In a receipt, as most gateways do, or in the answer to submit_sm, which then waits for all parts of a message. */
  answer: z.enum(['receipt', 'submit']).default('receipt'),
  /** Whose error numbers the receipts carry. */
  codes: z.enum(NUMBERINGS).default('6xx'),
  /** The word of these receipts. */
  stat: z.enum(['UNDELIV', 'REJECTD']).default('UNDELIV'),
  /** The command_status of answers that refuse. */
  status: z.number().int().min(1).default(STATUS.ESME_RSUBMITFAIL!),
  /** What becomes of messages whose entity, header or template is in no entry of the registry. */
  unknown: z.enum(['refuse', 'pass']).default('refuse'),
  /** Parts that wait longer for the others of their message are refused. */
  partsWithinMs: Milliseconds.default(10_000),
  /** How this operator reads variables, hours and line ends, where otherwise than `scrubber.ts` says. */
  rules: DltRuleOverrides.default({}),
})
export type Scrub = z.infer<typeof Scrub>
export type ScrubInput = z.input<typeof Scrub>
