export interface QueueEntry {
  /** Place of the body in what the caller wants sent. */
  index: number
  body: string
}

/** SQS: entries and bytes per SendMessageBatch request. */
const MAX_ENTRIES = 10
const MAX_REQUEST_BYTES = 1024 * 1024

/** Bodies in their order, as few requests as the limits of SQS allow without reordering. */
export function packBatches(bodies: readonly string[]): QueueEntry[][] {
  const batches: QueueEntry[][] = []
  let open: QueueEntry[] = []
  let openBytes = 0
  for (const [index, body] of bodies.entries()) {
    const bytes = Buffer.byteLength(body)
    if (open.length === MAX_ENTRIES || (open.length > 0 && openBytes + bytes > MAX_REQUEST_BYTES)) {
      batches.push(open)
      open = []
      openBytes = 0
    }
    open.push({ index, body })
    openBytes += bytes
  }
  if (open.length > 0) batches.push(open)
  return batches
}
