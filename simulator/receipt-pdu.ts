/** A receipt as an SMSC writes it: SMPP 3.4 Appendix B in the text, §5.3.2.12 and §5.3.2.35 in the TLVs. */
import type { PduFields } from '../shared/smpp/codec.ts'
import { stateOfWord, statusOfStat } from '../shared/smpp/states.ts'
import { encodeUcs2 } from '../shared/sms/ucs2.ts'
import type { ReceiptStyle } from './settings.ts'
import type { SubmitRecord } from './truth.ts'

/** How a gateway writes receipts. */
export interface ReceiptDialect {
  readonly style: ReceiptStyle
  /** The text in message_payload instead of short_message. */
  readonly inPayload: boolean
  readonly octets: 'ascii' | 'ucs2'
  /** data_coding, whatever the octets are. */
  readonly label: number
  readonly dates: DateDialect
}

export interface DateDialect {
  /** Months counted from 0, as JavaScript does. */
  readonly monthEarly: boolean
  /** East of Greenwich. */
  readonly zoneMinutes: number
  readonly seconds: boolean
}

const INDIAN_DATES: DateDialect = { monthEarly: false, zoneMinutes: 330, seconds: false }

export const plainDialect = (style: ReceiptStyle): ReceiptDialect => ({
  style,
  inPayload: false,
  octets: 'ascii',
  label: 0,
  dates: INDIAN_DATES,
})

/** esm_class of a receipt, and of a notification that is not final (SMPP 3.4 §5.2.12). */
const ESM_RECEIPT = 0x04
const ESM_INTERMEDIATE = 0x20
/** message_state of words outside the specification, by what they mean. */
const STATE_OF_STATUS = { delivered: 2, expired: 3, undelivered: 5, pending: 6, rejected: 8 } as const
/** network_error_code: GSM (SMPP 3.4 §5.3.2.31). */
const NETWORK_GSM = 3
/** What short_message holds (SMPP 3.4 §5.2.21). */
const SHORT_MESSAGE_OCTETS = 254

/** What a receipt reports, beside the message. */
export interface Report {
  stat: string
  err: string
  as: 'receipt' | 'notification'
}

/** Fields of the deliver_sm that reports on `record`. */
export function receiptFields(
  record: Pick<SubmitRecord, 'receiptId' | 'source' | 'to' | 'at' | 'dataCoding' | 'octets'>,
  report: Report,
  doneAt: number,
  dialect: ReceiptDialect,
): PduFields {
  const line = dialect.style === 'tlv' ? '' : receiptLine(record, report, doneAt, dialect.dates)
  const octets = dialect.octets === 'ucs2' ? encodeUcs2(line) : Buffer.from(line, 'latin1')
  const inPayload = octets.length > 0 && (dialect.inPayload || octets.length > SHORT_MESSAGE_OCTETS)
  const fields: PduFields = {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: record.to,
    dest_addr_ton: 5,
    dest_addr_npi: 0,
    destination_addr: record.source,
    esm_class: report.as === 'receipt' ? ESM_RECEIPT : ESM_INTERMEDIATE,
    data_coding: dialect.label,
    short_message: inPayload ? Buffer.alloc(0) : octets,
  }
  if (inPayload) fields.message_payload = octets
  if (dialect.style === 'text') return fields
  fields.receipted_message_id = Buffer.from(`${record.receiptId}\0`, 'latin1')
  fields.message_state = stateOfWord(report.stat) ?? STATE_OF_STATUS[statusOfStat(report.stat)]
  if (dialect.style === 'tlv') {
    const code = Number.parseInt(report.err, 10) || 0
    fields.network_error_code = Buffer.from([NETWORK_GSM, code >> 8, code & 0xff])
  }
  return fields
}

function receiptLine(
  record: Pick<SubmitRecord, 'receiptId' | 'at' | 'dataCoding' | 'octets'>,
  { stat, err }: Report,
  doneAt: number,
  dates: DateDialect,
): string {
  const delivered = stat === 'DELIVRD' ? '001' : '000'
  const text = record.dataCoding === 0 ? record.octets.slice(0, 20) : ''
  return (
    `id:${record.receiptId} sub:001 dlvrd:${delivered} submit date:${receiptDate(record.at, dates)} ` +
    `done date:${receiptDate(doneAt, dates)} stat:${stat} err:${err} text:${text}`
  )
}

/** YYMMDDhhmm, in the zone of an Indian SMSC unless told otherwise. */
export function receiptDate(epochMs: number, dates: DateDialect = INDIAN_DATES): string {
  const iso = new Date(epochMs + dates.zoneMinutes * 60_000).toISOString()
  const month = dates.monthEarly ? String(Number(iso.slice(5, 7)) - 1).padStart(2, '0') : iso.slice(5, 7)
  const seconds = dates.seconds ? iso.slice(17, 19) : ''
  return `${iso.slice(2, 4)}${month}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}${seconds}`
}
