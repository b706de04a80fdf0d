/** Which of many a fault strikes. */
import { z } from 'zod'
import { BindAs } from '../../shared/contracts/records.ts'
import type { Random } from './random.ts'

/** Whose binds: all accounts, or one; all connections, or one by its number (from 1, in the order they were opened). */
export const WHOSE = {
  systemId: z.string().optional(),
  bind: z.number().int().min(1).optional(),
}

/** A field of faults that strike binds or connections: those of one kind only. */
export const KIND = { kind: BindAs.optional() }

/** Fields of every fault that strikes single messages or binds: all of them unless narrowed. */
export const CHANCE = {
  ...WHOSE,
  /** Strikes with this probability. */
  share: z.number().min(0).max(1).default(1),
  /** Strikes every n-th, counting those of `systemId` and `bind` only; goes before `share`. */
  nth: z.number().int().min(1).optional(),
}
const Chance = z.object({ ...CHANCE, ...KIND })
export type Chance = z.infer<typeof Chance>

/** Fields of every fault that strikes connections: all that are open, or one of them by lot. */
export const TARGET = { ...WHOSE, ...KIND, pick: z.enum(['all', 'one']).default('all') }
const Target = z.object(TARGET)
export type Target = z.infer<typeof Target>

/** Where a message, a bind or a connection belongs. */
export interface Belonging {
  readonly systemId: string | null
  readonly bind: number
  /** Of a bind or connection; null while it is not bound. */
  readonly kind?: BindAs | null
}

export function concerns(whose: Pick<Chance, 'systemId' | 'bind' | 'kind'>, one: Belonging): boolean {
  return (
    (whose.systemId === undefined || whose.systemId === one.systemId) &&
    (whose.bind === undefined || whose.bind === one.bind) &&
    (whose.kind === undefined || whose.kind === one.kind)
  )
}

/** Whether the fault strikes this one; asked once for each. */
export type Dice = (one: Belonging) => boolean

export function diceOf(chance: Chance, random: Random): Dice {
  let count = 0
  return (one) => {
    if (!concerns(chance, one)) return false
    if (chance.nth !== undefined) return ++count % chance.nth === 0
    return chance.share === 1 || random() < chance.share
  }
}

/** Those of `candidates` that are meant. */
export function targets<T extends Belonging>(target: Target, candidates: Iterable<T>, random: Random): T[] {
  const meant = [...candidates].filter((candidate) => concerns(target, candidate))
  if (target.pick === 'all' || meant.length === 0) return meant
  return [meant[Math.floor(random() * meant.length)]!]
}
