import { parseArgs } from 'node:util'
import { type ReferenceBits, segment, unicodeCharacters } from '../shared/sms/segment.ts'
import { type Command, type ExitCode, inputFile, UsageError } from './command.ts'
import { type Line, parseText, readBytes, readLines } from './input.ts'
import { complain, Output, shorten, table } from './output.ts'

const HELP = `Usage: dakghar segments [FILE] [--reference-bits 8|16] [--json]

Counts and cuts messages as they would be sent. Reads lines from FILE or standard input; every line is a message as a
JSON string, so that newlines and invisible characters survive.

  --reference-bits N  width of the reference number of long messages: 8 (default, 153/67 per part) or 16 (152/66)
  --json              one JSON object per line: {encoding, units, segments, parts}

Exit code 1 when a line is not a JSON string or holds a text that cannot be sent.

Example: echo '"Dear customer, your OTP is 482913"' | dakghar segments --json`

interface Answer {
  encoding: 'GSM7' | 'UCS2' | null
  units: number | null
  segments: number | null
  parts: string[]
  error?: { code: string; message: string }
}

const NO_ANSWER: Answer = { encoding: null, units: null, segments: null, parts: [] }

const OPTIONS = { json: { type: 'boolean' }, 'reference-bits': { type: 'string', default: '8' } } as const

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  const bits = referenceBits(values['reference-bits'])
  const output = new Output()
  const rows: unknown[][] = []
  let exitCode: ExitCode = 0
  for await (const line of readLines(readBytes(inputFile(positionals)))) {
    const text = parseText(line)
    const answer = text.ok ? answerFor(line, text.value, bits) : { ...NO_ANSWER, error: text.error }
    if (answer.error) {
      exitCode = 1
      complain(answer.error.message)
    }
    if (values.json) await output.json(answer)
    else rows.push(row(line.number, text.ok ? text.value : null, answer))
  }
  if (!values.json)
    await output.line(table(['line', 'alphabet', 'units', 'segments', 'unicode because of', 'text'], rows))
  await output.flush()
  return exitCode
}

function referenceBits(value: string): ReferenceBits {
  if (value === '8') return 8
  if (value === '16') return 16
  throw new UsageError(`--reference-bits must be 8 or 16, not ${value}`)
}

function answerFor(line: Line, text: string, bits: ReferenceBits): Answer {
  const result = segment(text, bits)
  if (!result.ok) return refused(line, result.code, result.message)
  const { encoding, units, parts } = result
  return { encoding, units, segments: parts.length, parts }
}

function refused(line: Line, code: string, message: string): Answer {
  return { ...NO_ANSWER, error: { code, message: `line ${line.number}: ${message}` } }
}

function row(line: number, text: string | null, answer: Answer): unknown[] {
  const { encoding, units, segments } = answer
  if (text === null) return [line, encoding, units, segments, null, null]
  return [line, encoding, units, segments, reasons(text), shorten(text, 60)]
}

/** The first few different characters that are not GSM 03.38, with their first places counted from 1. */
function reasons(text: string): string | null {
  const places = new Map<string, string>()
  for (const { character, codePoint, index } of unicodeCharacters(text)) {
    if (!places.has(codePoint)) places.set(codePoint, `${character} ${codePoint} at ${index + 1}`)
  }
  if (places.size === 0) return null
  const shown = [...places.values()].slice(0, 2)
  return places.size > 2 ? `${shown.join(', ')} and ${places.size - 2} more` : shown.join(', ')
}
