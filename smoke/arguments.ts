import { parseArgs } from 'node:util'
import { z } from 'zod'
import { InvalidInput } from '../shared/errors.ts'

export const SMOKE_USAGE = `npm run smoke -- --url URL --key KEY [--to NUMBER --template ID [--value TEXT]... [--wait SECONDS]]

Looks at an installation from outside: health, key and entity, routes bound, templates.

  --url URL        where it answers: ApiUrl among the outputs of the stack
  --key KEY        an API key: dakghar bootstrap makes one
  --to NUMBER      sends one message to this number, really, and waits for its receipt
  --template ID    by this template
  --value TEXT     for a variable of the template; once for each, in their order
  --wait SECONDS   how long the receipt may take (120)`

const OPTIONS = {
  url: { type: 'string' },
  key: { type: 'string' },
  to: { type: 'string' },
  template: { type: 'string' },
  value: { type: 'string', multiple: true },
  wait: { type: 'string' },
  help: { type: 'boolean' },
} as const

const IS_MISSING = 'is missing'

const Arguments = z
  .object({
    url: z.url({
      protocol: /^https?$/,
      error: ({ input }) => (input === undefined ? IS_MISSING : 'must be an http URL'),
    }),
    key: z.string(IS_MISSING).regex(/^dk_/, 'must be an API key, which begins with dk_'),
    to: z.string().optional(),
    template: z.string().optional(),
    value: z.array(z.string()).default([]),
    wait: z.coerce
      .number('must be seconds')
      .positive('must be seconds')
      .max(3_600, 'must be 3600 at most')
      .default(120),
  })
  .refine(({ to, template }) => (to === undefined) === (template === undefined), {
    path: ['to'],
    message: 'goes with --template, and --template with --to',
  })

export interface SmokeArguments {
  /** Without a slash at its end. */
  url: string
  key: string
  /** Null sends nothing. */
  message: { to: string; templateId: string; values: string[]; waitMs: number } | null
}

/**
 * What the command line says; null asks for the usage.
 * @throws InvalidInput `bad_arguments` naming every argument that is wrong.
 */
export function smokeArguments(argv: readonly string[]): SmokeArguments | null {
  const { help, ...values } = rawArguments(argv)
  if (help) return null
  const parsed = Arguments.safeParse(values)
  if (!parsed.success) {
    throw badArguments(
      parsed.error.issues.map(({ path, message }) => `--${path[0]?.toString()} ${message}`).join('\n'),
    )
  }
  const { url, key, to, template, value, wait } = parsed.data
  const message =
    to === undefined || template === undefined
      ? null
      : { to, templateId: template, values: value, waitMs: wait * 1_000 }
  return { url: url.replace(/\/+$/, ''), key, message }
}

function rawArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS }).values
  } catch (error) {
    throw badArguments((error as Error).message)
  }
}

const badArguments = (faults: string) =>
  new InvalidInput('bad_arguments', `${faults}\nSee npm run smoke -- --help.`)
