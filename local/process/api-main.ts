/** The HTTP API as a process of its own: `node local/process/api-main.ts PORT`; a taken port is replaced by a free one. */
import { depsFromEnv } from '../../aws/deps.ts'
import { serveApi } from '../../lambdas/api/serve.ts'
import { runUntilAsked } from './run.ts'

const deps = depsFromEnv()
const port = Number(process.argv[2] ?? 0)
const api = await serveApi(deps, { port }).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error
  return serveApi(deps, { port: 0 })
})
runUntilAsked({ url: api.url }, async () => {
  await api.close()
  deps.close()
})
