import { beforeEach, describe, expect, it } from 'vitest'
import { loadList } from '../../lambdas/suppress/load-list.ts'
import { LoadListJob } from '../../shared/contracts/jobs.ts'
import { listUploadKey } from '../../shared/suppression/list.ts'
import { ASHA } from '../suppression/suppression.factory.ts'
import { ACME, type Method, type World, world } from './support/world.ts'

let at: World
beforeEach(async () => {
  at = await world()
})
const call = async (method: Method, path: string, json?: unknown) =>
  at.call(method, `/v1/suppressions${path}`, json === undefined ? {} : { json })
const audit = async () => (await at.call('GET', '/v1/audit')).body.items

describe('a number', () => {
  it('of which nothing was said is not suppressed', async () => {
    expect((await call('GET', '/9876543210')).body).toEqual({
      ...{ msisdn: ASHA, suppressed: false, entry: null, lists: [] },
    })
  })

  it('is suppressed by a PUT and allowed by a DELETE, each with its time and in the audit', async () => {
    const put = await call('PUT', '/+91 98765 43210', { note: 'asked on the phone' })
    const entry = { msisdn: ASHA, state: 'suppressed', reason: 'api', at: '2026-09-01T06:00:00.000Z' }
    expect(put).toMatchObject({ status: 200, body: { ...entry, note: 'asked on the phone' } })
    expect((await call('GET', `/${ASHA}`)).body).toMatchObject({ suppressed: true, entry: put.body })

    await at.deps.clock.advance(1_000)
    const deleted = await call('DELETE', `/${ASHA}`)
    expect(deleted.body).toMatchObject({ state: 'allowed', at: '2026-09-01T06:00:01.000Z', note: null })
    expect((await call('GET', `/${ASHA}`)).body).toMatchObject({ suppressed: false, entry: deleted.body })
    expect(await audit()).toMatchObject([
      { action: 'number.allowed', subject: ASHA, actor: expect.stringMatching(/^key:/) },
      { action: 'number.suppressed', subject: ASHA, detail: { note: 'asked on the phone' } },
    ])
  })

  it('needs no note', async () => {
    expect(await call('PUT', `/${ASHA}`)).toMatchObject({ status: 200, body: { note: null } })
    expect(await call('PUT', `/${ASHA}`, {})).toMatchObject({ status: 200, body: { note: null } })
  })

  it.each<[Method, string, string]>([
    ['GET', '/12', 'number_invalid'],
    ['PUT', '/+447911123456', 'foreign_number'],
    ['DELETE', '/abc', 'number_invalid'],
  ])('%s %s is refused with %s', async (method, path, code) => {
    expect(await call(method, path)).toMatchObject({ status: 422, body: { code } })
  })

  it('is listed with the others, page after page', async () => {
    for (const n of [3, 1, 2]) await call('PUT', `/980000000${n}`)
    const first = (await call('GET', '?limit=2')).body
    const second = (await call('GET', `?limit=2&cursor=${first.next}`)).body
    const numbers = [...first.items, ...second.items].map(({ msisdn }) => msisdn)
    expect(numbers).toEqual(['919800000001', '919800000002', '919800000003'])
    expect(second.next).toBeNull()
    expect(await call('GET', '?cursor=x')).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } })
  })
})

