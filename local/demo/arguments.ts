import { parseArgs } from 'node:util'
import { z } from 'zod'
import { InvalidInput } from '../../shared/errors.ts'
import type { PlatformOptions } from '../platform.ts'

export const DEMO_USAGE = `npm run demo -- [--recipients N] [--json] [--verbose]
                [--smsc HOST:PORT [--plain] --system-id S --password P]

Starts the whole platform on this machine, uploads a CSV through its API, sends it, waits until every
recipient is settled and prints the report. Exit code 0 only when everything is accounted for.

  --recipients N   how many recipients (2000)
  --json           one JSON object on the last line instead of the table
  --verbose        what the processes log, on stderr
  --smsc HOST:PORT another SMSC instead of the simulator; TLS unless --plain`

const MAX_RECIPIENTS = 10_000_000
const WHOLE_NUMBER = `must be a whole number from 1 to ${MAX_RECIPIENTS}`

const Arguments = z
  .object({
    recipients: z.coerce
      .number(WHOLE_NUMBER)
      .int(WHOLE_NUMBER)
      .min(1, WHOLE_NUMBER)
      .max(MAX_RECIPIENTS, WHOLE_NUMBER)
      .default(2_000),
    json: z.boolean().default(false),
    verbose: z.boolean().default(false),
    help: z.boolean().default(false),
    smsc: z
      .string()
      .regex(/^[^:]+:\d{1,5}$/, 'must be HOST:PORT')
      .optional(),
    plain: z.boolean().default(false),
    'system-id': z.string().min(1).max(15).optional(),
    password: z.string().max(64).optional(),
  })
  .refine((args) => !args.smsc || (args['system-id'] !== undefined && args.password !== undefined), {
    path: ['smsc'],
    message: 'needs --system-id and --password',
  })

export interface DemoArguments {
  recipients: number
  json: boolean
  verbose: boolean
  help: boolean
  smsc: PlatformOptions['smsc']
}

/** @throws InvalidInput `bad_arguments` naming every argument that is wrong. */
export function demoArguments(argv: readonly string[]): DemoArguments {
  const parsed = Arguments.safeParse(rawArguments(argv))
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`)
    throw badArguments(faults.join('\n'))
  }
  const { recipients, json, verbose, help, smsc, plain, password } = parsed.data
  const account = { systemId: parsed.data['system-id'] ?? '', password: password ?? '' }
  const [host = '', port] = smsc?.split(':') ?? []
  const tls = plain ? null : ('system' as const)
  return {
    recipients,
    json,
    verbose,
    help,
    smsc: smsc === undefined ? undefined : { host, port: Number(port), tls, account },
  }
}

const OPTIONS = {
  recipients: { type: 'string' },
  json: { type: 'boolean' },
  verbose: { type: 'boolean' },
  help: { type: 'boolean' },
  smsc: { type: 'string' },
  plain: { type: 'boolean' },
  'system-id': { type: 'string' },
  password: { type: 'string' },
} as const

function rawArguments(argv: readonly string[]): unknown {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values
  } catch (error) {
    throw badArguments((error as Error).message)
  }
}

const badArguments = (faults: string) =>
  new InvalidInput('bad_arguments', `${faults}\nSee npm run demo -- --help.`)
