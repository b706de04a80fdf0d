/**
 * A function from its bundle, called as the Lambda runtime calls it: `node local/process/bundled-function.ts FILE`. Tells
 * the parent in milliseconds how long loading took; then answers each `{id, event, timeoutSeconds}` with
 * `{id, answer}` or `{id, error}`. Imports nothing of this repository: what is measured and tested is the bundle.
 */
import { pathToFileURL } from 'node:url'

interface Invocation {
  id: number
  event: unknown
  timeoutSeconds: number
}

const beganMs = performance.now()
const { handler } = await import(pathToFileURL(process.argv[2]!).href)
const loadMs = performance.now() - beganMs

process.on('message', ({ id, event, timeoutSeconds }: Invocation) => {
  const endsAtMs = performance.now() + timeoutSeconds * 1_000
  const context = {
    awsRequestId: String(id),
    getRemainingTimeInMillis: () => Math.max(0, endsAtMs - performance.now()),
  }
  Promise.resolve()
    .then(() => handler(event, context))
    .then((answer: unknown) => process.send!({ id, answer: answer ?? null }))
    .catch((error: unknown) => process.send!({ id, error: error instanceof Error ? error.stack : error }))
})
// Between invocations there is nothing else to stay alive for.
process.channel?.ref()
process.send!({ kind: 'started', loadMs })
