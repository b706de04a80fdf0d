/** What every command of the CLI is made of; `main.ts` runs it. */
import type { ParseArgsConfig } from 'node:util'
import { DakgharError } from '../shared/errors.ts'

/** 0 done, 1 something was refused, 2 the command line is wrong. */
export type ExitCode = 0 | 1 | 2

export interface Command {
  /** What `--help` prints: usage, options, what comes out, an example. */
  help: string
  /** What its `run` gives to `parseArgs`; a test holds the documents to it. */
  options: NonNullable<ParseArgsConfig['options']>
  /** Runs to the end; `args` are those behind the command's name. */
  run(args: string[]): Promise<ExitCode>
}

/** Thrown when the command line is wrong: exit code 2, and a pointer to `--help`. */
export class UsageError extends DakgharError {
  constructor(message: string) {
    super('cli_usage', message)
  }
}

/** Thrown when a file or stdin cannot be read at all: exit code 1. */
export class InputError extends DakgharError {
  constructor(message: string, cause?: unknown) {
    super('cli_input', message, { cause })
  }
}

/** The only file argument a command takes; null means standard input, as does `-`. */
export function inputFile(positionals: readonly string[]): string | null {
  if (positionals.length > 1) throw new UsageError(`one file at a time, got ${positionals.length}`)
  const file = positionals[0]
  return file === undefined || file === '-' ? null : file
}
