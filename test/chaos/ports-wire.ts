/**
 * The ports over a message channel: a worker that runs in a thread of its own calls ports that live in the main
 * thread. What it asked for is done even when it dies before the answer comes, as over a network.
 */
import type { MessagePort, Worker as Thread } from 'node:worker_threads'
import type { Deps } from '../../aws/deps.ts'
import { DakgharError } from '../../shared/errors.ts'
import type { PortName } from './scenario.ts'

export type Ports = Pick<Deps, PortName>

export type ToMain =
  | { kind: 'call'; id: number; port: PortName; method: string; args: unknown[] }
  | { kind: 'abort'; id: number }
  | { kind: 'log'; line: string }
  | { kind: 'started' }
  | { kind: 'drained' }

export type ToWorker =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'failure'; id: number; code: string; message: string; retryable: boolean }
  | { kind: 'freeze'; forMs: number }
  | { kind: 'drain' }

type Method = (...args: unknown[]) => Promise<unknown>

/** The worker's side. */
export class RemotePorts {
  readonly #port: MessagePort
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #calls = 0

  constructor(port: MessagePort) {
    this.#port = port
  }

  ports(): Ports {
    return {
      queue: this.#proxy<Ports['queue']>('queue'),
      ledger: this.#proxy<Ports['ledger']>('ledger'),
      registry: this.#proxy<Ports['registry']>('registry'),
      objects: this.#proxy<Ports['objects']>('objects'),
    }
  }

  onMessage(message: ToWorker): void {
    if (message.kind !== 'answer' && message.kind !== 'failure') return
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.kind === 'answer') return waiting?.resolve(message.value)
    const { code, retryable } = message
    waiting?.reject(new DakgharError(code, message.message, { retryable }))
  }

  #proxy<T extends object>(port: PortName): T {
    return new Proxy({} as T, {
      get: (_, method) => {
        if (typeof method !== 'string' || method === 'then') return undefined
        return (...args: unknown[]) => this.#call(port, method, args)
      },
    })
  }

  #call(port: PortName, method: string, args: unknown[]): Promise<unknown> {
    const id = ++this.#calls
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.set(id, waiting)
    const plain = args.map((arg) => {
      const { signal, ...rest } = (arg ?? {}) as { signal?: AbortSignal }
      if (!(signal instanceof AbortSignal)) return arg
      signal.addEventListener('abort', () => this.#port.postMessage({ kind: 'abort', id }), { once: true })
      return rest
    })
    this.#port.postMessage({ kind: 'call', id, port, method, args: plain } satisfies ToMain)
    return waiting.promise
  }
}

/** The main thread's side: does what the thread asks, on these ports, until the thread is gone. */
export class PortServer {
  readonly #thread: Thread
  readonly #ports: Ports
  readonly #onAnswer: (method: string, value: unknown) => void
  readonly #receives = new Map<number, AbortController>()

  /** `onAnswer` hears what the thread was told, when it was. */
  constructor(thread: Thread, ports: Ports, onAnswer: (method: string, value: unknown) => void) {
    this.#thread = thread
    this.#ports = ports
    this.#onAnswer = onAnswer
  }

  onMessage(message: ToMain): void {
    if (message.kind === 'call') void this.#serve(message)
    else if (message.kind === 'abort') this.#receives.get(message.id)?.abort()
  }

  /** The thread is gone: nobody polls any more. */
  close(): void {
    for (const receive of this.#receives.values()) receive.abort()
  }

  async #serve({ id, port, method, args }: Extract<ToMain, { kind: 'call' }>): Promise<void> {
    try {
      const target = this.#ports[port] as unknown as Record<string, Method>
      const value = await target[method]!(...this.#abortable(id, method, args))
      this.#post({ kind: 'answer', id, value })
      this.#onAnswer(method, value)
    } catch (error) {
      const { code, retryable } =
        error instanceof DakgharError ? error : { code: 'unexpected', retryable: false }
      this.#post({ kind: 'failure', id, code, message: String(error), retryable })
    } finally {
      this.#receives.delete(id)
    }
  }

  #abortable(id: number, method: string, args: unknown[]): unknown[] {
    if (method !== 'receive') return args
    const controller = new AbortController()
    this.#receives.set(id, controller)
    const [queue, options] = args as [unknown, object]
    return [queue, { ...options, signal: controller.signal }]
  }

  #post(message: ToWorker): void {
    this.#thread.postMessage(message)
  }
}
