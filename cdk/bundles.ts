import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'
import { FUNCTIONS } from '../shared/contracts/wiring.ts'

const REPOSITORY = fileURLToPath(new URL('../', import.meta.url))

/** What is bundled, by the name of its folder: modules that export `handler`, and the worker's program. */
const ENTRIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(FUNCTIONS.map(({ name, module }) => [name, module])),
  deployment: 'lambdas/deployment/handler.ts',
  worker: 'bind-worker/main.ts',
}

/** Packages in CommonJS call `require` for what Node.js has built in; ESM has none of its own. */
const REQUIRE =
  "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);"

/** The file in each bundle. */
export const BUNDLE_FILE = 'index.mjs'

/** Files that the deployment puts into the console's bucket; there is a page and no console yet. */
const CONSOLE_FILES = join(REPOSITORY, 'cdk/console-page')

/**
 * Bundles everything that is deployed into folders of `outDir`, as one ESM file each with its source map, the AWS SDK
 * included: what was tested is what runs, not what the Lambda runtime happens to carry. Takes about a second.
 */
export function bundleAll(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true })
  buildSync({
    absWorkingDir: REPOSITORY,
    entryPoints: Object.entries(ENTRIES).map(([name, module]) => ({ in: module, out: `${name}/index` })),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // Packages that come as both are smaller as ESM: what nobody calls falls out.
    mainFields: ['module', 'main'],
    banner: { js: REQUIRE },
    // Names stay, so that stacks and logs can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
  cpSync(CONSOLE_FILES, join(outDir, 'deployment/console'), { recursive: true })
}
