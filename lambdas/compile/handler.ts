import { Job } from '../../shared/contracts/jobs.ts'
import { processDeps } from '../process-deps.ts'
import { type QueueHandler, queueHandler } from '../queue-handler.ts'
import { type LoadListDeps, loadList } from '../suppress/load-list.ts'
import { type CompileDeps, compileUpload } from './service.ts'

export const compileHandler = (deps: CompileDeps & LoadListDeps): QueueHandler =>
  queueHandler(deps, 'jobs', Job, (job) =>
    job.kind === 'compile' ? compileUpload(deps, job) : loadList(deps, job),
  )

export const handler: QueueHandler = (event, context) => compileHandler(processDeps())(event, context)
