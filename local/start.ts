/**
 * `npm start`: the platform on this machine, until Ctrl-C. State is kept in `.dakghar/` and picked up again; what the
 * processes log goes to `.dakghar/log/`.
 */
import { createWriteStream, existsSync, mkdirSync, type WriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { demoMix } from './demo/mix.ts'
import { untilInterrupted } from './interrupt.ts'
import { type Platform, startPlatform } from './platform.ts'
import { welcome } from './welcome.ts'

const DATA_DIR = fileURLToPath(new URL('../.dakghar', import.meta.url))
const API_PORT = 8080
const SAMPLE_RECIPIENTS = 100

async function main(): Promise<void> {
  const logs = logFiles(join(DATA_DIR, 'log'))
  const sample = sampleFile(join(DATA_DIR, 'recipients.csv'))
  const platform = await startPlatform({
    dataDir: DATA_DIR,
    apiPort: API_PORT,
    onLine: (name, line) => logs(name).write(`${line}\n`),
  })
  console.log(welcome(platform.url, platform.key, sample))
  await Promise.race([untilInterrupted(), platform.failed]).finally(() => stop(platform))
}

async function stop(platform: Platform): Promise<void> {
  console.log('\nDraining: giving back what is unsent, waiting for answers. Ctrl-C again ends it at once.')
  await platform.stop()
  console.log('Stopped. The state stays in .dakghar/; delete the folder to begin anew.')
}

function logFiles(directory: string): (name: string) => WriteStream {
  mkdirSync(directory, { recursive: true })
  const files = new Map<string, WriteStream>()
  return (name) => {
    const file = files.get(name) ?? createWriteStream(join(directory, `${name}.log`), { flags: 'a' })
    files.set(name, file)
    return file
  }
}

/** A file to try the commands with. */
function sampleFile(path: string): string {
  if (!existsSync(path)) writeFileSync(path, demoMix(SAMPLE_RECIPIENTS)[0]!.csv)
  return path
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  },
)