describe('a list', () => {
  const create = async (fields: object = {}) =>
    (await call('POST', '/lists', { name: 'Own DND list', ...fields })).body
  /** As the upload form puts it there. */
  const uploaded = (id: string, csv: string) => at.deps.objects.put(listUploadKey(ACME, id), csv)
  const runJobs = async () => {
    for (const body of at.deps.queue.bodies('jobs')) {
      await loadList(at.deps, LoadListJob.parse(JSON.parse(body)))
    }
  }

  it('is created with a form to upload its numbers, loaded by a job, and obeyed', async () => {
    const { list, upload } = await create({ mapping: { to: 'no' } })
    expect(list).toMatchObject({ state: 'awaiting', mapping: { to: 'no' }, numbers: null })
    expect(upload.fields.key).toBe(listUploadKey(ACME, list.id))
    expect(upload.maxBytes).toBe(128 * 1024 * 1024)
    await uploaded(list.id, 'id,no\n1,9876543210\n2,12\n')

    const loading = await call('POST', `/lists/${list.id}/load`)
    expect(loading).toMatchObject({ status: 202, body: { state: 'loading', loadedAt: null } })
    await runJobs()
    const loaded = (await call('GET', `/lists/${list.id}`)).body
    expect(loaded).toMatchObject({
      ...{ state: 'loaded', loadedAt: expect.any(String), problem: null },
      numbers: { rows: 2, accepted: 1, invalid: 1, duplicates: 0, firstInvalid: [{ line: 3 }] },
    })
    expect((await call('GET', '/lists')).body.items).toEqual([loaded])
    expect((await call('GET', `/${ASHA}`)).body).toMatchObject({
      suppressed: true,
      lists: [{ id: list.id, name: 'Own DND list', statedAt: loaded.statedAt }],
    })

    await at.deps.clock.advance(1)
    await call('DELETE', `/${ASHA}`)
    expect((await call('GET', `/${ASHA}`)).body).toMatchObject({
      suppressed: false,
      lists: [{ id: list.id }],
    })
  })

  it('holds nobody back any more once it is removed', async () => {
    const { list } = await create()
    await uploaded(list.id, '9876543210\n')
    await call('POST', `/lists/${list.id}/load`)
    await runJobs()
    expect((await call('DELETE', `/lists/${list.id}`)).body).toMatchObject({ state: 'removed' })
    expect((await call('GET', `/${ASHA}`)).body).toMatchObject({ suppressed: false, lists: [] })
    expect(await call('POST', `/lists/${list.id}/load`)).toMatchObject({
      ...{ status: 409, body: { code: 'suppression_list_state' } },
    })
    expect((await audit()).map(({ action }: { action: string }) => action)).toEqual([
      ...['suppression_list.removed', 'suppression_list.loading', 'suppression_list.created'],
    ])
  })

  it('is not loaded before its file is there', async () => {
    const { list } = await create()
    expect(await call('POST', `/lists/${list.id}/load`)).toMatchObject({
      ...{ status: 422, body: { code: 'upload_missing' } },
    })
    expect((await call('GET', `/lists/${list.id}`)).body.state).toBe('awaiting')
  })

  it('may be asked to load again while it is loading: the job may be lost', async () => {
    const { list } = await create()
    await uploaded(list.id, '9876543210\n')
    await call('POST', `/lists/${list.id}/load`)
    expect((await call('POST', `/lists/${list.id}/load`)).status).toBe(202)
    expect(at.deps.queue.bodies('jobs')).toHaveLength(2)
    await runJobs()
    expect((await call('GET', `/lists/${list.id}`)).body.state).toBe('loaded')
  })
})

describe('messages received', () => {
  it('are listed newest first with their keyword, page after page', async () => {
    const message = { kind: 'inbound', route: 'north', from: ASHA, to: 'ACMEIN', dataCoding: 0 } as const
    for (const [n, text] of ['Hello', 'STOP', 'Start.'].entries()) {
      const id = `01K6NB0VND000000000000000${n}`
      await at.deps.registry.putInbound(id, { ...message, text, arrivedAt: at.deps.clock.now() + n }, ACME)
    }
    const first = (await at.call('GET', '/v1/inbound?limit=2')).body
    expect(first.items).toMatchObject([
      { from: ASHA, to: 'ACMEIN', text: 'Start.', keyword: 'start' },
      { text: 'STOP', keyword: 'stop', arrivedAt: '2026-09-01T06:00:00.001Z' },
    ])
    const second = (await at.call('GET', `/v1/inbound?limit=2&cursor=${first.next}`)).body
    expect(second).toMatchObject({ items: [{ text: 'Hello', keyword: null }], next: null })
  })
})
