import { ConfigError } from '../shared/errors.ts'
import type { SimulatorInput } from '../simulator/options.ts'
import { type Simulator, startSimulator } from '../simulator/server.ts'
import { type Command, type ExitCode, InputError, UsageError } from './command.ts'
import { Output, table } from './output.ts'
import { SCENARIOS, scenarioOf } from './scenarios.ts'
import { FLAGS, optionsOf, readFlags } from './simulate-flags.ts'

const HELP = `Usage: dakghar simulate [options]

Runs an SMSC (SMPP 3.4) on this machine to send to. Ctrl-C stops it and prints what it really received.

  --port N               default 2775, with TLS 2776; 0 takes any free port
  --host ADDRESS         default 127.0.0.1
  --system-id S          account to bind with, default demo
  --password S           default demo
  --tls-cert FILE        speak TLS with this certificate (PEM)...
  --tls-key FILE         ...and its private key (PEM)
  --scenario NAME|FILE   how it behaves; FILE is JSON, see examples/scenarios/ and simulator/README.md:
${Object.entries(SCENARIOS)
  .map(([name, { summary }]) => `                           ${name.padEnd(13)}${summary}`)
  .join('\n')}
  --outcomes LIST        receipts by weight, as DELIVRD=90,UNDELIV=10
  --receipt-delay MS     how long receipts take, as 500 or 200-3000
  --response-delay MS    how long submit_sm_resp takes
  --no-dlt               accept messages without DLT entity and template TLVs
  --scrub FILE           refuse what does not fit the DLT registry in FILE (JSON), see examples/scrub.json
  --seed TEXT            another draw of outcomes and delays
  --log FILE             append every message and receipt to FILE, as JSON lines, texts included
  --json                 JSON lines: {event: "listening", host, port, tls}, at the end {event: "stopped", ...}

Example: dakghar simulate --port 2775 --scenario throttling --log received.jsonl`

export const command: Command = { help: HELP, options: FLAGS, run }

async function run(args: string[]): Promise<ExitCode> {
  const flags = readFlags(args)
  const scenario = await scenarioOf(flags.scenario)
  const input: SimulatorInput = { ...(await optionsOf(flags)), scenario }
  const simulator = await start(input)

  const output = new Output()
  const stopped = stopSignal()
  const listening = { host: input.host ?? '127.0.0.1', port: simulator.port, tls: input.tls !== null }
  if (flags.json) await output.json({ event: 'listening', ...listening })
  else
    await output.line(`SMSC listening on ${listening.host}:${listening.port}${listening.tls ? ' (TLS)' : ''}`)
  await output.flush()

  await stopped
  await simulator.close()
  const truth = simulator.truth()
  if (flags.json) await output.json({ event: 'stopped', ...truth })
  else await output.line(describe(truth))
  await output.flush()
  return 0
}

async function start(input: Parameters<typeof startSimulator>[0]): Promise<Simulator> {
  try {
    return await startSimulator(input)
  } catch (error) {
    // All options came from flags.
    if (error instanceof ConfigError) throw new UsageError(error.message)
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new InputError(`port ${input.port} is taken: choose another with --port`, error)
    if (code?.startsWith('E')) throw new InputError(`the simulator cannot start: ${message}`, error)
    throw error
  }
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function describe(truth: ReturnType<Simulator['truth']>): string {
  const { submitted, refused, receipts, byStat, scrubbed, messages, faults } = truth
  const refusals = Object.values(refused).reduce((sum, count) => sum + count, 0)
  const totals = table(
    ['accepted', 'unanswered', 'refused', 'messages', 'repeated', 'receipts', 'pending'],
    [
      [
        submitted,
        truth.unanswered,
        refusals,
        messages.complete,
        messages.repeated,
        receipts.acked,
        receipts.pending,
      ],
    ],
  )
  const counts = [
    { head: 'receipt', entries: Object.entries(byStat) },
    {
      head: 'scrubbed',
      entries: scrubbed.map(({ reason, code, messages }) => [`${reason} (${code})`, messages]),
    },
    { head: 'fault', entries: Object.entries(faults) },
  ]
  const more = counts.filter(({ entries }) => entries.length > 0)
  return [totals, ...more.map(({ head, entries }) => table([head, 'count'], entries))].join('\n\n')
}
