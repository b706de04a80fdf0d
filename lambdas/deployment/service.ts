/** What a deployment puts in place beside resources: pools and routes in the registry, files in the console's bucket. */
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { z } from 'zod'
import { PoolConfig, RouteConfig } from '../../shared/contracts/route.ts'
import { DakgharError } from '../../shared/errors.ts'
import type { ObjectStore, Registry } from '../../shared/ports.ts'

const RoutesProperties = z.object({
  /** One JSON text: CloudFormation would make strings of its numbers. */
  Configuration: z
    .string()
    .transform((text) =>
      z.object({ pools: z.array(PoolConfig), routes: z.array(RouteConfig) }).parse(JSON.parse(text)),
    ),
})
const ConsoleProperties = z.object({ Bucket: z.string() })

export interface DeploymentDeps {
  registry: Pick<Registry, 'putPool' | 'putRoute'>
  /** The store of another bucket than the platform's own. */
  storeOf: (bucket: string) => Pick<ObjectStore, 'put'>
  /** Folder of the console's files. */
  consoleFiles: string
}

/** @throws DakgharError `unknown_resource` when the stack asks for something else. */
export async function putInPlace(
  deps: DeploymentDeps,
  type: string,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  switch (type) {
    case 'Custom::DakgharRoutes':
      return putRoutes(deps, RoutesProperties.parse(properties).Configuration)
    case 'Custom::DakgharConsole':
      return putFiles(deps.storeOf(ConsoleProperties.parse(properties).Bucket), deps.consoleFiles)
    default:
      throw new DakgharError('unknown_resource', `This function puts no ${type} in place.`)
  }
}

/** A route that is configured no more keeps its record: reports of what it sent are explained by it. */
async function putRoutes(
  { registry }: DeploymentDeps,
  { pools, routes }: { pools: readonly PoolConfig[]; routes: readonly RouteConfig[] },
): Promise<void> {
  for (const pool of pools) await registry.putPool(pool)
  for (const route of routes) await registry.putRoute(route)
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

async function putFiles(store: Pick<ObjectStore, 'put'>, folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const key = path.slice(folder.length).replaceAll('\\', '/').replace(/^\//, '')
    const contentType = CONTENT_TYPES[extname(entry.name)]
    await store.put(key, await readFile(path), contentType ? { contentType } : {})
  }
}
