/** The true ports, below everything hostile: what gets here was really done, and is written down. */
import { parseDispatchBody } from '../../shared/contracts/dispatch.ts'
import type { QueueName } from '../../shared/contracts/wiring.ts'
import type { BatchKey, CampaignId } from '../../shared/ids.ts'
import type { Claim } from '../../shared/ledger/facts.ts'
import type { ClaimBid, Clock } from '../../shared/ports.ts'
import { MemoryLedger, MemoryObjectStore, MemoryQueue, MemoryRegistry } from '../support/memory-ports.ts'
import type { Journal } from './journal.ts'
import type { Ports } from './ports-wire.ts'

export const batchName = ({ campaign, page, batch }: BatchKey): string => `${campaign}#${page}#${batch}`

/** A copy deleted from a dispatch queue although its batch was not ended, and nothing else would bring it back. */
export interface LostCopy {
  batch: string
  state: string
  segmentsWithoutOutcome: number
}

export interface RecordedPorts extends Ports {
  queue: MemoryQueue
  ledger: MemoryLedger
  registry: MemoryRegistry
  objects: MemoryObjectStore
  lostCopies: LostCopy[]
  /** When CONTROL# of a campaign was set to cancelled, by the journal's time. */
  cancelledAtMs: Map<CampaignId, number>
}

export function recordedPorts(clock: Clock, journal: Journal): RecordedPorts {
  const ledger = new RecordedLedger(journal)
  const lostCopies: LostCopy[] = []
  const cancelledAtMs = new Map<CampaignId, number>()
  return {
    ledger,
    queue: new RecordedQueue(clock, journal, ledger, lostCopies),
    registry: new RecordedRegistry(clock, journal, cancelledAtMs),
    objects: new MemoryObjectStore(clock),
    lostCopies,
    cancelledAtMs,
  }
}

const CLAIM_MOVES = ['park', 'release', 'requeue'] as const

class RecordedLedger extends MemoryLedger {
  readonly #journal: Journal
  /** The ledger knows a repeated bid by its identity, which does not survive the way here. */
  readonly #bids = new Map<string, ClaimBid>()

  constructor(journal: Journal) {
    super()
    this.#journal = journal
    for (const move of CLAIM_MOVES) this.#record(move)
  }

  override async claim(copy: ClaimBid) {
    const text = JSON.stringify(copy)
    const bid = this.#bids.get(text) ?? copy
    this.#bids.set(text, bid)
    const answer = await super.claim(bid)
    const { owner, gen, crashes, reserved } = answer.claim
    const won = answer.granted ? `claimed (${answer.before?.state ?? 'new'})` : `refused: ${answer.why}`
    this.#journal.add(
      'ledger',
      `batch ${won} by ${short(bid.owner)}; owner ${short(owner)} gen ${gen} crashes ${crashes} reserved ${reserved}`,
      batchName(bid),
    )
    return answer
  }

  override async finish(claims: readonly Claim[]) {
    await super.finish(claims)
    for (const claim of claims) {
      this.#journal.add('ledger', `finish ${short(claim.owner)} gen ${claim.gen}`, batchName(claim))
    }
  }

  #record(move: (typeof CLAIM_MOVES)[number]): void {
    const inner = super[move] as (...args: unknown[]) => Promise<boolean>
    this[move] = async (...args: unknown[]) => {
      const done = await inner.apply(this, args)
      const [hold, ...rest] = args as [BatchKey & { owner: string; gen: number }]
      const text = `${move} ${done ? '' : 'refused '}${short(hold.owner)} gen ${hold.gen} ${rest.join(' ')}`
      this.#journal.add('ledger', text, batchName(hold))
      return done
    }
  }
}

const short = (boot: string) => boot.slice(-4)

class RecordedQueue extends MemoryQueue {
  readonly #journal: Journal
  readonly #ledger: MemoryLedger
  readonly #lost: LostCopy[]
  readonly #bodies = new Map<string, string>()

  constructor(clock: Clock, journal: Journal, ledger: MemoryLedger, lost: LostCopy[]) {
    super(clock)
    this.#journal = journal
    this.#ledger = ledger
    this.#lost = lost
  }

  override async receive(...args: Parameters<MemoryQueue['receive']>) {
    const messages = await super.receive(...args)
    if (!args[0].startsWith('dispatch-')) return messages
    for (const { receipt, body, receiveCount } of messages) {
      this.#bodies.set(receipt, body)
      this.#journal.add('queue', `${receipt} received, ${receiveCount}. time`, batchOf(body))
    }
    return messages
  }

  override async delete(queue: QueueName, receipts: readonly string[]) {
    await super.delete(queue, receipts)
    for (const receipt of receipts) {
      const body = this.#bodies.get(receipt)
      if (body === undefined) continue
      this.#bodies.delete(receipt)
      this.#journal.add('queue', `${receipt} deleted`, batchOf(body))
      await this.#judge(queue, body)
    }
  }

  /** Promise 2, at the moment it can be broken. */
  async #judge(queue: QueueName, body: string): Promise<void> {
    const { line } = parseDispatchBody(body)
    const elsewhere = [queue, `${queue}-dlq` as QueueName].some((name) => this.bodies(name).includes(body))
    if (elsewhere) return
    const { claims, slices } = await this.#ledger.readPage(line.campaign, line.page)
    const state = claims.find((claim) => claim.batch === line.batch)?.state ?? 'none'
    const rows = slices.flatMap((slice) => slice.rows.filter((row) => row[0] === line.batch))
    const known = new Set(rows.map((row) => `${row[1]}.${row[2]}`))
    const segments = line.messages.flatMap(({ i, parts }) => parts.map((_, part) => [i, part + 1]))
    const open = segments.filter(([i, part]) => !known.has(`${i}.0`) && !known.has(`${i}.${part}`))
    if (open.length === 0 || state === 'parked') return
    this.#lost.push({ batch: batchName(line), state, segmentsWithoutOutcome: open.length })
  }
}

const batchOf = (body: string): string => batchName(parseDispatchBody(body).line)

class RecordedRegistry extends MemoryRegistry {
  readonly #journal: Journal
  readonly #cancelledAtMs: Map<CampaignId, number>

  constructor(clock: Clock, journal: Journal, cancelledAtMs: Map<CampaignId, number>) {
    super(clock)
    this.#journal = journal
    this.#cancelledAtMs = cancelledAtMs
  }

  override async setControl(...[id, control]: Parameters<MemoryRegistry['setControl']>) {
    await super.setControl(id, control)
    this.#journal.add('fault', `CONTROL# of ${short(id)}: ${control.state}`)
    if (control.state !== 'cancelled') this.#cancelledAtMs.delete(id)
    else if (!this.#cancelledAtMs.has(id)) this.#cancelledAtMs.set(id, this.#journal.nowMs())
  }
}
