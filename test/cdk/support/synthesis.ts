import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { App } from 'aws-cdk-lib'
import { bundleAll } from '../../../cdk/bundles.ts'
import { platform } from '../../../cdk/platform.ts'
import type { PlatformStack } from '../../../cdk/stack.ts'

export interface Resource {
  Type: string
  // biome-ignore lint/suspicious/noExplicitAny: templates are looked into, property by property.
  Properties: any
  DependsOn?: string | string[]
  DeletionPolicy?: string
  UpdateReplacePolicy?: string
}

export interface Synthesis {
  stack: PlatformStack
  template: { Resources: Record<string, Resource>; Outputs: Record<string, { Value: unknown }> }
  /** Resources of a type by their logical id. */
  resources(type: string): [id: string, resource: Resource][]
  /** The one resource of a type, or the one of several whose logical id begins with this. */
  resource(type: string, idPrefix?: string): Resource
  /** Folder of a file asset in the assembly. */
  asset(hash: string): string
}

/** `cdk.json` as the CDK's CLI reads it. */
export const cdkJson = JSON.parse(readFileSync('cdk.json', 'utf8'))

const folder = mkdtempSync(join(tmpdir(), 'dakghar-cdk-'))
export const BUNDLES = join(folder, 'bundles')
let bundled = false
const made = new Map<string, Synthesis>()

/** The stack as `npm run synth` makes it, once for all who ask. */
export function synthesis(stage: string, context: Record<string, unknown> = {}): Synthesis {
  const key = JSON.stringify([stage, context])
  const known = made.get(key)
  if (known) return known
  if (!bundled) bundleAll(BUNDLES)
  bundled = true
  const outdir = join(folder, `out-${made.size}`)
  const app = new App({ outdir, context: { ...cdkJson.context, ...context, stage } })
  const stack = platform(app, BUNDLES)
  const assembly = app.synth()
  const { template } = assembly.getStackArtifact(stack.artifactId)
  const resources = (type: string) =>
    Object.entries<Resource>(template.Resources).filter(([, resource]) => resource.Type === type)
  const one: Synthesis = {
    ...{ stack, template, resources },
    resource(type, idPrefix = '') {
      const found = resources(type).filter(([id]) => id.startsWith(idPrefix))
      if (found.length !== 1) throw new Error(`${found.length} resources ${type} begin with "${idPrefix}"`)
      return found[0]![1]
    },
    asset: (hash) => join(outdir, `asset.${hash}`),
  }
  made.set(key, one)
  return one
}

export const forget = () => rmSync(folder, { recursive: true, force: true })
