import { CompileJob } from '../../shared/contracts/jobs.ts'
import { processDeps } from '../process-deps.ts'
import { type QueueHandler, queueHandler } from '../queue-handler.ts'
import { type CompileDeps, compileUpload } from './service.ts'

export const compileHandler = (deps: CompileDeps): QueueHandler =>
  queueHandler(deps, 'jobs', CompileJob, (job) => compileUpload(deps, job))

export const handler: QueueHandler = (event, context) => compileHandler(processDeps())(event, context)
