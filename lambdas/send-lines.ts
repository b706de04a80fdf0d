import { dispatchBody } from '../shared/contracts/dispatch.ts'
import { dispatchQueue } from '../shared/contracts/wiring.ts'
import type { Queue } from '../shared/ports.ts'
import type { Launched } from './launched.ts'
import type { LateSuppressions } from './suppress/late-suppressions.ts'

/**
 * Puts plan lines, each as it stands in its page, on the dispatch queue of the campaign's pool and lane, with the messages
 * to skip that were suppressed since the plan was made. `late` is null for a cancelled campaign: its workers send nothing.
 */
export async function sendLines(
  queue: Pick<Queue, 'send'>,
  campaign: Launched,
  lines: readonly string[],
  late: LateSuppressions | null,
): Promise<void> {
  const { pool, lane, launch } = campaign
  const skips = await late?.skips(lines)
  await queue.send(
    dispatchQueue(pool, lane),
    lines.map((line, n) => dispatchBody(launch.terms, skips?.[n] ?? [], line)),
  )
}
