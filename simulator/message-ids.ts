import { randomUUID } from 'node:crypto'
import type { SimulatorOptions } from './options.ts'

type IdFormat = SimulatorOptions['idFormat']

/** Writes one number as gateways write message ids. */
export function formatId(id: bigint, format: Exclude<IdFormat, 'uuid'>): string {
  switch (format) {
    case 'hex':
      return id.toString(16).padStart(16, '0')
    case 'HEX':
      return id.toString(16).toUpperCase()
    case 'decimal':
      return id.toString()
    case 'padded':
      return id.toString().padStart(20, '0')
  }
}

/** The id in a submit_sm_resp, and the one in the receipts for it. */
export interface MessageIds {
  response: string
  receipt: string
}

/**
 * Makes ids that no earlier life of the simulator gave out, as long as it takes less than a million a second on
 * average: receipts of an earlier life must not meet messages of this one.
 */
export function messageIdMaker(
  options: Pick<SimulatorOptions, 'idFormat' | 'receiptIdFormat'>,
  startedAtMs: number,
): () => MessageIds {
  const { idFormat, receiptIdFormat } = options
  let last = BigInt(startedAtMs) * 1_000_000n
  return () => {
    last++
    const response = idFormat === 'uuid' ? randomUUID() : formatId(last, idFormat)
    const alike = receiptIdFormat === 'same' || idFormat === 'uuid'
    return { response, receipt: alike ? response : formatId(last, receiptIdFormat) }
  }
}
