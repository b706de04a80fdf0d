/**
 * Ports as unkind as AWS can be, over any implementation: calls that fail before or after they were applied, reads
 * that lag, messages that come twice, early and out of order. Seeded: the same seed is unkind in the same places.
 */
import type { Deps } from '../../aws/deps.ts'
import { DakgharError } from '../../shared/errors.ts'
import type { Ledger, ObjectStore, Queue, QueueMessage, Random, Registry } from '../../shared/ports.ts'

export interface Hostility {
  random: Random
  /** Chance that a call is refused before anything happened: throttled. */
  throttled?: number
  /** Chance that a call is applied and its answer lost: the caller sees a timeout. */
  answerLost?: number
  /** Chance that an eventually consistent read answers what it answered last time. */
  stale?: number
  /** Chance that a message is sent, or received, twice. */
  duplicated?: number
}

/** Thrown by the wrappers below; retryable, as the SDK's own errors of the kind are. */
export class HostileFailure extends DakgharError {
  constructor(code: 'throttled' | 'answer_lost', call: string) {
    super(code, `${call}: ${code}, says the hostile wrapper.`, { retryable: true })
  }
}

type Method = (...args: unknown[]) => Promise<unknown>

export function hostileLedger(inner: Ledger, hostility: Hostility): Ledger {
  return unreliable(lagging(inner, ['findUnplaced'], hostility), hostility)
}

function hostileRegistry(inner: Registry, hostility: Hostility): Registry {
  return unreliable(lagging(inner, ['dueCampaigns', 'heartbeats'], hostility), hostility)
}

function hostileObjects(inner: ObjectStore, hostility: Hostility): ObjectStore {
  return unreliable(inner, hostility)
}

function hostileQueue(inner: Queue, hostility: Hostility): Queue {
  const { random, duplicated = 0 } = hostility
  const lagged = lagging(inner, ['depth'], hostility)
  const restless: Queue = {
    async send(queue, bodies, options) {
      const again = bodies.filter(() => random.next() < duplicated)
      await lagged.send(queue, shuffled([...bodies, ...again], random), options)
    },
    async receive(queue, options) {
      const messages = await lagged.receive(queue, options)
      const early = messages.filter(() => random.next() < duplicated)
      // Visible again while its first receiver still works on it.
      await lagged.changeVisibility(
        queue,
        early.map(({ receipt }) => receipt),
        0,
      )
      return shuffled<QueueMessage>(messages, random)
    },
    delete: (queue, receipts) => lagged.delete(queue, receipts),
    changeVisibility: (queue, receipts, seconds) => lagged.changeVisibility(queue, receipts, seconds),
    depth: (queue) => lagged.depth(queue),
  }
  return unreliable(restless, hostility)
}

/** Everything a platform is given, as unkind as asked. */
export function hostileDeps<T extends Deps>(deps: T, hostility: Hostility): T {
  return {
    ...deps,
    queue: hostileQueue(deps.queue, hostility),
    ledger: hostileLedger(deps.ledger, hostility),
    registry: hostileRegistry(deps.registry, hostility),
    objects: hostileObjects(deps.objects, hostility),
    suppressions: unreliable(deps.suppressions, hostility),
  }
}

function unreliable<T extends object>(inner: T, hostility: Hostility): T {
  const { random, throttled = 0, answerLost = 0 } = hostility
  return wrapped(inner, (name, call) => async (...args) => {
    if (random.next() < throttled) throw new HostileFailure('throttled', name)
    const answer = await call(...args)
    if (random.next() < answerLost) throw new HostileFailure('answer_lost', name)
    return answer
  })
}

function lagging<T extends object>(inner: T, reads: readonly (keyof T & string)[], hostility: Hostility): T {
  const { random, stale = 0 } = hostility
  const lastAnswers = new Map<string, unknown>()
  return wrapped(inner, (name, call) => {
    if (!reads.includes(name as keyof T & string)) return call
    return async (...args) => {
      const asked = `${name} ${JSON.stringify(args)}`
      if (lastAnswers.has(asked) && random.next() < stale) return structuredClone(lastAnswers.get(asked))
      const answer = await call(...args)
      lastAnswers.set(asked, structuredClone(answer))
      return answer
    }
  })
}

function wrapped<T extends object>(inner: T, wrap: (name: string, call: Method) => Method): T {
  return new Proxy(inner, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function' || typeof name !== 'string') return member
      return wrap(name, (...args) => (member as Method).apply(target, args))
    },
  })
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items]
  const order: T[] = []
  while (rest.length > 0) order.push(...rest.splice(Math.floor(random.next() * rest.length), 1))
  return order
}
