/**
 * The emulators as a process of their own: `node local/emulators-main.ts [DATA_DIR]`. Prints one line of JSON, the
 * environment to reach them by, when they are ready; SIGTERM or SIGINT closes them with everything written down.
 * Without a directory everything is in memory.
 */
import { DakgharError } from '../shared/errors.ts'
import { startEmulators } from './emulators.ts'

const emulators = await startEmulators({ dataDir: process.argv[2] ?? null }).catch((error: unknown) => {
  if (!(error instanceof DakgharError)) throw error
  console.error(error.message)
  process.exit(1)
})

let closing = false
const close = () => {
  if (closing) return
  closing = true
  void emulators.close().then(() => process.exit(0))
}
process.once('SIGTERM', close)
process.once('SIGINT', close)
process.once('disconnect', close)

process.stdout.write(`${JSON.stringify(emulators.env)}\n`)
