import type { HeldBatch } from '../../bind-worker/intake/held-batch.ts'
import { LedgerWriter } from '../../bind-worker/ledger-writer.ts'
import { TokenBucket } from '../../bind-worker/pacing/token-bucket.ts'
import { RememberedIds } from '../../bind-worker/receipts/remembered-ids.ts'
import { Link, type SubmitPort } from '../../bind-worker/send/link.ts'
import { Sender } from '../../bind-worker/send/sender.ts'
import type { SegmentTask } from '../../bind-worker/send/tasks.ts'
import type { RouteConfig } from '../../shared/contracts/route.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN, route } from './factories.ts'

/** A bind that keeps what is written to it, and has room until told otherwise. */
export class FakePort implements SubmitPort {
  canSubmit = true
  room = Number.POSITIVE_INFINITY
  rebinds = 0
  readonly written: SegmentTask[] = []

  submit(_octets: Buffer, segment: SegmentTask): number | null {
    if (!this.canSubmit || this.written.length >= this.room) return null
    return this.written.push(segment)
  }

  rebind(): void {
    this.rebinds++
    this.canSubmit = false
  }

  /** What was written, as `message.part`. */
  get names(): string[] {
    return this.written.map(({ task, part }) => `${task.message.i}.${part}`)
  }
}

/** A sender over fake binds, by a clock that stands still; facts go to a ledger in memory. */
export function senderSetUp(
  options: { binds?: number; tps?: number; longMessage?: RouteConfig['longMessage'] } = {},
) {
  const clock = fakeClock()
  const ledger = new MemoryLedger()
  const quiet: HeldBatch[] = []
  const ids = new RememberedIds(100)
  const parts = { clock, timing: TIMING, log: silentLog, ledger }
  const writer = new LedgerWriter({ ...parts, boot: BOOT, onDurable: () => {} })
  const encoding = { fails: (_segment: SegmentTask) => false }
  const sender = new Sender({
    ...parts,
    route: route({ longMessage: options.longMessage ?? 'udh' }),
    writer,
    ids,
    bucket: new TokenBucket(options.tps ?? Number.POSITIVE_INFINITY),
    reserveAhead: 100,
    encode: (segment) => {
      if (encoding.fails(segment)) throw new RangeError('too long')
      return Buffer.alloc(0)
    },
    onQuiet: (batch) => {
      batch.closing = true
      quiet.push(batch)
    },
    onTaken: () => {},
  })
  const ports = Array.from({ length: options.binds ?? 1 }, () => new FakePort())
  const links = ports.map((port) => new Link(port))
  for (const link of links) sender.addLink(link)

  /** Lets the sender pump, and the facts become durable. */
  const turn = () => clock.advance(TIMING.lingerMs + 1)
  /** Outcomes of the page so far, as `message.part kind idOrStatus`. */
  const outcomes = async () => {
    await turn()
    const { slices } = await ledger.readPage(CAMPAIGN, 0)
    return slices.flatMap((slice) =>
      slice.kind === 'outcomes'
        ? slice.rows.map((row) => `${row[1]}.${row[2]} ${row[4]} ${row[5]}`.trim())
        : [],
    )
  }
  const [port, link] = [ports[0]!, links[0]!]
  return { clock, ledger, writer, sender, encoding, ports, links, port, link, ids, quiet, turn, outcomes }
}
