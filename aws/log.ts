import { Logger } from '@aws-lambda-powertools/logger'
import { type Log, maskMsisdn } from '../shared/log.ts'
import type { AwsConfig } from './config.ts'

/** Fields that may hold a subscriber's number; `from` may also be a sender header, which stays readable. */
const NUMBER_FIELDS = new Set(['to', 'from', 'msisdn'])
const LOOKS_LIKE_NUMBER = /^\+?\d{10,15}$/

/**
 * Hides numbers on their way into a log, wherever in the fields they stand: for JSON.stringify, which hands over
 * every key with its value.
 */
export function maskNumbers(key: string, value: unknown): unknown {
  if (!NUMBER_FIELDS.has(key)) return value
  return Array.isArray(value) ? value.map(masked) : masked(value)
}

const masked = (value: unknown) => {
  const text = String(value)
  return LOOKS_LIKE_NUMBER.test(text) ? maskMsisdn(text) : value
}

/** JSON lines on stdout, as CloudWatch wants them. */
export function powertoolsLog(config: Pick<AwsConfig, 'logLevel'>, service = 'dakghar'): Log {
  const logger = new Logger({
    serviceName: service,
    logLevel: config.logLevel,
    jsonReplacerFn: maskNumbers,
  })
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  }
}
