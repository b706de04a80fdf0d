import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Which top-level folders each may import from, besides itself. Arrows point one way (docs/architecture.md). */
const MAY_IMPORT: Record<string, readonly string[]> = {
  shared: [],
  aws: ['shared'],
  lambdas: ['aws', 'shared'],
  'bind-worker': ['aws', 'shared'],
  simulator: ['shared'],
  // The commands of whoever runs an installation write to its registry, as no key of the API may.
  cli: ['aws', 'shared', 'simulator'],
  smoke: ['shared'],
  local: ['aws', 'bind-worker', 'lambdas', 'shared', 'simulator'],
  cdk: ['shared'],
  bench: ['aws', 'bind-worker', 'cdk', 'lambdas', 'local', 'shared', 'simulator'],
}

/** What the domain must not know: the network, the disk, processes, AWS. */
const FOREIGN_TO_SHARED =
  /^(node:(net|tls|https?|http2|dns|dgram|fs|os|child_process|cluster|worker_threads|perf_hooks|process)|@aws|dynalite|fauxqs|hono|@hono)/
/** What the domain must not read: the clock and chance are arguments. */
const IMPURE = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.env\b/

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g

interface SourceFile {
  path: string
  folder: string
  text: string
  imports: string[]
}

const files: SourceFile[] = globSync(Object.keys(MAY_IMPORT).map((folder) => `${folder}/**/*.ts`)).map(
  (path) => {
    const text = readFileSync(path, 'utf8')
    return {
      path: path.replaceAll(sep, '/'),
      folder: path.split(sep)[0]!,
      text,
      imports: [...text.matchAll(IMPORT)].map((match) => match[1]!),
    }
  },
)

const folderOf = (file: SourceFile, specifier: string) =>
  normalize(join(dirname(file.path), specifier)).split(sep)[0]!

describe('layers', () => {
  it.each(Object.entries(MAY_IMPORT))('%s imports only from %j', (folder, allowed) => {
    const wrong = files
      .filter((file) => file.folder === folder)
      .flatMap((file) =>
        file.imports
          .filter((specifier) => specifier.startsWith('.'))
          .filter((specifier) => ![folder, ...allowed].includes(folderOf(file, specifier)))
          .map((specifier) => `${file.path} → ${specifier}`),
      )
    expect(wrong).toEqual([])
  })

  const shared = files.filter((file) => file.folder === 'shared')

  it('keeps network, disk and AWS out of shared', () => {
    const wrong = shared.flatMap((file) =>
      file.imports.filter((name) => FOREIGN_TO_SHARED.test(name)).map((name) => `${file.path} → ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('keeps clock, chance and environment out of shared', () => {
    expect(shared.filter((file) => IMPURE.test(file.text)).map((file) => file.path)).toEqual([])
  })

  it('lets only the codec import the smpp package', () => {
    const importers = files.filter((file) => file.imports.includes('smpp') && file.folder !== 'bench')
    expect(importers.map((file) => file.path)).toEqual(['shared/smpp/codec.ts'])
  })

  it('lets the offline commands of the CLI start without AWS', () => {
    const importers = files.filter(
      (file) => file.folder === 'cli' && file.imports.some((name) => name.startsWith('../aws/')),
    )
    expect(importers.map((file) => file.path).sort()).toEqual([
      'cli/bootstrap.ts',
      'cli/installation.ts',
      'cli/keys.ts',
    ])
  })

  it('sees imports at all', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(shared.flatMap((file) => file.imports).length).toBeGreaterThan(20)
  })
})
