import { vi } from 'vitest'
import { LedgerWriter } from '../../bind-worker/ledger-writer.ts'
import { Receiver } from '../../bind-worker/receipts/receiver.ts'
import { RememberedIds, type SegmentRef } from '../../bind-worker/receipts/remembered-ids.ts'
import type { RouteInput } from '../../shared/contracts/route.ts'
import type { Slice } from '../../shared/ledger/facts.ts'
import { silentLog } from '../../shared/log.ts'
import { decodePdu, encodePdu, type PduFields } from '../../shared/smpp/codec.ts'
import { idKey } from '../../shared/smpp/message-id.ts'
import { TIMING } from '../../shared/timing.ts'
import { fakeClock, MemoryLedger, MemoryQueue } from '../support/memory-ports.ts'
import { BOOT, CAMPAIGN, route } from './factories.ts'

const PAGE = { campaign: CAMPAIGN, page: 0 }
export const TO = '919876543210'

/** A ledger whose appends fail while it is down. */
class FallibleLedger extends MemoryLedger {
  down = false
  override async append(slices: readonly Slice[]): Promise<void> {
    if (this.down) throw new Error('down')
    return super.append(slices)
  }
}

const open: Receiver[] = []
/** To be called after each test. */
export function closeReceivers(): void {
  for (const receiver of open.splice(0)) receiver.close()
  vi.useRealTimers()
}

/** A receiver on ports in memory, by clocks that stand still. */
export function receiverSetUp(over: Partial<RouteInput> = {}) {
  vi.useFakeTimers()
  const clock = fakeClock()
  const ledger = new FallibleLedger()
  const queue = new MemoryQueue(clock)
  const ids = new RememberedIds(1_000)
  const parts = { clock, timing: TIMING, log: silentLog, ledger, queue }
  const writer = new LedgerWriter({ ...parts, boot: BOOT, onDurable: () => {} })
  const receiver = new Receiver({ ...parts, route: route(over), writer, ids })
  open.push(receiver)
  const answers: number[] = []

  const deliver = (fields: PduFields) =>
    receiver.onDeliver(
      decodePdu(encodePdu('deliver_sm', { source_addr: TO, destination_addr: 'DAKGHR', ...fields })),
      (status) => answers.push(status),
    )
  /** A receipt as text, esm_class 4. */
  const receipt = (text: string, fields: PduFields = {}) =>
    deliver({ esm_class: 4, short_message: Buffer.from(text, 'latin1'), ...fields })
  /** The same receipt again and again, decoded once. */
  const deliverMany = (count: number, text: string) => {
    const fields = { source_addr: TO, esm_class: 4, short_message: Buffer.from(text, 'latin1') }
    const pdu = decodePdu(encodePdu('deliver_sm', fields))
    for (let n = 0; n < count; n++) receiver.onDeliver(pdu, (status) => answers.push(status))
  }
  /** Both clocks forward side by side: the timers of the receiver, and the clock it and the writer read. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 100) {
      await clock.advance(Math.min(left, 100))
      await vi.advanceTimersByTimeAsync(Math.min(left, 100))
    }
    await clock.advance(0)
  }
  const remember = (id: string, to = TO, over: Partial<SegmentRef> = {}) =>
    ids.remember(idKey(id), { page: PAGE, batch: 2, i: 7, part: 1, to, submittedAt: clock.now(), ...over })
  const rows = async () => {
    const { slices } = await ledger.readPage(CAMPAIGN, 0)
    return slices.flatMap((slice) => (slice.kind === 'receipts' ? slice.rows : []))
  }
  /** Every receipt and fact of before is written. */
  const settled = () => pass(10 * TIMING.lingerMs)
  return {
    ...{ clock, ledger, queue, ids, receiver, writer, answers, deliver, deliverMany },
    ...{ receipt, pass, settled, remember, rows },
  }
}

/** The fake clock waits for macrotasks, which fake timers would hold back. */
vi.setConfig({ fakeTimers: { toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] } })
