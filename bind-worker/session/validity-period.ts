import type { EpochMs } from '../../shared/ids.ts'

/**
 * validity_period in absolute form, `YYMMDDhhmmsstnnp` (SMPP 3.4 §7.1.1): in UTC, so offset `00` and sign `+`. Parts of
 * a second are cut off, never up: the message must not live past the moment given.
 */
export function validityPeriod(end: EpochMs): string {
  const digits = new Date(end).toISOString().replace(/\D/g, '')
  return `${digits.slice(2, 14)}000+`
}
