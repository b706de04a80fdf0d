/** The outside of a worker that never runs out of work, in memory: what is measured is the worker. */
import { systemClock, systemIds, systemRandom } from '../aws/system-clock.ts'
import type { WorkerDeps } from '../bind-worker/worker.ts'
import { dispatchBody } from '../shared/contracts/dispatch.ts'
import { silentLog } from '../shared/log.ts'
import type { Ledger, ObjectStore, Queue, QueueMessage, Registry } from '../shared/ports.ts'
import { TIMING } from '../shared/timing.ts'
import { sampleLine } from './sample-route.ts'

const MESSAGES = 100
const BATCHES_A_PAGE = 50
/** What a write of facts takes, as DynamoDB does. */
const WRITE_MS = 5
const LOOK_MS = 20

export interface EndlessDeps extends WorkerDeps {
  /** Whether there is work. */
  hasWork: boolean
}

export function endlessDeps(): EndlessDeps {
  let batches = 0
  const nextCopy = (): QueueMessage => {
    const line = sampleLine(Math.floor(batches / BATCHES_A_PAGE), batches % BATCHES_A_PAGE, MESSAGES)
    const terms = { expiresAt: Date.now() + 86_400_000, hours: null, policy: 'hold' as const }
    const name = `copy-${batches++}`
    const body = dispatchBody(terms, [], JSON.stringify(line))
    return { body, receipt: name, messageId: name, receiveCount: 1, sentAt: Date.now() }
  }
  const write = () => systemClock.sleep(WRITE_MS)
  const queue: Partial<Queue> = {
    receive: async (_, { max, signal }) => {
      while (!deps.hasWork && !signal?.aborted) await systemClock.sleep(LOOK_MS)
      return signal?.aborted ? [] : Array.from({ length: max }, nextCopy)
    },
    send: async () => {},
    delete: async () => {},
    changeVisibility: async () => {},
  }
  const ledger: Partial<Ledger> = {
    claim: async (bid) => {
      const { campaign, page, batch, owner, leaseUntil, lineHash, reserve } = bid
      const held = { state: 'held' as const, gen: 1, crashes: 0, parked: null, reserved: reserve }
      const claim = { campaign, page, batch, owner, leaseUntil, lineHash, ...held }
      return { granted: true, claim, before: null }
    },
    reserve: async () => true,
    renew: async () => true,
    park: async () => true,
    release: async () => true,
    finish: async () => {},
    append: write,
    putUnplaced: write,
  }
  const registry: Partial<Registry> = { controls: async () => new Map(), putHeartbeat: async () => {} }
  const deps: EndlessDeps = {
    hasWork: true,
    queue: queue as Queue,
    ledger: ledger as Ledger,
    registry: registry as Registry,
    objects: {} as ObjectStore,
    clock: systemClock,
    ids: systemIds(),
    random: systemRandom,
    timing: TIMING,
    log: silentLog,
  }
  return deps
}
