import type { Deps } from '../../aws/deps.ts'
import { FIXED_QUEUES } from '../../shared/contracts/wiring.ts'
import { silentLog } from '../../shared/log.ts'
import { TIMING } from '../../shared/timing.ts'
import { type FakeClock, fakeClock } from './fake-clock.ts'
import { fakeIds, seededRandom } from './fake-random.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { MemoryObjectStore } from './memory-object-store.ts'
import { MemoryQueue } from './memory-queue.ts'
import { MemoryRegistry } from './memory-registry.ts'
import { MemorySuppressions } from './memory-suppressions.ts'

export type { FakeClock } from './fake-clock.ts'
export { fakeClock } from './fake-clock.ts'
export { fakeIds, seededRandom } from './fake-random.ts'
export { MemoryLedger } from './memory-ledger.ts'
export { MemoryObjectStore } from './memory-object-store.ts'
export { MemoryQueue } from './memory-queue.ts'
export { MemoryRegistry } from './memory-registry.ts'
export { MemorySuppressions } from './memory-suppressions.ts'

export interface MemoryDeps extends Deps {
  queue: MemoryQueue
  ledger: MemoryLedger
  registry: MemoryRegistry
  objects: MemoryObjectStore
  clock: FakeClock
}

/** The whole outside in memory, by a clock that stands still. */
export function memoryDeps(options: { seed?: number; clock?: FakeClock } = {}): MemoryDeps {
  const clock = options.clock ?? fakeClock()
  return {
    queue: new MemoryQueue(clock, FIXED_QUEUES),
    ledger: new MemoryLedger(),
    registry: new MemoryRegistry(clock),
    suppressions: new MemorySuppressions(clock),
    objects: new MemoryObjectStore(clock),
    clock,
    ids: fakeIds(),
    random: seededRandom(options.seed ?? 1),
    timing: { ...TIMING },
    log: silentLog,
  }
}
