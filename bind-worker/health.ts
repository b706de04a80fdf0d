import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HealthServer {
  port: number
  close(): Promise<void>
}

/**
 * `GET /health` answers 200 with the worker's state while the process is alive. A route that is down is not a reason
 * to restart a worker, which would only lose the connections to try again with: it is told by heartbeats and alarms.
 */
export async function serveHealth(port: number, state: () => unknown): Promise<HealthServer> {
  const server: Server = createServer((request, response) => {
    const found = request.method === 'GET' && request.url === '/health'
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(found ? state() : { error: 'not found, try GET /health' }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
