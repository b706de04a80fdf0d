/** One line of `memory.ts`: `memory-run.ts STORE FORM SEGMENTS RECEIPTS_PER_SECOND`, answered to the parent process. */
import { PerformanceObserver, performance } from 'node:perf_hooks'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { systemClock } from '../aws/system-clock.ts'
import { LedgerWriter } from '../bind-worker/ledger-writer.ts'
import { Receiver } from '../bind-worker/receipts/receiver.ts'
import { RememberedIds } from '../bind-worker/receipts/remembered-ids.ts'
import { BootId, CampaignId } from '../shared/ids.ts'
import { silentLog } from '../shared/log.ts'
import type { Ledger, Queue } from '../shared/ports.ts'
import { decodePdu, encodePdu } from '../shared/smpp/codec.ts'
import { idKey } from '../shared/smpp/message-id.ts'
import { TIMING } from '../shared/timing.ts'
import { PlainIds } from './plain-ids.ts'
import { sampleRoute } from './sample-route.ts'

export interface MemoryResult {
  store: string
  /** Characters of an id. */
  form: number
  megabytes: { loaded: number; accepted: number; receipts: number; most: number }
  longestGcMs: number
  allGcMs: number
  nanoseconds: { remember: number; find: number; end: number }
}

const RECEIPTS_A_TURN = 100
const ACCEPTED_A_TURN = 1_000
const PER_PAGE = 5_000
const PER_BATCH = 100
const CAMPAIGN = CampaignId.parse('01K9ZZZZZZZZZZZZZZZZZZZZZZ')
/** For the order in which receipts come (design §8): so many a second were sent. */
const TPS = 1_000

const [store = '', form, count, rate] = process.argv.slice(2)
const segments = Number(count)
const receiptsPerSecond = Number(rate)
const length = Number(form)

// What else a worker has in memory.
await import('../aws/deps.ts')
await import('../bind-worker/worker.ts')
await turn()
const loaded = megabytes()
const gc = { longestMs: 0, allMs: 0 }
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    gc.longestMs = Math.max(gc.longestMs, duration)
    gc.allMs += duration
  }
}).observe({ entryTypes: ['gc'] })

let most = 0
const ids = emptyStore()
for (let n = 0; n < segments; n++) {
  accept(ids, n)
  if (n % ACCEPTED_A_TURN === 0) await look()
}
await look()
const accepted = megabytes()
await receiveAll(ids)
await look()
const receipts = megabytes()
const [longestGcMs, allGcMs] = [Math.round(gc.longestMs), Math.round(gc.allMs)]
const nanoseconds = await speed()
const result: MemoryResult = {
  ...{ store, form: length, longestGcMs, allGcMs, nanoseconds },
  megabytes: { loaded, accepted, receipts, most },
}
process.send?.(result, () => process.exit())

function emptyStore(): RememberedIds {
  return store === 'map' ? (new PlainIds(segments) as unknown as RememberedIds) : new RememberedIds(segments)
}

/** The id arrives as octets; what a string of it costs is the store's business. */
function accept(ids: RememberedIds, n: number): void {
  const page = { campaign: CAMPAIGN, page: Math.floor(n / PER_PAGE) }
  const batch = Math.floor((n % PER_PAGE) / PER_BATCH)
  const id = Buffer.from(idOf(n), 'latin1').toString('latin1')
  ids.remember(idKey(id), {
    page,
    batch,
    i: n % PER_BATCH,
    part: 1,
    to: numberOf(n),
    submittedAt: Date.now(),
  })
}

async function receiveAll(ids: RememberedIds): Promise<void> {
  const ledger: Partial<Ledger> = { append: () => turn(), putUnplaced: () => turn() }
  const parts = { clock: systemClock, timing: TIMING, log: silentLog }
  const writer = new LedgerWriter({
    ...{ ...parts, ledger: ledger as Ledger, onDurable: () => {} },
    boot: BootId.parse('01K9XXXXXXXXXXXXXXXXXXXXXX'),
  })
  const queue = {} as Queue
  const receiver = new Receiver({ ...parts, route: sampleRoute(1, {}), queue, writer, ids })
  let acknowledged = 0
  const startMs = performance.now()
  for (const [at, n] of inOrderOfReceipt().entries()) {
    receiver.onDeliver(decodePdu(receiptOf(n)), (status) => {
      if (status === 0) acknowledged++
    })
    if (at % RECEIPTS_A_TURN !== 0) continue
    const earlyMs = startMs + (at * 1_000) / receiptsPerSecond - performance.now()
    if (earlyMs > 1) await sleep(earlyMs)
    await look()
  }
  await writer.flushed()
  receiver.close()
  if (acknowledged !== segments || receiver.counts.placed !== segments) {
    throw new Error(`${acknowledged} of ${segments} receipts acknowledged, ${receiver.counts.placed} placed`)
  }
}

