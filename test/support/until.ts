import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 10

/** Waits for a condition, looking often; fails with its source when it does not come true in time. */
export async function until(condition: () => Promise<boolean> | boolean, deadlineMs = 15_000): Promise<void> {
  const deadline = Date.now() + deadlineMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`did not come true in ${deadlineMs} ms: ${condition}`)
    await sleep(LOOK_MS)
  }
}
