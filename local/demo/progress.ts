import type { Campaign } from './api-client.ts'

/** One line: where the recipients of all campaigns stand. */
export function progressLine(campaigns: readonly Campaign[], elapsedMs: number): string {
  const statuses: Record<string, number> = {}
  let rows = 0
  for (const { progress, numbers, totals } of campaigns) {
    rows += numbers ? numbers.accepted + numbers.invalid + numbers.duplicates : (progress?.rows ?? 0)
    for (const [status, count] of Object.entries(totals?.statuses ?? {})) {
      statuses[status] = (statuses[status] ?? 0) + count
    }
  }
  const counts = Object.entries(statuses).map(([status, count]) => `${status} ${count}`)
  return [`${(elapsedMs / 1_000).toFixed(1)} s`, `rows checked ${rows}`, ...counts].join(' · ')
}

/** Writes lines over each other on a terminal, and now and then elsewhere. */
export function progressPrinter(
  stream: NodeJS.WriteStream,
  everyMs: number,
): { print(line: string, elapsedMs: number): void; end(): void } {
  let printedAtMs = Number.NEGATIVE_INFINITY
  return {
    print(line, elapsedMs) {
      if (stream.isTTY) stream.write(`\r\u001b[K${line.slice(0, (stream.columns ?? 80) - 1)}`)
      else if (elapsedMs - printedAtMs >= everyMs) {
        printedAtMs = elapsedMs
        stream.write(`${line}\n`)
      }
    },
    end() {
      if (stream.isTTY) stream.write('\n')
    },
  }
}
