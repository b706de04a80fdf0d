import type { DakgharError } from '../../shared/errors.ts'

/** What a session needs of a connection: a byte stream that is open already, and its end. */
export interface Transport {
  /** Hands over the events; whatever arrived before is kept until then. Called once. */
  attach(events: TransportEvents): void
  /** Queues octets, several writes of one turn of the event loop together. Takes a copy: the Buffer may be reused. */
  write(octets: Buffer): void
  /** False while the peer reads slower than we write; `onDrain` tells when it caught up. Writing is still allowed. */
  readonly writable: boolean
  /** Octets written but not yet taken by the kernel. */
  readonly bufferedOctets: number
  /** Ends the connection after everything written has left. */
  close(): void
  /** Ends the connection now. */
  destroy(): void
}

export interface TransportEvents {
  onData(chunk: Buffer): void
  onDrain(): void
  /** The connection is gone; the error says why when it was not asked for. Nothing follows it. */
  onClose(error: DakgharError | null): void
}

/** Opens a connection. @throws a leaf of `errors.ts`; also when the signal aborts. */
export type Connect = (signal: AbortSignal) => Promise<Transport>
