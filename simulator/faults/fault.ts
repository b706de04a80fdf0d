/**
 * Everything a simulator can do wrong. Each fault is explained where it bites: `bind-faults.ts`, `submit-faults.ts`,
 * `deliver-faults.ts`, `connection-faults.ts`.
 */
import { z } from 'zod'
import { BindFault } from './bind-faults.ts'
import { ConnectionFault, ConnectionStrike } from './connection-faults.ts'
import { DeliveryStrike, DialectFault, ReceiptFault } from './deliver-faults.ts'
import { SubmitFault } from './submit-faults.ts'

/** In force from one moment to another. */
export const LastingFault = z.discriminatedUnion('fault', [
  BindFault,
  SubmitFault,
  DialectFault,
  ReceiptFault,
  ConnectionFault,
])
export type LastingFault = z.infer<typeof LastingFault>

/** Over as soon as it happened. */
export const Strike = z.discriminatedUnion('fault', [ConnectionStrike, DeliveryStrike])
export type Strike = z.infer<typeof Strike>

export const Fault = z.discriminatedUnion('fault', [LastingFault, Strike])
export type Fault = z.infer<typeof Fault>
export type FaultInput = z.input<typeof Fault>

export const isStrike = (fault: Fault): fault is Strike => Strike.safeParse(fault).success
