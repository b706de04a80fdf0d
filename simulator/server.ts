/**
 * The simulator's shell: listens, gives every connection a session, and looks at the clock for all of them.
 */
import { z } from 'zod'
import { ConfigError } from '../shared/errors.ts'
import { Director } from './faults/director.ts'
import type { FaultInput } from './faults/fault.ts'
import { FaultsInForce } from './faults/in-force.ts'
import { seededRandom } from './faults/random.ts'
import { Listener } from './listener.ts'
import { openLogFile } from './log-file.ts'
import type { MobileOriginated } from './mo-pdu.ts'
import { type SimulatorInput, SimulatorOptions } from './options.ts'
import { keepOwedReceipts, takeOwedReceipts } from './owed-receipts.ts'
import { type ReceivedMessage, reassemble } from './reassembly.ts'
import { plainDialect } from './receipt-pdu.ts'
import { SessionSet } from './session-set.ts'
import { Smsc, type SubmitHook } from './smsc.ts'
import { stageOf } from './stage.ts'
import type { Mischief, SubmitRecord, Truth } from './truth.ts'
import { TruthLog } from './truth-log.ts'

/** How long `close` waits for peers to answer unbind. */
const CLOSE_MS = 2_000

export interface Simulator {
  /** The port it listens on. */
  readonly port: number
  /** Every submit_sm accepted, in the order it came. */
  readonly log: readonly SubmitRecord[]
  /** Every submit_sm the DLT check refused; by a receipt, and it is in `log` too. */
  readonly refusedByScrub: readonly SubmitRecord[]
  /** Binds open at the moment. */
  readonly binds: number
  /** Binds refused, by command_status in decimal. */
  readonly refusedBinds: Readonly<Record<string, number>>
  truth(): Truth & Mischief
  /** The log as messages: parts joined. */
  messages(): ReceivedMessage[]
  /**
   * Begins a fault; answers how to end it before `forMs` have passed. One that happens at once has nothing to end.
   *
   * @throws ConfigError when it is no fault.
   * @example smsc.inject({ fault: 'throttle' }, 500)
   */
  inject(fault: FaultInput, forMs?: number): () => void
  /** Ends every fault in force. */
  calm(): void
  /**
   * A message from a subscriber, to any bind of the account that may receive (the first account unless named).
   * Resolves to whether the ESME acknowledged it with ESME_ROK; waits while nobody is bound.
   */
  sendMo(message: MobileOriginated & { systemId?: string }): Promise<boolean>
  /** Changes the password of an account, the first one unless named: for binds to come, who is bound stays bound. */
  changePassword(password: string, systemId?: string): void
  /** Cuts all connections without a word, as networks do. */
  disconnect(): void
  /** Unbinds everybody, then stops. Receipts still to come are lost, unless there is an `owedFile`. */
  close(): Promise<void>
  /** Stops at once. */
  destroy(): Promise<void>
}

/**
 * Starts an SMSC on this machine.
 *
 * @param input see `SimulatorOptions`; `scenario` says what goes wrong when; `onSubmit` decides about single messages and goes
 * before the faults in force; `now` is what the SMSC takes for the time, in milliseconds since 1970.
 * @throws ConfigError listing every fault of the options.
 * @example const smsc = await startSimulator({ accounts: [{ systemId: 'demo', password: 'demo' }] })
 */
export async function startSimulator(
  input: SimulatorInput & { onSubmit?: SubmitHook; now?: () => number },
): Promise<Simulator> {
  const { onSubmit, now = Date.now, ...rest } = input
  const options = readOptions(rest)
  const file = options.logFile === null ? null : openLogFile(options.logFile)
  const log = new TruthLog(file && ((event) => file.tell(event)))
  const random = seededRandom(options.seed)
  const faults = new FaultsInForce(steadyManners(options), random, (kind) => log.faultBit(kind))
  const onAccepted = () => director.accepted()
  const smsc = new Smsc(options, { log, faults, random, now, onAccepted, onSubmit: onSubmit ?? null })
  const sessions = new SessionSet(smsc, options, () => director.tick())
  const listener = new Listener(options, sessions)
  const stage = stageOf({ smsc, sessions, listener, log })
  const director = new Director(options.scenario.events, { stage, inForce: faults, log, random, now })

  const stop = async () => {
    sessions.stop()
    await file?.close()
  }
  try {
    await listener.open()
  } catch (error) {
    await stop()
    throw error
  }
  if (options.owedFile !== null) smsc.owe(takeOwedReceipts(options.owedFile))
  director.tick()
  return {
    port: listener.port,
    log: log.records,
    refusedByScrub: log.refusedByScrub,
    get binds() {
      return smsc.binds
    },
    refusedBinds: smsc.refusedBinds,
    truth: () => log.truth(),
    messages: () => reassemble(log.records),
    inject: (fault, forMs) => director.inject(fault, forMs),
    calm: () => director.calm(),
    sendMo: ({ systemId, ...message }) => smsc.sendMo(systemId, message),
    changePassword: (password, systemId) => smsc.changePassword(systemId, password),
    disconnect: () => sessions.destroyAll(),
    async close() {
      const closed = listener.close()
      sessions.unbindAll()
      const deadline = setTimeout(() => sessions.destroyAll(), CLOSE_MS)
      await closed
      clearTimeout(deadline)
      smsc.close()
      if (options.owedFile !== null) keepOwedReceipts(options.owedFile, log)
      await stop()
    },
    async destroy() {
      const closed = listener.close()
      sessions.destroyAll()
      await closed
      await stop()
    },
  }
}

/** What the scenario settles gives way to what is said beside it. */
function readOptions(input: SimulatorInput): SimulatorOptions {
  const parsed = SimulatorOptions.safeParse({ ...input.scenario?.settings, ...input })
  if (!parsed.success)
    throw new ConfigError('simulator_options', `simulator options: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

const steadyManners = ({ receiptStyle, idFormat, receiptIdFormat }: SimulatorOptions) => ({
  dialect: plainDialect(receiptStyle),
  ids: { response: idFormat, receipt: receiptIdFormat },
})
