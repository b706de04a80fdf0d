import { describe, expect, it } from 'vitest'
import { compileHandler } from '../../lambdas/compile/handler.ts'
import { listNumbers } from '../../lambdas/suppress/list-numbers.ts'
import { loadList } from '../../lambdas/suppress/load-list.ts'
import type { LoadListJob } from '../../shared/contracts/jobs.ts'
import { TenantId } from '../../shared/ids.ts'
import type { ObjectStore } from '../../shared/ports.ts'
import { isLoaded, listUploadKey, removed, startLoading } from '../../shared/suppression/list.ts'
import { overriding } from '../compile/compile.factory.ts'
import { context, sqsEventOf } from '../lambdas/sqs-event.ts'
import { type MemoryDeps, memoryDeps } from '../support/memory-ports.ts'
import { aList, aLoadedList } from '../suppression/suppression.factory.ts'

const TENANT = TenantId.parse('acme')
const LIST = aList()
/** As it is sent once the record of {@link loading} is stored. */
const JOB: LoadListJob = { kind: 'load-list', tenant: TENANT, list: LIST.id, rev: 0 }

/** A list that is loading, with this upload; null for none. */
async function loading(upload: string | Uint8Array | null) {
  const deps = memoryDeps()
  await deps.suppressions.createList(TENANT, startLoading(LIST, deps.clock.now()))
  if (upload !== null) await deps.objects.put(listUploadKey(TENANT, LIST.id), upload)
  const list = async () => (await deps.suppressions.list(TENANT, LIST.id))!
  const numbers = async () => {
    const loaded = await list()
    return isLoaded(loaded) ? [...(await listNumbers(deps.objects, TENANT, loaded))] : null
  }
  /** Another upload, and the job that is sent for it. */
  const loadAgain = async (csv: string): Promise<LoadListJob> => {
    await deps.objects.put(listUploadKey(TENANT, LIST.id), csv)
    const { rev } = await deps.suppressions.updateList(TENANT, startLoading(await list(), deps.clock.now()))
    return { ...JOB, rev }
  }
  /** Numbers that were written, whether anybody obeys them or not. */
  const writtenKeys = () => deps.objects.keys().filter((key) => key.startsWith('suppressions/'))
  return Object.assign(deps, { list, numbers, loadAgain, writtenKeys })
}

/** A store whose first write waits until it may go on. */
function stalledAtWrite({ objects }: MemoryDeps) {
  const reached = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const stalled = overriding<ObjectStore>(objects, {
    put: async (key, body) => {
      reached.resolve()
      await released.promise
      await objects.put(key, body)
    },
  })
  return { objects: stalled, reached: reached.promise, goOn: released.resolve }
}

describe('the job that loads a list', () => {
  it('writes the numbers ascending, and counts rows', async () => {
    const deps = await loading('mobile,name\n9876543211,a\n09876543210,b\n+919876543211,c\n12,d\n')
    await deps.clock.advance(5_000)
    expect(await loadList(deps, JOB)).toBe('loaded')
    expect(await deps.list()).toMatchObject({
      ...{ state: 'loaded', loadedAt: deps.clock.now(), problem: null },
      numbers: {
        ...{ rows: 4, accepted: 2, invalid: 1, duplicates: 1 },
        firstInvalid: [{ line: 5, code: 'number_invalid', message: expect.stringContaining('2 digits') }],
      },
    })
    expect(await deps.numbers()).toEqual([919_876_543_210, 919_876_543_211])
  })

  it.each(['first', 'last'])(
    'of a wrong file changes nothing once the right one is asked for, also when it ends %s',
    async (ends) => {
      const deps = await loading('9876543299\n')
      const old = stalledAtWrite(deps)
      const oldEnd = loadList({ ...deps, objects: old.objects }, JOB)
      await old.reached
      const again = await deps.loadAgain('9876543210\n')
      if (ends === 'first') {
        old.goOn()
        await oldEnd
      }
      expect(await loadList(deps, again)).toBe('loaded')
      old.goOn()
      expect(await oldEnd).toBe('dropped')
      expect(await deps.numbers()).toEqual([919_876_543_210])
    },
  )

  it('is one of those the compile function takes', async () => {
    const deps = await loading('9876543210\n')
    expect(await compileHandler(deps)(sqsEventOf('jobs', JOB), context())).toEqual({ batchItemFailures: [] })
    expect((await deps.list()).state).toBe('loaded')
  })

  it('ends as it would have when it was killed and starts again', async () => {
    const deps = await loading('9876543210\n')
    const suppressions = overriding(deps.suppressions, {
      updateList: async () => {
        throw new Error('the table is gone')
      },
    })
    await expect(loadList({ ...deps, suppressions }, JOB)).rejects.toThrow('the table is gone')
    expect((await deps.list()).state).toBe('loading')
    expect(await loadList(deps, JOB)).toBe('loaded')
    expect(deps.writtenKeys()).toHaveLength(1)
    expect(await deps.numbers()).toEqual([919_876_543_210])
    expect(await loadList(deps, JOB)).toBe('dropped')
  })

  it('does not bring back a list that was removed meanwhile', async () => {
    const deps = await loading('9876543210\n')
    const objects = overriding(deps.objects, {
      getStream: async (key: string) => {
        await deps.suppressions.updateList(TENANT, removed(await deps.list()))
        return deps.objects.getStream(key)
      },
    })
    expect(await loadList({ ...deps, objects }, JOB)).toBe('dropped')
    expect(await deps.list()).toMatchObject({ state: 'removed', numbers: null })
  })

  it.each([
    ['upload_missing', null],
    ['file_empty', ''],
    ['file_number_column', 'a,b\n1,2\n'],
    ['file_binary', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ['no_numbers', 'mobile\n12\n13\n'],
  ])('refuses with %s what cannot be used', async (code, upload) => {
    const deps = await loading(upload)
    expect(await loadList(deps, JOB)).toBe('refused')
    expect(await deps.list()).toMatchObject({
      ...{ state: 'refused', problem: { code, message: expect.stringMatching(/^[A-Z].*\.$/) } },
    })
    expect(deps.writtenKeys()).toEqual([])
  })

  it('refuses what another list took the room of while it was read', async () => {
    const deps = await loading('9876543210\n9876543211\n')
    const slow = stalledAtWrite(deps)
    const end = loadList({ ...deps, objects: slow.objects }, JOB, { maxListedNumbers: 3 })
    await slow.reached
    await deps.suppressions.createList(TENANT, aLoadedList(0, { id: '01K6S0PPRESS00000000000002' }))
    slow.goOn()
    expect(await end).toBe('refused')
  })

  it('refuses what the lists that are loaded leave no room for', async () => {
    const deps = await loading('9876543210\n9876543211\n')
    await deps.suppressions.createList(TENANT, aLoadedList(0, { id: '01K6S0PPRESS00000000000002' }))
    expect(await loadList(deps, JOB, { maxListedNumbers: 3 })).toBe('refused')
    expect((await deps.list()).problem).toMatchObject({
      ...{ code: 'suppression_full', message: expect.stringContaining('2 numbers') },
    })
    const again = await deps.loadAgain('9876543210\n9876543211\n')
    expect(await loadList(deps, again, { maxListedNumbers: 4 })).toBe('loaded')
  })
})
