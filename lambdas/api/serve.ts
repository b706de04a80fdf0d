import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { createApp } from './app.ts'
import type { ApiDeps } from './context.ts'

export interface ApiServer {
  /** `http://host:port`, with the port that was really taken. */
  url: string
  /** Takes no more calls, lets those under way finish; connections that only idle are cut. */
  close(): Promise<void>
}

/** The API on a port of this machine; port 0 takes a free one. Rejects when the port cannot be had. */
export async function serveApi(deps: ApiDeps, options: { port: number; host?: string }): Promise<ApiServer> {
  const hostname = options.host ?? '127.0.0.1'
  const server = await listening(createApp(deps), { port: options.port, hostname })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://${hostname}:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        if ('closeIdleConnections' in server) server.closeIdleConnections()
      }),
  }
}

function listening(
  app: { fetch: (request: Request) => Response | Promise<Response> },
  options: { port: number; hostname: string },
): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, ...options }, () => resolve(server))
    server.once('error', reject)
  })
}
