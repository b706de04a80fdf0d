import { randomUUID } from 'node:crypto'
import type { IdFormat, ReceiptIdFormat } from './settings.ts'

export interface IdFormats {
  response: IdFormat
  receipt: ReceiptIdFormat
}

/** The id in a submit_sm_resp, and the one in the receipts for it. */
export interface MessageIds {
  response: string
  receipt: string
}

type NumberFormat = Exclude<ReceiptIdFormat, 'same' | 'upper' | 'stripped'> | 'wide'

/** Added to a number that is to exceed 64 bits. */
const WIDE = 10n ** 30n

/** Writes one number as gateways write message ids. */
export function formatId(id: bigint, format: NumberFormat): string {
  switch (format) {
    case 'hex':
      return id.toString(16).padStart(16, '0')
    case 'short-hex':
      return id.toString(16)
    case 'HEX':
      return id.toString(16).toUpperCase()
    case 'decimal':
    case 'wide':
      return id.toString()
    case 'padded':
      return id.toString().padStart(20, '0')
  }
}

/**
 * Makes ids. Counted from the clock, no earlier life of the simulator gave them out as long as it takes less than a
 * million a second on average: receipts of an earlier life must not meet messages of this one.
 */
export function messageIdMaker(
  firstId: number | null,
  startedAtMs: number,
): (formats: IdFormats) => MessageIds {
  let next = firstId === null ? BigInt(startedAtMs) * 1_000_000n : BigInt(firstId)
  return (formats) => writeIds(next++, formats)
}

function writeIds(counted: bigint, { response: format, receipt }: IdFormats): MessageIds {
  const id = format === 'wide' ? counted + WIDE : counted
  const isNumber = typeof format === 'string' && format !== 'uuid'
  const response = isNumber ? formatId(id, format) : format === 'uuid' ? randomUUID() : format.constant
  switch (receipt) {
    case 'same':
      return { response, receipt: response }
    case 'upper':
      return { response, receipt: response.toUpperCase() }
    case 'stripped':
      return { response, receipt: response.replace(/^0+(?=.)/, '') }
    default:
      return { response, receipt: isNumber ? formatId(id, receipt) : response }
  }
}
