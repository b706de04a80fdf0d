import type { BindAs } from '../../shared/contracts/records.ts'
import type { BindType } from '../../shared/contracts/route.ts'
import type { Clock } from '../../shared/ports.ts'
import type { Timing } from '../../shared/timing.ts'
import type { Bind } from './bind.ts'

/** What each bind of a worker is, by its index: of `count` pairs, the transmitters come first. */
export function bindsInOrder(bindType: BindType, count: number): BindAs[] {
  if (bindType === 'transceiver') return Array<BindAs>(count).fill('transceiver')
  return [...Array<BindAs>(count).fill('transmitter'), ...Array<BindAs>(count).fill('receiver')]
}

/**
 * Drains the binds of a route: those that send until their windows are empty, and only then the receivers, because
 * what was submitted last may be reported on at once. Both together take `drainMs`; but receivers always get the time
 * in which what they hold becomes durable or is turned away.
 */
export async function drainInOrder(
  binds: readonly Pick<Bind<unknown>, 'bindAs' | 'drain'>[],
  { clock, timing }: { clock: Clock; timing: Timing },
): Promise<void> {
  const deadlineMs = clock.monotonicMs() + timing.drainMs
  const drain = (which: (bindAs: BindAs) => boolean, timeoutMs: number) =>
    Promise.all(binds.filter((bind) => which(bind.bindAs)).map((bind) => bind.drain(timeoutMs)))
  await drain((bindAs) => bindAs !== 'receiver', timing.drainMs)
  const leftMs = Math.max(deadlineMs - clock.monotonicMs(), timing.receiptDurableMs)
  await drain((bindAs) => bindAs === 'receiver', leftMs)
}
