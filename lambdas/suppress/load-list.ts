/**
 * Loads a suppression list: reads the upload, writes its numbers as one object, then names that in the list's record.
 * Killed at any moment and started again it writes the same object; nobody obeys it before the record is `loaded`. Of
 * jobs for one list only that of the last request changes the record, however long the others take.
 */
import { createHash } from 'node:crypto'
import type { LoadListJob } from '../../shared/contracts/jobs.ts'
import { FileRefused } from '../../shared/csv/errors.ts'
import type { Log } from '../../shared/log.ts'
import type { Clock, ObjectStore, Suppressions } from '../../shared/ports.ts'
import { changeList } from '../../shared/suppression/change-list.ts'
import {
  isLoaded,
  type ListNumbers,
  listedNumbers,
  listKey,
  listUploadKey,
  loaded,
  refused,
  type SuppressionList,
} from '../../shared/suppression/list.ts'
import { encodeNumbers, sortedDistinct } from '../../shared/suppression/list-format.ts'
import { readList } from '../../shared/suppression/read-list.ts'
import { MAX_SUPPRESSED_NUMBERS } from './suppressed-numbers.ts'

export interface LoadListDeps {
  suppressions: Suppressions
  objects: ObjectStore
  clock: Clock
  log: Log
}

/** STOPs of subscribers always find room beside the lists, or checks would fail for them. */
const ROOM_FOR_ENTRIES = 2_000_000

/** In all loaded lists of a tenant. */
const MAX_LISTED_NUMBERS = MAX_SUPPRESSED_NUMBERS - ROOM_FOR_ENTRIES

/** How a job ended; `dropped` when the list is not, or no longer, loading for this request. */
export type LoadEnd = 'loaded' | 'refused' | 'dropped'

type Verdict =
  | { ok: true; counts: ListNumbers; digest: string }
  | { ok: false; problem: { code: string; message: string }; counts: ListNumbers | null }

export async function loadList(
  deps: LoadListDeps,
  job: LoadListJob,
  options: { maxListedNumbers: number } = { maxListedNumbers: MAX_LISTED_NUMBERS },
): Promise<LoadEnd> {
  const list = await deps.suppressions.list(job.tenant, job.list)
  const end = isLoadOf(list, job) ? await ended(deps, job, list, options.maxListedNumbers) : 'dropped'
  deps.log.info('loading of a suppression list ended', { tenant: job.tenant, list: job.list, end })
  return end
}

const isLoadOf = (list: SuppressionList | null, { rev }: LoadListJob): list is SuppressionList =>
  list?.state === 'loading' && list.rev === rev

async function ended(
  deps: LoadListDeps,
  job: LoadListJob,
  list: SuppressionList,
  maxListedNumbers: number,
): Promise<LoadEnd> {
  const verdict = await load(deps, job.tenant, list, maxListedNumbers)
  let end: LoadEnd = 'dropped'
  await changeList(deps.suppressions, job.tenant, job.list, (current) => {
    end = 'dropped'
    if (!isLoadOf(current, job)) return null
    end = verdict.ok ? 'loaded' : 'refused'
    return verdict.ok
      ? loaded(current, { numbers: verdict.counts, digest: verdict.digest }, deps.clock.now())
      : refused(current, verdict.problem, verdict.counts)
  })
  return end
}

async function load(
  deps: LoadListDeps,
  tenant: LoadListJob['tenant'],
  list: SuppressionList,
  maxListedNumbers: number,
): Promise<Verdict> {
  const upload = await deps.objects.getStream(listUploadKey(tenant, list.id))
  if (upload === null) return refusal('upload_missing', UPLOAD_MISSING)
  try {
    const { numbers, counts } = await readList(upload.body, list.mapping)
    if (counts.accepted === 0) return refusal('no_numbers', nothingIn(counts), counts)
    const octets = encodeNumbers(sortedDistinct(numbers))
    const digest = createHash('sha256').update(octets).digest('hex')
    await deps.objects.put(listKey(tenant, { id: list.id, digest }), octets)
    // Last of all, as other lists may be loading: two that end in the same instant may still both find room.
    const others = (await deps.suppressions.lists(tenant)).filter(isLoaded)
    const room = maxListedNumbers - listedNumbers(others)
    if (counts.accepted > room) return refusal('suppression_full', noRoom(counts, room), counts)
    return { ok: true, counts, digest }
  } catch (error) {
    if (error instanceof FileRefused) return refusal(error.code, error.message)
    throw error
  }
}

const refusal = (code: string, message: string, counts: ListNumbers | null = null): Verdict => ({
  ...{ ok: false, problem: { code, message }, counts },
})

const UPLOAD_MISSING =
  'No file has been uploaded for this list: post it with the form in the answer that created it, and load it again.'

const nothingIn = ({ rows, firstInvalid }: ListNumbers): string =>
  `None of the ${rows} rows holds a number. The first, line ${firstInvalid[0]?.line}: ${firstInvalid[0]?.message}.`

const noRoom = ({ accepted }: ListNumbers, room: number): string =>
  `The file has ${accepted} numbers, and the loaded lists leave room for ${Math.max(0, room)}: ` +
  'remove lists that are out of date with DELETE /v1/suppressions/lists/{id}, and load this one again.'
