/**
 * The simulator's shell: listens, gives every connection a session, and looks at the clock for all of them.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { z } from 'zod'
import { ConfigError } from '../shared/errors.ts'
import { openLogFile } from './log-file.ts'
import type { MobileOriginated } from './mo-pdu.ts'
import { type SimulatorInput, SimulatorOptions } from './options.ts'
import { type ReceivedMessage, reassemble } from './reassembly.ts'
import { SessionSet } from './session-set.ts'
import { Smsc, type SubmitHook } from './smsc.ts'
import { type SubmitRecord, type Truth, TruthLog } from './truth.ts'

/** How long `close` waits for peers to answer unbind. */
const CLOSE_MS = 2_000

export interface Simulator {
  /** The port it listens on. */
  readonly port: number
  /** Every submit_sm accepted, in the order it came. */
  readonly log: readonly SubmitRecord[]
  /** Binds open at the moment. */
  readonly binds: number
  truth(): Truth
  /** The log as messages: parts joined. */
  messages(): ReceivedMessage[]
  /**
   * A message from a subscriber, to any bind of the account that may receive (the first account unless named).
   * Resolves to whether the ESME acknowledged it with ESME_ROK; waits while nobody is bound.
   */
  sendMo(message: MobileOriginated & { systemId?: string }): Promise<boolean>
  /** Cuts all connections without a word, as networks do. */
  disconnect(): void
  /** Unbinds everybody, then stops. Receipts still to come are lost. */
  close(): Promise<void>
  /** Stops at once. */
  destroy(): Promise<void>
}

/**
 * Starts an SMSC on this machine.
 *
 * @param input see `SimulatorOptions`; `onSubmit` decides about single messages, for tests that misbehave.
 * @throws ConfigError listing every fault of the options.
 * @example const smsc = await startSimulator({ accounts: [{ systemId: 'demo', password: 'demo' }] })
 */
export async function startSimulator(input: SimulatorInput & { onSubmit?: SubmitHook }): Promise<Simulator> {
  const { onSubmit, ...rest } = input
  const parsed = SimulatorOptions.safeParse(rest)
  if (!parsed.success)
    throw new ConfigError('simulator_options', `simulator options: ${z.prettifyError(parsed.error)}`)
  const options = parsed.data
  const file = options.logFile === null ? null : openLogFile(options.logFile)
  const log = new TruthLog(file && ((event) => file.tell(event)))
  const smsc = new Smsc(options, log, Date.now, onSubmit ?? null)
  const sessions = new SessionSet(smsc, options)
  const server = options.tls ? createTlsServer({ ...options.tls, minVersion: 'TLSv1.2' }) : createServer()
  server.on('connection', (socket) => sessions.track(socket))
  server.on(options.tls ? 'secureConnection' : 'connection', (socket) => sessions.open(socket))

  const stop = async () => {
    sessions.stop()
    await file?.close()
  }
  try {
    server.listen(options.port, options.host)
    await once(server, 'listening')
  } catch (error) {
    await stop()
    throw error
  }
  return {
    port: (server.address() as AddressInfo).port,
    log: log.records,
    get binds() {
      return smsc.binds
    },
    truth: () => log.truth(),
    messages: () => reassemble(log.records),
    sendMo: ({ systemId, ...message }) => smsc.sendMo(systemId ?? options.accounts[0]!.systemId, message),
    disconnect: () => sessions.destroyAll(),
    async close() {
      const closed = closing(server)
      sessions.unbindAll()
      const deadline = setTimeout(() => sessions.destroyAll(), CLOSE_MS)
      await closed
      clearTimeout(deadline)
      await stop()
    },
    async destroy() {
      const closed = closing(server)
      sessions.destroyAll()
      await closed
      await stop()
    },
  }
}

const closing = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
