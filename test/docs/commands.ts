/** Whether a command that a document shows is there: scripts, commands of the CLI, their options, benches, cdk. */
import { existsSync, readFileSync } from 'node:fs'
import { COMMANDS } from '../../cli/commands.ts'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }

/** Until there is a stack, the documents may already say how it is deployed. */
const CDK_SCRIPTS = ['synth', 'deploy']
const isComing = (script: string) => CDK_SCRIPTS.includes(script) && !existsSync('cdk.json')

/** Of the cdk CLI, what the documents use, and the values of `-c` that the app reads (`cdk.json`). */
const CDK_COMMANDS = ['bootstrap', 'synth', 'deploy', 'diff', 'destroy']
const CDK_OPTIONS = ['outputs-file', 'require-approval']
const CDK_CONTEXT: Readonly<Record<string, RegExp>> = { stage: /^(dev|prod)$/, workerImage: /./ }

/** Where a script's options are written down, when that is not the module it runs. */
const OPTIONS_FILES: Readonly<Record<string, string>> = {
  demo: 'local/demo/arguments.ts',
  smoke: 'smoke/arguments.ts',
}

/** What does not work of a command; null when all is there, or it is none of ours. */
export async function faultOf(words: readonly string[]): Promise<string | null> {
  const [program, name, ...args] = words.slice(words.findIndex((word) => !/^[A-Z_]+=/.test(word)))
  if (name === undefined) return null
  if (program === 'npm') return name === 'run' ? scriptFault(args) : npmFault(name)
  if (program === 'npx') return packageFault(name, args)
  if (program === 'dakghar') return dakgharFault([name, ...args])
  if (program === 'cdk') return cdkFault([name, ...args])
  return null
}

function npmFault(name: string): string | null {
  return name === 'ci' || Object.hasOwn(scripts, name) ? null : `npm has no command ${name}`
}

function scriptFault([script = '', ...rest]: readonly string[]): string | null {
  const args = rest[0] === '--' ? rest.slice(1) : []
  if (CDK_SCRIPTS.includes(script) && (Object.hasOwn(scripts, script) || isComing(script))) {
    return cdkOptionsFault(args)
  }
  if (!Object.hasOwn(scripts, script)) return `package.json has no script ${script}`
  if (script === 'bench') return benchFault(args)
  const file = OPTIONS_FILES[script] ?? /^node (\S+\.ts)$/.exec(scripts[script]!)?.[1]
  return unknownOption(`npm run ${script}`, args, file === undefined ? [] : optionsIn(file))
}

function benchFault([bench, ...args]: readonly string[]): string | null {
  if (bench === undefined || bench === 'NAME') return null
  const names = readFileSync('bench/main.ts', 'utf8').matchAll(/^ {2}'?([a-z-]+)'?: '/gm)
  if (![...names].some(([, name]) => name === bench)) return `there is no bench ${bench}`
  return unknownOption(`the bench ${bench}`, args, optionsIn(`bench/${bench}.ts`))
}

async function packageFault(name: string, args: readonly string[]): Promise<string | null> {
  if (name === 'dakghar') return dakgharFault(args)
  if (name === 'cdk') return cdkFault(args)
  if (!existsSync(`node_modules/.bin/${name}`)) return `npx has no ${name}`
  const paths = args.filter((arg) => arg.includes('/'))
  const missing = paths.find((path) => !existsSync(path))
  return missing === undefined ? null : `there is no ${missing}`
}

async function dakgharFault([name, ...args]: readonly string[]): Promise<string | null> {
  if (name === undefined || name === 'help' || name === 'COMMAND') return null
  if (!Object.hasOwn(COMMANDS, name)) return `dakghar has no command ${name}`
  const { command } = await COMMANDS[name]!.load()
  return unknownOption(`dakghar ${name}`, args, Object.keys(command.options))
}

function cdkFault([name = '', ...args]: readonly string[]): string | null {
  return CDK_COMMANDS.includes(name)
    ? cdkOptionsFault(args)
    : `cdk has no command ${name}, or nobody used it yet`
}

function cdkOptionsFault(args: readonly string[]): string | null {
  for (const [n, arg] of args.entries()) {
    if (arg !== '-c') continue
    const [key = '', value = ''] = (args[n + 1] ?? '').split('=')
    if (!CDK_CONTEXT[key]?.test(value)) return `the stack has no context ${args[n + 1]}`
  }
  return unknownOption(
    'cdk',
    args.filter((arg) => arg !== '-c'),
    CDK_OPTIONS,
  )
}

function unknownOption(what: string, args: readonly string[], known: readonly string[]): string | null {
  const options = args.filter((arg) => /^-./.test(arg)).map((arg) => arg.replace(/=.*/s, ''))
  const unknown = options.find((option) => !['help', ...known].some((name) => option === `--${name}`))
  return unknown === undefined ? null : `${what} has no option ${unknown}`
}

/** The options of a program that cannot be imported without running it, as its source gives them to `parseArgs`. */
function optionsIn(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/'?([a-z][a-z-]*)'?: \{ type: '/g)].map(([, name]) => name!)
}
