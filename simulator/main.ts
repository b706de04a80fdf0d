/**
 * The simulator as a process of its own. Options come as JSON in `--options` or DAKGHAR_SIMULATOR; once it listens it
 * prints one line `{"port": …}`. From then on every line of stdin (or IPC message) is a request and gets one line
 * (or message) back; see `control.ts`. SIGTERM, SIGINT or the end of a piped stdin close it.
 */
import { fstatSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { answerTo } from './control.ts'
import { type Simulator, startSimulator } from './server.ts'

const STDIN_FD = 0

function optionsText(): string {
  const { values } = parseArgs({ options: { options: { type: 'string' } } })
  return values.options ?? process.env.DAKGHAR_SIMULATOR ?? ''
}

function printLine(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`)
}

/** A parent that died leaves a closed pipe; a terminal or /dev/null says nothing about a parent. */
function stdinIsPiped(): boolean {
  const stdin = fstatSync(STDIN_FD)
  return stdin.isFIFO() || stdin.isSocket()
}

function serve(simulator: Simulator): void {
  let closing = false
  const close = async () => {
    if (closing) return
    closing = true
    await simulator.close()
    process.exit(0)
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
  process.on('disconnect', close)
  process.on('message', async (message) => process.send?.(await answerTo(simulator, message)))
  if (!stdinIsPiped()) return
  const lines = createInterface({ input: process.stdin })
  lines.on('line', async (line) => printLine(await answerTo(simulator, line)))
  lines.on('close', close)
}

try {
  const text = optionsText()
  if (text === '') throw new Error('no options: pass --options JSON or set DAKGHAR_SIMULATOR')
  const simulator = await startSimulator(JSON.parse(text))
  serve(simulator)
  printLine({ port: simulator.port })
} catch (error) {
  process.stderr.write(`simulator: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
