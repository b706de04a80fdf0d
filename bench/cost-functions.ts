/** The functions of the wiring with their invocations counted as Lambda bills them. */
import { performance } from 'node:perf_hooks'
import type { AwsDeps } from '../aws/deps.ts'
import { compileHandler } from '../lambdas/compile/handler.ts'
import { feederHandler } from '../lambdas/feeder/handler.ts'
import { inboundHandler } from '../lambdas/inbound/handler.ts'
import { schedulerHandler } from '../lambdas/scheduler/handler.ts'
import { settleHandler } from '../lambdas/settle/handler.ts'
import type { LambdaHandler } from '../local/event-source.ts'
import { FUNCTIONS, type FunctionSpec } from '../shared/contracts/wiring.ts'
import type { Log } from '../shared/log.ts'
import type { Clock } from '../shared/ports.ts'
import type { Meter } from './cost-meter.ts'
import { add } from './cost-prices.ts'

/** Lambda: so much memory comes with one vCPU, less with a share of it. */
const MEMORY_MB_OF_ONE_VCPU = 1_769
/** What Lambda itself writes of an invocation: START, END and REPORT. */
const LAMBDA_LINES_BYTES = 420
/** CloudWatch Logs counts so much for each event beside its text. */
const EVENT_BYTES = 26

/** Answers the handler of a module of the wiring, made from `deps` and metered. */
export function meteredFunctions(deps: AwsDeps, meter: Meter): (module: string) => Promise<LambdaHandler> {
  const handlers: Partial<Record<FunctionSpec['name'], LambdaHandler>> = {
    compile: compileHandler(deps),
    feeder: feederHandler(deps),
    settle: settleHandler(deps),
    scheduler: schedulerHandler(deps),
    inbound: inboundHandler(deps),
  }
  return async (module) => {
    const spec = FUNCTIONS.find((one) => one.module === module)!
    return metered(spec, handlers[spec.name]!, deps.clock, meter)
  }
}

/**
 * What is billed is the time AWS took to answer plus the time this machine took, as a share of a vCPU would have taken
 * it: too much, as the emulators work on the same core.
 */
function metered(spec: FunctionSpec, handler: LambdaHandler, clock: Clock, meter: Meter): LambdaHandler {
  const vcpus = Math.min(1, spec.memoryMb / MEMORY_MB_OF_ONE_VCPU)
  return async (event, context) => {
    const [waitedFromMs, workedFromMs] = [clock.monotonicMs(), performance.now()]
    try {
      return await handler(event, context)
    } finally {
      const waitedMs = clock.monotonicMs() - waitedFromMs
      const billedMs = Math.ceil(waitedMs + (performance.now() - workedFromMs) / vcpus)
      const gbSeconds = (billedMs / 1_000) * (spec.memoryMb / 1_024)
      meter.kind(`function ${spec.name}`, gbSeconds)
      add(meter.usage, 'lambdaRequest', 1)
      add(meter.usage, 'lambdaGbSecond', gbSeconds)
      add(meter.usage, 'logsGb', LAMBDA_LINES_BYTES / 1e9)
    }
  }
}

/** Counts what would be written, as `aws/log.ts` writes it at its usual level. */
export function meteredLog(meter: Meter, clock: Clock): Log {
  const line =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      const timestamp = new Date(clock.now()).toISOString()
      const bytes = Buffer.byteLength(
        JSON.stringify({ level, message, timestamp, service: 'dakghar', ...fields }),
      )
      meter.kind('log lines', bytes)
      add(meter.usage, 'logsGb', (bytes + EVENT_BYTES) / 1e9)
    }
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') }
}
