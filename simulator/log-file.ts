import { createWriteStream } from 'node:fs'
import { type TruthEvent, textOf } from './truth.ts'

/** Appends what happens to a file, one JSON object a line. Message texts are in it: that is what it is for. */
export interface LogFile {
  tell(event: TruthEvent): void
  close(): Promise<void>
}

export function openLogFile(path: string): LogFile {
  const stream = createWriteStream(path, { flags: 'a' })
  let failure: Error | null = null
  stream.on('error', (error) => {
    failure = error
  })
  return {
    tell(event) {
      stream.write(`${JSON.stringify(lineOf(event))}\n`)
    },
    close: () =>
      new Promise((resolve, reject) => {
        stream.end(() => (failure ? reject(failure) : resolve()))
      }),
  }
}

function lineOf(event: TruthEvent): Record<string, unknown> {
  const { record } = event
  if (event.kind === 'receipt_acked') {
    const { messageId, stat, err } = record
    return { event: event.kind, messageId, stat, err, at: event.at }
  }
  const {
    octets: _octets,
    responded: _responded,
    receiptsSent: _sent,
    receiptAckedAt: _acked,
    ...kept
  } = record
  return { event: event.kind, ...kept, text: textOf(record) }
}
