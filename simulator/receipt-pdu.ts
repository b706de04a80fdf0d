/** A receipt as an SMSC writes it: SMPP 3.4 Appendix B in the text, §5.3.2.12 and §5.3.2.35 in the TLVs. */
import type { PduFields } from '../shared/smpp/codec.ts'
import { stateOfWord, statusOfStat } from '../shared/smpp/states.ts'
import type { SimulatorOptions } from './options.ts'
import type { SubmitRecord } from './truth.ts'

const ESM_RECEIPT = 0x04
/** message_state of words outside the specification, by what they mean. */
const STATE_OF_STATUS = { delivered: 2, expired: 3, undelivered: 5, pending: 6, rejected: 8 } as const
/** network_error_code: GSM (SMPP 3.4 §5.3.2.31). */
const NETWORK_GSM = 3
const INDIA_OFFSET_MS = 5.5 * 3_600_000

/** Fields of the deliver_sm that reports on `record`. */
export function receiptFields(
  record: SubmitRecord,
  doneAt: number,
  style: SimulatorOptions['receiptStyle'],
): PduFields {
  const stat = record.stat ?? 'UNKNOWN'
  const fields: PduFields = {
    source_addr_ton: 1,
    source_addr_npi: 1,
    source_addr: record.to,
    dest_addr_ton: 5,
    dest_addr_npi: 0,
    destination_addr: record.source,
    esm_class: ESM_RECEIPT,
    data_coding: 0,
    short_message: Buffer.from(style === 'tlv' ? '' : receiptLine(record, stat, doneAt), 'latin1'),
  }
  if (style === 'text') return fields
  fields.receipted_message_id = Buffer.from(`${record.receiptId}\0`, 'latin1')
  fields.message_state = stateOfWord(stat) ?? STATE_OF_STATUS[statusOfStat(stat)]
  if (style === 'tlv') {
    const code = Number.parseInt(record.err, 10) || 0
    fields.network_error_code = Buffer.from([NETWORK_GSM, code >> 8, code & 0xff])
  }
  return fields
}

function receiptLine(record: SubmitRecord, stat: string, doneAt: number): string {
  const delivered = stat === 'DELIVRD' ? '001' : '000'
  const text = record.dataCoding === 0 ? record.octets.slice(0, 20) : ''
  return (
    `id:${record.receiptId} sub:001 dlvrd:${delivered} submit date:${receiptDate(record.at)} ` +
    `done date:${receiptDate(doneAt)} stat:${stat} err:${record.err} text:${text}`
  )
}

/** YYMMDDhhmm in the zone of an Indian SMSC. */
export function receiptDate(epochMs: number): string {
  const iso = new Date(epochMs + INDIA_OFFSET_MS).toISOString()
  return `${iso.slice(2, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}`
}
