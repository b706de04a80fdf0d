/** `npm run bench -- NAME [arguments]`: one of the measurements in this folder. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const BENCHES: Record<string, string> = {
  ingest: 'rows checked per second, against papaparse alone on the same file',
  match: 'texts compared with a template per second, and hostile texts of 1 MB',
  worker: 'the whole worker against the bare codec, plain and TLS: CPU per message, ratio, memory',
  otp: 'from queue to SMSC, for an OTP while a million promotional messages wait',
  session: 'submit_sm per second over one session, loopback',
  window: 'messages per second by window and response delay, fixed windows against the adaptive one',
  memory: 'megabytes with a million receipts outstanding, and what remembering their ids costs',
  receipts: 'submits and receipts a second, alone and together: whether one starves the other',
  'cold-start': 'the first event of each function, from its bundle in a new process',
  pacing: 'what arrives in each second at 50, 500 and 5,000 TPS',
  cost: 'USD per million messages from counted calls at list prices, beside a naive design; a month of it',
  scale: 'which limits are hit at 1,000, 10,000 and 100,000 messages a second: AWS, gateways, our own',
}

const [name = '', ...args] = process.argv.slice(2)
if (Object.hasOwn(BENCHES, name)) {
  const bench = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), args)
  bench.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
} else {
  const list = Object.entries(BENCHES).map(([one, what]) => `  ${one.padEnd(12)}${what}`)
  console.error(`npm run bench -- NAME\n\n${list.join('\n')}`)
  process.exitCode = 2
}
