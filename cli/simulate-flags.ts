/** The flags of `dakghar simulate`, read into the simulator's options. */
import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { SimulatorInput } from '../simulator/options.ts'
import { Scrub } from '../simulator/scrub/setting.ts'
import { InputError, UsageError } from './command.ts'
import { readJsonFile } from './input.ts'

export const FLAGS = {
  port: { type: 'string' },
  host: { type: 'string' },
  'system-id': { type: 'string', default: 'demo' },
  password: { type: 'string', default: 'demo' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  scenario: { type: 'string', default: 'ordinary' },
  outcomes: { type: 'string' },
  'receipt-delay': { type: 'string' },
  'response-delay': { type: 'string' },
  'no-dlt': { type: 'boolean' },
  scrub: { type: 'string' },
  seed: { type: 'string' },
  log: { type: 'string' },
  json: { type: 'boolean' },
} as const

export const readFlags = (args: string[]) => parseArgs({ args, options: FLAGS }).values
type Flags = ReturnType<typeof readFlags>

/** Ports of the gateway guide: 2775 is SMPP's registered one, 2776 its TLS neighbour. */
const PLAIN_PORT = 2775
const TLS_PORT = 2776

/** What the flags say; a flag not given leaves the scenario's word, or the simulator's default. */
export async function optionsOf(flags: Flags): Promise<SimulatorInput> {
  const tls = await readTls(flags['tls-cert'], flags['tls-key'])
  return {
    accounts: [{ systemId: flags['system-id'], password: flags.password }],
    tls,
    port: flags.port === undefined ? (tls ? TLS_PORT : PLAIN_PORT) : wholeNumber('--port', flags.port),
    ...(flags.host !== undefined && { host: flags.host }),
    ...(flags.outcomes !== undefined && { outcomes: weights(flags.outcomes) }),
    ...(flags['receipt-delay'] !== undefined && {
      receiptDelayMs: range('--receipt-delay', flags['receipt-delay']),
    }),
    ...(flags['response-delay'] !== undefined && {
      responseDelayMs: range('--response-delay', flags['response-delay']),
    }),
    ...(flags['no-dlt'] && { requireDlt: false }),
    ...(flags.scrub !== undefined && { scrub: await readJsonFile(flags.scrub, Scrub, 'scrub setting') }),
    ...(flags.seed !== undefined && { seed: flags.seed }),
    ...(flags.log !== undefined && { logFile: flags.log }),
  }
}

async function readTls(cert?: string, key?: string): Promise<{ cert: string; key: string } | null> {
  if (cert === undefined && key === undefined) return null
  if (cert === undefined || key === undefined) throw new UsageError('--tls-cert and --tls-key go together')
  return { cert: await readPem(cert), key: await readPem(key) }
}

async function readPem(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new InputError(`cannot read ${file}: ${(cause as Error).message}`, cause)
  }
}

function wholeNumber(flag: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`${flag} must be a whole number, not "${text}"`)
  return Number(text)
}

function range(flag: string, text: string): { min: number; max: number } {
  const [min = '', max = min, ...more] = text.split('-')
  if (more.length > 0) throw new UsageError(`${flag} must be milliseconds, as 500 or 200-3000, not "${text}"`)
  return { min: wholeNumber(flag, min), max: wholeNumber(flag, max) }
}

function weights(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((entry) => {
      const match = /^\s*(\w+)=(\d{1,9})\s*$/.exec(entry)
      if (!match) throw new UsageError(`--outcomes must look like DELIVRD=90,UNDELIV=10, not "${text}"`)
      return [match[1]!, Number(match[2])]
    }),
  )
}
