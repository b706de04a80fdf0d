import { FeedJob } from '../../shared/contracts/jobs.ts'
import { processDeps } from '../process-deps.ts'
import { type QueueHandler, queueHandler } from '../queue-handler.ts'
import { type FeederDeps, feedCampaign } from './service.ts'

export const feederHandler = (deps: FeederDeps): QueueHandler =>
  queueHandler(deps, 'feed', FeedJob, (job, { deadline }) => feedCampaign(deps, job, deadline))

export const handler: QueueHandler = (event, context) => feederHandler(processDeps())(event, context)
