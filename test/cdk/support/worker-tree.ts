import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface ImageProcess {
  /** Everything it printed, line by line. */
  lines: string[]
  /** SIGTERM; resolves to its exit code, however often it is asked. */
  stop(): Promise<number | null>
}

/**
 * The image's own files in a tree that nobody may write to, beside a copy of Node.js; and the worker started there as the
 * Dockerfile starts it: as its user when this process is root, else as who runs the test.
 */
export function runImage(assembled: string, env: Readonly<Record<string, string>>): ImageProcess {
  const tree = mkdtempSync(join(tmpdir(), 'dakghar-image-'))
  cpSync(join(assembled, 'worker'), join(tree, 'worker'), { recursive: true })
  const node = join(tree, 'node')
  copyFileSync(process.execPath, node, constants.COPYFILE_FICLONE)
  chmodSync(node, 0o555)
  makeReadOnly(tree)
  const { uid, gid, environment } = readDockerfile(readFileSync(join(assembled, 'Dockerfile'), 'utf8'))
  const child = spawn(node, ['index.mjs'], {
    cwd: join(tree, 'worker'),
    env: { ...environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(process.getuid?.() === 0 && { uid, gid }),
  })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line))
  }
  let code: Promise<number | null> | undefined
  return { lines, stop: () => (code ??= ended(child, tree)) }
}

export function readDockerfile(text: string): {
  instructions: string[]
  uid: number
  gid: number
  environment: Record<string, string>
} {
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'))
  const of = (instruction: string) =>
    lines
      .filter((line) => line.startsWith(`${instruction} `))
      .map((line) => line.slice(instruction.length + 1))
  const [uid, gid] = of('USER').at(-1)!.split(':').map(Number)
  return {
    instructions: lines.map((line) => line.split(' ')[0]!),
    ...{ uid: uid!, gid: gid! },
    environment: Object.fromEntries(
      of('ENV')
        .flatMap((pairs) => [...pairs.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)])
        .map(([, name, quoted, bare]) => [name!, quoted ?? bare!]),
    ),
  }
}

async function ended(child: ChildProcess, tree: string): Promise<number | null> {
  const exit = new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode)
    child.once('exit', resolve)
  })
  child.kill('SIGTERM')
  const code = await exit
  makeWritable(tree)
  rmSync(tree, { recursive: true, force: true })
  return code
}

const foldersOf = (tree: string) => [
  tree,
  ...readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name)),
]

function makeReadOnly(tree: string): void {
  for (const folder of foldersOf(tree)) chmodSync(folder, 0o555)
}

function makeWritable(tree: string): void {
  for (const folder of foldersOf(tree)) chmodSync(folder, 0o755)
}
