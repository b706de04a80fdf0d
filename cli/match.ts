import { parseArgs } from 'node:util'
import { type MatchResult, templateMatcher } from '../shared/dlt/match/match.ts'
import type { Mismatch, MismatchReason } from '../shared/dlt/match/mismatch.ts'
import { type Command, type ExitCode, inputFile, UsageError } from './command.ts'
import { parseText, readBytes, readLines } from './input.ts'
import { complain, Output, shorten, table } from './output.ts'
import { READING_HELP, READING_OPTIONS, templateOption } from './template-option.ts'

const HELP = `Usage: dakghar match --template TEXT [FILE] [--types LIST] [--newlines FORM] [--reading NAME] [--json]

Compares messages with a DLT template as an operator's scrubber does: fixed text character by character, variables by
type and length. Reads lines from FILE or standard input; every line is a message as a JSON string, so that newlines and
invisible characters survive.

  --template TEXT  the text as registered, with {#var#} and typed tags
${READING_HELP}
  --json           one JSON object per line: {match, position, expected, found, ...}: position in UTF-16 code units from
                   0; expected is the template's character there, or what a variable takes; found is the text's; null
                   where one of them ends

Exit code 1 when a line is not a JSON string. A text that does not match is an answer, not a failure.

Example: echo '"Dear Asha, you’re due"' | dakghar match --template "Dear {#var#}, you're due"`

interface Answer {
  match: boolean | null
  position: number | null
  expected: string | null
  found: string | null
  /** The position in characters from 1. */
  character: number | null
  expectedCodePoint: string | null
  foundCodePoint: string | null
  foundName: string | null
  /** The variable at fault, from 1. */
  variable: number | null
  reason: MismatchReason | null
  message: string | null
  suggestion: string | null
  /** Of the variables, when it matches. */
  values: string[] | null
  error?: { code: string; message: string }
}

const NO_ANSWER: Answer = {
  match: null,
  position: null,
  expected: null,
  found: null,
  character: null,
  expectedCodePoint: null,
  foundCodePoint: null,
  foundName: null,
  variable: null,
  reason: null,
  message: null,
  suggestion: null,
  values: null,
}

const OPTIONS = { template: { type: 'string' }, ...READING_OPTIONS, json: { type: 'boolean' } } as const

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  if (values.template === undefined) throw new UsageError('--template is missing: the text as registered')
  const match = templateMatcher(templateOption('--template', values.template, values).template)
  const output = new Output()
  const rows: unknown[][] = []
  let exitCode: ExitCode = 0
  for await (const line of readLines(readBytes(inputFile(positionals)))) {
    const text = parseText(line)
    const answer = text.ok ? answerOf(match(text.value)) : { ...NO_ANSWER, error: text.error }
    if (answer.error) {
      exitCode = 1
      complain(answer.error.message)
    }
    if (values.json) await output.json(answer)
    else rows.push(row(line.number, text.ok ? text.value : null, answer))
  }
  if (!values.json) await output.line(table(['line', 'match', 'at', 'why', 'what to do', 'text'], rows))
  await output.flush()
  return exitCode
}

function answerOf(result: MatchResult): Answer {
  return result.match ? { ...NO_ANSWER, match: true, values: result.values } : mismatchAnswer(result)
}

function mismatchAnswer(mismatch: Mismatch): Answer {
  const { position, expected, takes, found, character, variable, reason, message, suggestion } = mismatch
  return {
    match: false,
    position,
    expected: expected?.character ?? takes,
    found: found?.character ?? null,
    character,
    expectedCodePoint: expected?.codePoint ?? null,
    foundCodePoint: found?.codePoint ?? null,
    foundName: found?.name ?? null,
    variable,
    reason,
    message,
    suggestion,
    values: null,
  }
}

function row(line: number, text: string | null, answer: Answer): unknown[] {
  const { match, character, message, suggestion } = answer
  // The place has its own column.
  const why = message?.replace(/^character \d+: /, '') ?? null
  return [line, match, character, why, suggestion, text === null ? null : shorten(text, 60)]
}
