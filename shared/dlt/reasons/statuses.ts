/**
 * command_status of submit_sm_resp as a reason. What a value means, and whether the worker tried again, is in one table
 * (`shared/smpp/status-class.ts`); here only which reason of the catalogue that is.
 */
import { classify, type StatusClass } from '../../smpp/status-class.ts'
import type { ReasonSlug } from './catalogue.ts'
import { type CodesByReason, reasonByCode } from './reason.ts'

/** In decimal, of values below 0x400: SMPP 3.4 leaves those from there to 0x4FF to vendors, and so to dialects. */
export const STATUS_REASONS: CodesByReason<ReasonSlug> = {
  message_too_long: '1',
  header_refused: '10',
  number_invalid: '11',
  long_message_refused: '67',
  dlt_fields_wrong: '69 195-196',
  undelivered: '254',
}

const BY_CLASS: Readonly<Record<Exclude<StatusClass, 'ok'>, ReasonSlug>> = {
  permanent: 'gateway_refused',
  throttled: 'gateway_busy',
  queueFull: 'gateway_busy',
  transient: 'gateway_fault',
  fatal: 'bind_refused',
}

const FIRST_VENDOR_STATUS = 0x400

const SPECIFIC = reasonByCode(STATUS_REASONS)

/** The reason for a command_status of SMPP 3.4 other than ESME_ROK; null for 0, vendors' and reserved values. */
export function reasonOfStatus(status: number): ReasonSlug | null {
  const { name, class: statusClass } = classify(status)
  if (status >= FIRST_VENDOR_STATUS || name === 'RESERVED' || statusClass === 'ok') return null
  return SPECIFIC.get(String(status)) ?? BY_CLASS[statusClass]
}

/** What the table of command_status says of such a value; null where {@link reasonOfStatus} is. */
export function sentenceOfStatus(status: number): string | null {
  return reasonOfStatus(status) === null ? null : classify(status).sentence
}
