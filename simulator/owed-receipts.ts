import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { SubmitRecord } from './truth.ts'
import type { TruthLog } from './truth-log.ts'

/**
 * Receipts an SMSC still owes when it is closed, kept in a file and delivered by its next life, as a real one would.
 * Whatever it had accepted and not seen acknowledged is in there; a kill leaves no file.
 */
export function keepOwedReceipts(path: string, log: TruthLog): void {
  const owed = log.records.filter((record) => record.stat !== null && record.receiptAckedAt === null)
  writeFileSync(path, owed.map((record) => `${JSON.stringify(record)}\n`).join(''))
}

/** What the life before owed; forgotten here once it was read. */
export function takeOwedReceipts(path: string): SubmitRecord[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  rmSync(path)
  return lines.map((line) => JSON.parse(line))
}
