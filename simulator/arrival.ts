import type { Session } from './session.ts'
import type { SubmitRuling } from './submit-ruling.ts'
import type { SubmitRecord } from './truth.ts'

/** A submit_sm that is in order and not lost, with what was decided about it. */
export interface Arrival {
  session: Session
  sequence: number
  record: SubmitRecord
  ruling: SubmitRuling
  /** How long after the verdict its receipt comes. */
  receiptDelayMs: number
}
