import type { Log } from '../shared/log.ts'
import type {
  Clock,
  Ids,
  Ledger,
  ObjectStore,
  Queue,
  Random,
  Registry,
  Suppressions,
} from '../shared/ports.ts'
import { scaled, TIMING, type Timing } from '../shared/timing.ts'
import { clientsFor } from './clients.ts'
import { type AwsConfig, configFromEnv } from './config.ts'
import { DynamoLedger } from './dynamo-ledger.ts'
import { DynamoRegistry } from './dynamo-registry.ts'
import { DynamoSuppressions } from './dynamo-suppressions.ts'
import { powertoolsLog } from './log.ts'
import { S3ObjectStore } from './s3-object-store.ts'
import { SqsQueue } from './sqs-queue.ts'
import { systemClock, systemIds, systemRandom } from './system-clock.ts'

/** What every function, the worker and the local platform are given: the ports, time, chance and a voice. */
export interface Deps {
  queue: Queue
  ledger: Ledger
  registry: Registry
  suppressions: Suppressions
  objects: ObjectStore
  clock: Clock
  ids: Ids
  random: Random
  timing: Timing
  log: Log
}

/** Deps whose connections are to be closed when a process, or a test, is done with them. */
export interface AwsDeps extends Deps {
  close(): void
}

/** @throws ConfigError `bad_environment` naming every variable that is missing or wrong. */
export function depsFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): AwsDeps {
  return depsFromConfig(configFromEnv(env))
}

export function depsFromConfig(config: AwsConfig, clients = clientsFor(config)): AwsDeps {
  const clock = systemClock
  const random = systemRandom
  const ids = systemIds()
  const shared = { client: clients.dynamodb, clock, random, ids }
  return {
    queue: new SqsQueue({ client: clients.sqs, urlPrefix: config.queueUrlPrefix, clock, random }),
    ledger: new DynamoLedger({ ...shared, table: config.ledgerTable, ttlDays: config.ledgerTtlDays }),
    registry: new DynamoRegistry({ ...shared, table: config.registryTable }),
    suppressions: new DynamoSuppressions({ ...shared, table: config.registryTable }),
    objects: new S3ObjectStore({ client: clients.s3, bucket: config.bucket }),
    clock,
    ids,
    random,
    timing: scaled(TIMING, config.timingScale),
    log: powertoolsLog(config),
    close: () => clients.destroy(),
  }
}