/** A full store from which, ten thousand at a time, ids are asked for and ended, and make room for new ones. */
async function speed(): Promise<MemoryResult['nanoseconds']> {
  const run = 10_000
  const ids = emptyStore()
  for (let n = 0; n < segments; n++) accept(ids, n)
  const order = inOrderOfReceipt()
  const times = { remember: [] as number[], find: [] as number[], end: [] as number[] }
  let found = 0
  for (let from = 0; from + run <= segments; from += run) {
    const due = Array.from(order.subarray(from, from + run), (n) => idKey(idOf(n)))
    const fresh = due.map((_, at) => {
      const n = segments + from + at
      const page = { campaign: CAMPAIGN, page: Math.floor(n / PER_PAGE) }
      return { key: idKey(idOf(n)), ref: { page, batch: 0, i: 0, part: 1, to: numberOf(n), submittedAt: n } }
    })
    times.find.push(
      timed(run, () => {
        for (const key of due) if (ids.find(key)) found++
      }),
    )
    times.end.push(
      timed(run, () => {
        for (const key of due) ids.markFinal(key, from)
      }),
    )
    times.remember.push(
      timed(run, () => {
        for (const { key, ref } of fresh) ids.remember(key, ref)
      }),
    )
    await turn()
  }
  if (found < segments - run) throw new Error(`only ${found} ids were found`)
  return { remember: median(times.remember), find: median(times.find), end: median(times.end) }
}

/** Nanoseconds of CPU each: others share the machine. */
function timed(times: number, what: () => void): number {
  const before = process.cpuUsage()
  what()
  return (process.cpuUsage(before).user * 1_000) / times
}

function median(values: number[]): number {
  return Math.round(values.sort((a, b) => a - b)[values.length >> 1]!)
}

async function look(): Promise<void> {
  most = Math.max(most, megabytes())
  await turn()
}

function megabytes(): number {
  return Math.round(process.memoryUsage.rss() / 1e6)
}

/** Counted in 8 or 16 hexadecimal digits, or as UUIDs look; the same for the same n. */
function idOf(n: number): string {
  if (length === 8) return (0x39f9_9dd5 + n).toString(16)
  if (length === 16) return (0x18a2_b3c4_d5e6_0000n + BigInt(n)).toString(16)
  const [a, b] = [Math.imul(n + 1, 0x9e37_79b1) >>> 0, Math.imul(n + 1, 0x85eb_ca6b) >>> 0]
  const digits = `${hex8(a)}${hex8(b)}${hex8(a ^ n)}${hex8(n)}`
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function hex8(n: number): string {
  return (n >>> 0).toString(16).padStart(8, '0')
}

function numberOf(n: number): string {
  return `9198${String((n * 7_919) % 1e8).padStart(8, '0')}`
}

function receiptOf(n: number): Buffer {
  const text = `id:${idOf(n)} sub:001 dlvrd:001 submit date:2609011130 done date:2609011131 stat:DELIVRD err:000 text:Your order`
  return encodePdu('deliver_sm', {
    ...{ source_addr: numberOf(n), destination_addr: 'GCMDIA', esm_class: 4, data_coding: 0 },
    short_message: Buffer.from(text, 'latin1'),
  })
}

/** 70 % of receipts about 5 s late, 22 % to five minutes, 8 % to four hours, the same in every run. */
function inOrderOfReceipt(): Uint32Array {
  let state = 1
  const random = () => {
    state = Math.imul(state, 48_271) >>> 0
    return state / 2 ** 32
  }
  const dueSecond = Uint32Array.from({ length: segments }, (_, n) => {
    const share = random()
    const late = share < 0.7 ? 2 + 6 * random() : share < 0.92 ? 300 * random() : 14_400 * random()
    return n / TPS + late
  })
  // Sorted by counting: a comparison sort would need more memory than what is measured leaves room for.
  const nextAt = new Uint32Array(segments / TPS + 14_402)
  for (const second of dueSecond) nextAt[second + 1]!++
  for (let second = 1; second < nextAt.length; second++) nextAt[second]! += nextAt[second - 1]!
  const order = new Uint32Array(segments)
  for (const [n, second] of dueSecond.entries()) order[nextAt[second]!++] = n
  return order
}
