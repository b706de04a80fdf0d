#!/usr/bin/env node
/** `dakghar`: finds the command, prints help, turns errors into sentences and exit codes. */
import { DakgharError } from '../shared/errors.ts'
import { type ExitCode, UsageError } from './command.ts'
import { COMMANDS } from './commands.ts'
import { complain } from './output.ts'

const HELP = `Usage: dakghar COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}
  ${'help'.padEnd(10)}this text, or that of a command: dakghar help segments

bootstrap and keys work on an installation on AWS, with the credentials of whoever runs it; the others work offline.
Exit codes: 0 done, 1 something was refused, 2 wrong command line.`

async function dispatch(args: readonly string[]): Promise<ExitCode> {
  const [first, ...rest] = args
  if (first === undefined) {
    process.stderr.write(`${HELP}\n`)
    return 2
  }
  const asksForHelp = first === 'help' || first === '--help' || first === '-h'
  const name = asksForHelp ? rest[0] : first
  if (name === undefined) {
    process.stdout.write(`${HELP}\n`)
    return 0
  }
  if (!isCommand(name)) throw new UsageError(`there is no command "${name}"`)
  const { command } = await COMMANDS[name]!.load()
  if (asksForHelp || rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help}\n`)
    return 0
  }
  return command.run(rest)
}

const isCommand = (name: string): boolean => Object.hasOwn(COMMANDS, name)

function exitCodeOf(error: unknown, [first = '']: readonly string[]): ExitCode {
  if (!(error instanceof Error)) throw error
  if (error instanceof UsageError || isParseArgsError(error)) {
    // parseArgs goes on with advice for a file whose name begins with a dash.
    complain(`dakghar: ${error.message.replace(/\. To specify a positional .*/s, '')}`)
    complain(`See dakghar help${isCommand(first) ? ` ${first}` : ''}.`)
    return 2
  }
  if (!(error instanceof DakgharError)) throw error
  complain(`dakghar: ${error.message}`)
  return 1
}

/** What `node:util` parseArgs throws on unknown options and missing values. */
const isParseArgsError = (error: Error & { code?: unknown }): boolean =>
  typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS_')

// `dakghar segments | head` closes the pipe early; that is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const args = process.argv.slice(2)
process.exitCode = await dispatch(args).catch((error: unknown) => exitCodeOf(error, args))
