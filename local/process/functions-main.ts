/** The queue functions and schedules as a process of their own, so that a check of a million rows stalls no API call. */
import { processDeps } from '../../lambdas/process-deps.ts'
import { startLambdaHost } from '../lambda-host.ts'
import { runUntilAsked } from './run.ts'

const host = await startLambdaHost(processDeps())
runUntilAsked({}, () => host.stop())
