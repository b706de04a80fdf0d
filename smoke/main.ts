/** `npm run smoke -- --url URL --key KEY`: see `arguments.ts` for what it takes. */
import { DakgharError } from '../shared/errors.ts'
import { Api, CallFailed } from './api.ts'
import { SMOKE_USAGE, type SmokeArguments, smokeArguments } from './arguments.ts'
import { checkAll, type Finding } from './checks.ts'
import { sendOne } from './send-one.ts'

async function main(): Promise<number> {
  const args = smokeArguments(process.argv.slice(2))
  if (args === null) {
    console.log(SMOKE_USAGE)
    return 0
  }
  const failures = await smoke(args)
  console.log(failures === 0 ? 'All is well.' : `${failures} of these must be put right.`)
  return failures === 0 ? 0 : 1
}

/** Prints what it finds, one after the other; answers how many of it were failures. */
async function smoke({ url, key, message }: SmokeArguments): Promise<number> {
  const api = new Api(url, key)
  let failures = 0
  const tell = ({ verdict, sentence }: Finding) => {
    console.log(`${verdict.padEnd(4)}  ${sentence}`)
    if (verdict === 'FAIL') failures++
  }
  try {
    for await (const finding of checkAll(api)) tell(finding)
    if (message && failures === 0) tell(await sendOne(api, message))
    else if (message) tell({ verdict: 'note', sentence: 'nothing was sent: it would not have arrived' })
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error
    tell({ verdict: 'FAIL', sentence: error.message })
  }
  return failures
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof DakgharError ? error.message : error)
    process.exitCode = error instanceof DakgharError && error.code === 'bad_arguments' ? 2 : 1
  },
)
