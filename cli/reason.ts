import { parseArgs } from 'node:util'
import { DIALECT_NAMES, type DialectName } from '../shared/dlt/reasons/dialects.ts'
import { type Reading, readingsOf } from '../shared/dlt/reasons/readings.ts'
import { RESENDS } from '../shared/dlt/reasons/reason.ts'
import { type Command, type ExitCode, UsageError } from './command.ts'
import { Output, table } from './output.ts'

const HELP = `Usage: dakghar reason CODE [CODE...] [--dialect NAME] [--json]

Explains the codes operators and gateways refuse messages with: what happened, who must fix it where, and whether
sending again can help. Numbers mean different things to different gateways: all readings are listed, those of the
families most operators share first.

  CODE            633, err:633       the err of a receipt
                  0x45, smpp:69      command_status of a submit_sm_resp
                  stat:UNDELIV       the word of a receipt
                  TEMPLATE-NOT-MATCHED, multipart_cut   a word of a panel, or of this platform
  --dialect NAME  how this gateway reads it: ${DIALECT_NAMES.join(', ')}
  --json          one JSON object per code: {code, readings: [{code, family, reason, sentence, fix: {who, where},
                  resend, dlt, known, source}]}

Exit code 1 when a code is not in the catalogue.

Example: dakghar reason 633 5307 0x45`

const OPTIONS = { dialect: { type: 'string' }, json: { type: 'boolean', default: false } } as const

export const command: Command = { help: HELP, options: OPTIONS, run }

async function run(args: string[]): Promise<ExitCode> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS })
  if (positionals.length === 0) throw new UsageError('give at least one code')
  const dialect = dialectOf(values.dialect)
  const answers = positionals.map((code) => ({ code, readings: readingsOf(code, dialect) }))
  const output = new Output()
  if (values.json) for (const answer of answers) await output.json(answer)
  else await output.line(describe(answers))
  await output.flush()
  return answers.every(({ readings }) => readings.every(({ known }) => known)) ? 0 : 1
}

function dialectOf(name: string | undefined): DialectName | undefined {
  if (name === undefined) return undefined
  const known = DIALECT_NAMES.find((dialect) => dialect === name)
  if (!known) throw new UsageError(`--dialect must be one of ${DIALECT_NAMES.join(', ')}, not ${name}`)
  return known
}

function describe(answers: readonly { code: string; readings: readonly Reading[] }[]): string {
  const rows = answers.flatMap(({ code, readings }) =>
    readings.map(({ family, reason, fix, resend, sentence }) => [
      code,
      family,
      reason,
      `${fix.who}: ${fix.where}`,
      RESENDS[resend],
      sentence,
    ]),
  )
  return table(['code', 'family', 'reason', 'who fixes', 'sending again', 'what it means'], rows)
}
