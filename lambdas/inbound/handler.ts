import { createHash } from 'node:crypto'
import { InboundMessage } from '../../shared/contracts/jobs.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, Queue, Registry } from '../../shared/ports.ts'
import { processDeps } from '../process-deps.ts'
import { type QueueHandler, queueHandler } from '../queue-handler.ts'

export interface InboundDeps {
  registry: Registry
  queue: Queue
  clock: Clock
  log: Log
}

/** A message delivered twice, by SQS or by the worker that sent it twice, has the same bytes and is kept once. */
const identityOf = (message: InboundMessage) =>
  createHash('sha256').update(JSON.stringify(message)).digest('hex').slice(0, 32)

export const inboundHandler = (deps: InboundDeps): QueueHandler =>
  queueHandler(deps, 'inbound', InboundMessage, (message) =>
    deps.registry.putInbound(identityOf(message), message),
  )

export const handler: QueueHandler = (event, context) => inboundHandler(processDeps())(event, context)
