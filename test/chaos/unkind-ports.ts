/** The recorded ports as a process sees them: hostile all through the run, and sometimes out altogether. */
import type { Deps } from '../../aws/deps.ts'
import { systemClock } from '../../aws/system-clock.ts'
import type { Queue, Random } from '../../shared/ports.ts'
import { HostileFailure, hostileDeps } from '../support/hostile.ts'
import type { Ports } from './ports-wire.ts'
import { type Fault, PORTS, type PortName, type Scenario } from './scenario.ts'

type How = Extract<Fault, { kind: 'outage' }>['how']
type Method = (...args: unknown[]) => Promise<unknown>

const SLOW_MS = 120
/** Everything else runs on a fast clock, and SQS knows only whole seconds: no wait is longer than this. */
const LONGEST_SECONDS = 1
const SDK_ATTEMPTS = 4

/** Which ports are out at the moment. */
export class Outages {
  readonly #until = new Map<PortName, { how: How; atMs: number }>()

  begin(port: PortName, how: How, forMs: number): void {
    this.#until.set(port, { how, atMs: performance.now() + forMs })
  }

  of(port: PortName): How | null {
    const outage = this.#until.get(port)
    return outage && performance.now() < outage.atMs ? outage.how : null
  }
}

/** What one process is given. */
export function unkindPorts(inner: Ports, outages: Outages, scenario: Scenario, random: Random): Ports {
  const { throttled, answerLost, duplicated } = scenario
  const guarded = {} as Record<PortName, object>
  for (const port of PORTS) {
    const target = port === 'queue' ? impatient(inner.queue) : inner[port]
    guarded[port] = intercepted(target, async (name, call) => {
      const how = outages.of(port)
      if (how === 'refused') throw new HostileFailure('throttled', name)
      if (how === 'slow') await systemClock.sleep(SLOW_MS)
      const answer = await call()
      if (how === 'answerLost') throw new HostileFailure('answer_lost', name)
      return answer
    })
  }
  // The wrapper asks for whole deps and touches only the ports.
  const deps = { ...guarded, suppressions: {} } as unknown as Deps
  const { queue, ledger, registry, objects } = hostileDeps(deps, {
    ...{ random, throttled, answerLost, duplicated },
    stale: throttled,
  })
  return { queue, ledger, registry, objects: retried(objects) }
}

/** As the SDK's client of S3 does: a compile makes a hundred calls, and would hardly ever come through. */
function retried<T extends object>(inner: T): T {
  return intercepted(inner, async (_name, call) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof HostileFailure) || attempt === SDK_ATTEMPTS) throw error
      }
    }
  })
}

/** Ports of an invocation that is killed at its `lives`-th call: nothing it does after that has an effect. */
export function mortal<T extends Ports>(ports: T, lives: number): T {
  let left = lives
  const dying = <P extends object>(port: P): P =>
    intercepted(port, (name, call) => {
      if (left-- <= 0) throw new HostileFailure('answer_lost', `${name}, after the end`)
      return call()
    })
  const { queue, ledger, registry, objects } = ports
  return {
    ...ports,
    ...{ queue: dying(queue), ledger: dying(ledger) },
    ...{ registry: dying(registry), objects: dying(objects) },
  }
}

function impatient(queue: Queue): Queue {
  const atMost = (seconds: number) => Math.min(seconds, LONGEST_SECONDS)
  return {
    send: (name, bodies) => queue.send(name, bodies),
    receive: (name, { waitSeconds, visibilitySeconds, ...rest }) =>
      queue.receive(name, {
        ...rest,
        waitSeconds: atMost(waitSeconds),
        visibilitySeconds: atMost(visibilitySeconds),
      }),
    delete: (name, receipts) => queue.delete(name, receipts),
    changeVisibility: (name, receipts, seconds) => queue.changeVisibility(name, receipts, atMost(seconds)),
    depth: (name) => queue.depth(name),
  }
}

function intercepted<T extends object>(
  inner: T,
  intercept: (name: string, call: () => Promise<unknown>) => Promise<unknown>,
): T {
  return new Proxy(inner, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return async (...args: unknown[]) => intercept(name, () => (member as Method).apply(target, args))
    },
  })
}
