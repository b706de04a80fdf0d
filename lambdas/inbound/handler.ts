import { InboundMessage } from '../../shared/contracts/jobs.ts'
import { processDeps } from '../process-deps.ts'
import { type QueueHandler, queueHandler } from '../queue-handler.ts'
import { type InboundDeps, receiveInbound } from './service.ts'

export const inboundHandler = (deps: InboundDeps): QueueHandler =>
  queueHandler(deps, 'inbound', InboundMessage, (message) => receiveInbound(deps, message))

export const handler: QueueHandler = (event, context) => inboundHandler(processDeps())(event, context)
