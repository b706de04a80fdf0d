import { parseArgs } from 'node:util'
import { z } from 'zod'
import { NOT_A_RECEIPT, parseReceipt, type Receipt, type ReceiptInput } from '../shared/smpp/receipt.ts'
import { type Command, type ExitCode, inputFile } from './command.ts'
import { type Line, readBytes, readLines } from './input.ts'
import { complain, Output, table } from './output.ts'

const HELP = `Usage: dakghar receipt [FILE] [--json]

Reads delivery receipts (deliver_sm), as leniently as the platform does. Reads lines from FILE or standard input; every
line is one of
  - the text of the receipt as it stands: id:12 sub:001 dlvrd:001 ... stat:DELIVRD err:000 text:
  - the same as a JSON string, when it holds newlines (the line starts with a double quote)
  - JSON {"short_message": "...", "tlvs": {"receipted_message_id": "...", "message_state": 2,
    "network_error_code_hex": "030000"}, "esm_class": 4}; all may be left out (the line starts with a brace)

  --json  one JSON object per line: {isReceipt, id, sub, dlvrd, submitDate, doneDate, stat, err, text, final};
          dates as written, absent values null

Exit code 1 when a line that starts as JSON is not.

Example: dakghar receipt receipts.log --json | jq -r 'select(.stat != "DELIVRD") | .err' | sort | uniq -c`

/** A line of JSON: what a deliver_sm carried, under the names of SMPP 3.4. Other TLVs are ignored. */
const DeliverSm = z.object({
  short_message: z.string().nullish(),
  esm_class: z.number().int().min(0).max(255).nullish(),
  tlvs: z
    .object({
      receipted_message_id: z.string().nullish(),
      message_state: z.number().int().min(0).max(255).nullish(),
      network_error_code_hex: z
        .string()
        .regex(/^([0-9a-f]{2})*$/i, 'must be octets in hex, as 030000')
        .nullish(),
    })
    .nullish(),
})

type Answer = Receipt & { error?: { code: string; message: string } }

const OPTIONS = { json: { type: 'boolean' } } as const

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  const output = new Output()
  const rows: unknown[][] = []
  let exitCode: ExitCode = 0
  for await (const line of readLines(readBytes(inputFile(positionals)))) {
    const answer = answerFor(line)
    if (answer.error) {
      exitCode = 1
      complain(answer.error.message)
    }
    if (values.json) await output.json(answer)
    else rows.push(row(line.number, answer))
  }
  if (!values.json) {
    await output.line(
      table(['line', 'receipt', 'id', 'stat', 'final', 'err', 'submitted', 'done', 'text'], rows),
    )
  }
  await output.flush()
  return exitCode
}

function answerFor(line: Line): Answer {
  const { text } = line
  if (!text.startsWith('"') && !text.startsWith('{')) return parseReceipt({ text })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    return refused(
      line,
      'not_json',
      `starts as JSON, but ${(cause as Error).message}; quote a text that starts so`,
    )
  }
  if (typeof value === 'string') return parseReceipt({ text: value })
  const parsed = DeliverSm.safeParse(value)
  if (parsed.success) return parseReceipt(inputOf(parsed.data))
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  return refused(line, 'not_a_deliver_sm', faults.join('; '))
}

function inputOf({ short_message, esm_class, tlvs }: z.infer<typeof DeliverSm>): ReceiptInput {
  const input: ReceiptInput = { text: short_message ?? '' }
  if (esm_class !== null && esm_class !== undefined) input.esmClass = esm_class
  if (tlvs) {
    input.tlvs = {
      receipted_message_id: tlvs.receipted_message_id ?? null,
      message_state: tlvs.message_state ?? null,
      network_error_code_hex: tlvs.network_error_code_hex ?? null,
    }
  }
  return input
}

function refused(line: Line, code: string, message: string): Answer {
  return { ...NOT_A_RECEIPT, error: { code, message: `line ${line.number}: ${message}` } }
}

function row(line: number, answer: Answer): unknown[] {
  const { isReceipt, id, stat, final, err, submitDate, doneDate, text } = answer
  return [line, isReceipt, id, stat, isReceipt ? final : null, err, submitDate, doneDate, text]
}
