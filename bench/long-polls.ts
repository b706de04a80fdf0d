import type { QueueName } from '../shared/contracts/wiring.ts'
import type { Clock, Queue } from '../shared/ports.ts'

/**
 * A queue whose long polls end by the clock of whoever asks: the queue itself is asked once each, without waiting, when
 * something has been sent or the time is over. For clocks that an emulator does not share.
 */
export function longPolled(queue: Queue, clock: Clock): Queue {
  const unread = new Map<QueueName, number>()
  const waiting = new Map<QueueName, () => void>()

  const arrived = (name: QueueName, count: number) => {
    unread.set(name, Math.max(0, (unread.get(name) ?? 0) + count))
    if (count > 0) waiting.get(name)?.()
  }
  const arrival = async (name: QueueName, waitSeconds: number, signal: AbortSignal | undefined) => {
    if ((unread.get(name) ?? 0) > 0) return
    const wake = new AbortController()
    waiting.set(name, () => wake.abort())
    await clock.sleep(waitSeconds * 1_000, signal ? AbortSignal.any([signal, wake.signal]) : wake.signal)
    waiting.delete(name)
  }

  return {
    async send(name, bodies, options) {
      await queue.send(name, bodies, options)
      arrived(name, bodies.length)
    },
    async receive(name, options) {
      await arrival(name, options.waitSeconds, options.signal)
      if (options.signal?.aborted) return []
      const messages = await queue.receive(name, { ...options, waitSeconds: 0 })
      arrived(name, -messages.length)
      return messages
    },
    async changeVisibility(name, receipts, seconds) {
      await queue.changeVisibility(name, receipts, seconds)
      if (seconds === 0) arrived(name, receipts.length)
    },
    delete: (name, receipts) => queue.delete(name, receipts),
    depth: (name) => queue.depth(name),
  }
}
