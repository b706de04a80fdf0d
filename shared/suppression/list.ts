/**
 * A suppression list: numbers imported whole, as one statement. Made `awaiting` its upload; `loading` while a job reads
 * the upload; then `loaded`, from when on it is obeyed and never changes, or `refused` with the problem, after which a
 * corrected file may be uploaded and loaded. `removed` is final: nobody obeys it any more.
 */
import { z } from 'zod'
import { Conflict } from '../errors.ts'
import { type EpochMs, type TenantId, Ulid } from '../ids.ts'

/** What was found in an upload. rows = accepted + invalid + duplicates. */
export const ListNumbers = z.object({
  rows: z.number().int(),
  accepted: z.number().int(),
  invalid: z.number().int(),
  duplicates: z.number().int(),
  firstInvalid: z.array(z.object({ line: z.number().int(), code: z.string(), message: z.string() })).max(10),
})
export type ListNumbers = z.infer<typeof ListNumbers>

export const ListState = z.enum(['awaiting', 'loading', 'loaded', 'refused', 'removed'])
export type ListState = z.infer<typeof ListState>

export const SuppressionList = z.object({
  id: Ulid,
  name: z.string().min(1).max(200),
  state: ListState,
  /** Grows with every update; an update names the one it saw. */
  rev: z.number().int(),
  /** The column of the number, where its name does not tell. */
  mapping: z.object({ to: z.string().min(1).optional() }),
  createdAt: z.number().int(),
  /** When its loading was last asked for: so old is what it says of each number. */
  statedAt: z.number().int().nullable(),
  loadedAt: z.number().int().nullable(),
  numbers: ListNumbers.nullable(),
  /** SHA-256 of the object with its numbers, in hex, which is part of that object's name; null until loaded. */
  digest: z.string().nullable(),
  /** Why it was refused. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type SuppressionList = z.infer<typeof SuppressionList>

/** A list that is obeyed. */
export type LoadedList = SuppressionList & {
  statedAt: EpochMs
  loadedAt: EpochMs
  numbers: ListNumbers
  digest: string
}

export const isLoaded = (list: SuppressionList): list is LoadedList => list.state === 'loaded'

/** How many numbers such lists hold, those in several counted for each. */
export const listedNumbers = (lists: readonly LoadedList[]): number =>
  lists.reduce((sum, { numbers }) => sum + numbers.accepted, 0)

/** The file of a list, where its upload form puts it. */
export const listUploadKey = (tenant: TenantId, id: string): string =>
  `uploads/${tenant}/suppressions/${id}.csv`

/**
 * The numbers of a loaded list, see `list-format.ts`. The name holds what is in it, so a job that is late, or reads
 * another upload, never replaces the numbers a record speaks of.
 */
export const listKey = (tenant: TenantId, { id, digest }: Pick<LoadedList, 'id' | 'digest'>): string =>
  `suppressions/${tenant}/${id}/${digest}`

/**
 * Loading may be asked for again while it is under way: the first request's job may be lost, or its file be the wrong
 * one. The last request counts: stored, the list has another `rev` than the jobs of earlier ones name.
 * @throws Conflict `suppression_list_state` when the list was loaded or removed.
 */
export function startLoading(list: SuppressionList, now: EpochMs): SuppressionList {
  switch (list.state) {
    case 'loading':
    case 'awaiting':
    case 'refused':
      return { ...list, state: 'loading', statedAt: now, problem: null, numbers: null }
    case 'loaded':
    case 'removed':
      throw new Conflict(
        'suppression_list_state',
        `Suppression list ${list.id} is ${list.state} and does not change any more: create another one.`,
      )
  }
}

export const loaded = (
  list: SuppressionList,
  { numbers, digest }: Pick<LoadedList, 'numbers' | 'digest'>,
  now: EpochMs,
): SuppressionList => ({ ...list, state: 'loaded', loadedAt: now, numbers, digest })

export const refused = (
  list: SuppressionList,
  problem: { code: string; message: string },
  numbers: ListNumbers | null,
): SuppressionList => ({ ...list, state: 'refused', problem, numbers })

export const removed = (list: SuppressionList): SuppressionList => ({ ...list, state: 'removed' })
