import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Callbacks {
  port: number
  /** The query of every request so far, by path. */
  received: (path: string) => URLSearchParams[]
  close(): void
}

/** The HTTP server to which Kannel reports receipts and what subscribers sent. */
export async function startCallbacks(): Promise<Callbacks> {
  const requests: URL[] = []
  const server = createServer((request, response) => {
    requests.push(new URL(request.url ?? '/', 'http://127.0.0.1'))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    received: (path) => requests.filter((url) => url.pathname === path).map((url) => url.searchParams),
    close: () => server.close(),
  }
}
