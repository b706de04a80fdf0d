import { Job } from '../../shared/contracts/jobs.ts'
import { assertNever } from '../../shared/errors.ts'
import { type ExportDeps, exportMessages } from '../export/service.ts'
import { processDeps } from '../process-deps.ts'
import { type QueueHandler, queueHandler } from '../queue-handler.ts'
import { type LoadListDeps, loadList } from '../suppress/load-list.ts'
import { type CompileDeps, compileUpload } from './service.ts'

type JobDeps = CompileDeps & LoadListDeps & ExportDeps

/** Everything that takes minutes: one queue, one function. */
export const compileHandler = (deps: JobDeps): QueueHandler =>
  queueHandler(deps, 'jobs', Job, (job) => work(deps, job))

async function work(deps: JobDeps, job: Job): Promise<unknown> {
  switch (job.kind) {
    case 'compile':
      return compileUpload(deps, job)
    case 'load-list':
      return loadList(deps, job)
    case 'export':
      return exportMessages(deps, job)
    default:
      return assertNever(job)
  }
}

export const handler: QueueHandler = (event, context) => compileHandler(processDeps())(event, context)
