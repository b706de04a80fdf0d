/** What code may say about what it does. Fields carry no message text, and numbers only masked. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** Says nothing: for tests and measurements. */
export const silentLog: Log = { info() {}, warn() {}, error() {} }

/** `919876543210` → `91987xxxx210`: enough to find it in a report, too little to call. */
export function maskMsisdn(msisdn: string): string {
  if (msisdn.length < 8) return 'x'.repeat(msisdn.length)
  return `${msisdn.slice(0, 5)}${'x'.repeat(msisdn.length - 8)}${msisdn.slice(-3)}`
}
