import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../aws/system-clock.ts'
import type { ObjectStore } from '../../shared/ports.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { MemoryObjectStore } from '../support/memory-object-store.ts'

const aws = withEmulators()

const stores: [string, () => ObjectStore][] = [
  ['in memory', () => new MemoryObjectStore(systemClock)],
  ['on S3', () => aws.deps.objects],
]

async function* saying<T>(...chunks: T[]): AsyncIterable<T> {
  yield* chunks
}

async function collected(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

describe.each(stores)('an object store %s', (_name, make) => {
  let store: ObjectStore
  beforeEach(() => {
    store = make()
  })

  it('gives back bytes as they were put', async () => {
    const bytes = Buffer.from([0, 1, 2, 250, 255])
    await store.put('a/bytes', bytes)
    expect(await store.get('a/bytes')).toEqual(bytes)
  })

  it('keeps text as UTF-8', async () => {
    await store.put('a/text', 'नमस्ते', { contentType: 'text/plain' })
    expect((await store.get('a/text'))?.toString()).toBe('नमस्ते')
  })

  it('replaces what stood under the key', async () => {
    await store.put('a/twice', 'first')
    await store.put('a/twice', 'second')
    expect((await store.get('a/twice'))?.toString()).toBe('second')
  })

  it('answers null for a key nobody wrote', async () => {
    expect(await store.get('nobody')).toBeNull()
    expect(await store.getStream('nobody')).toBeNull()
    expect(await store.head('nobody')).toBeNull()
  })

  it('tells size and age without the bytes', async () => {
    await store.put('a/head', 'x'.repeat(1_000))
    const head = await store.head('a/head')
    expect(head?.bytes).toBe(1_000)
    expect(Math.abs((head?.modifiedAt ?? 0) - Date.now())).toBeLessThan(60_000)
  })

  it('stores a stream of many parts, text and bytes mixed, and streams it back', async () => {
    const chunk = 'ह'.repeat(1_000_000)
    await store.putStream('a/stream', saying<string | Uint8Array>(chunk, Buffer.from(chunk), chunk, 'end'))
    const stream = await store.getStream('a/stream')
    expect(stream?.bytes).toBe(9_000_003)
    const bytes = await collected(stream?.body ?? saying())
    expect(bytes.equals(Buffer.from(`${chunk}${chunk}${chunk}end`))).toBe(true)
  })

  it('stores an empty stream as an empty object', async () => {
    await store.putStream('a/empty', saying<string>())
    expect(await store.head('a/empty')).toMatchObject({ bytes: 0 })
  })

  it('shows nothing under the key of a stream that broke off', async () => {
    async function* breaking() {
      yield 'x'.repeat(6_000_000)
      throw new Error('the source broke off')
    }
    await expect(store.putStream('a/broken', breaking())).rejects.toThrow('the source broke off')
    expect(await store.get('a/broken')).toBeNull()
  })
})

describe('presigned addresses of S3', () => {
  const post = async (fields: Record<string, string>, url: string, bytes: number) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', new Blob([Buffer.alloc(bytes, 'a')]), 'recipients.csv')
    const response = await fetch(url, { method: 'POST', body: form })
    return { status: response.status, text: await response.text() }
  }

  it('take a file through the form, and store it under the key', async () => {
    const { url, fields } = await aws.deps.objects.presignPost('up/1', {
      maxBytes: 1_000,
      expiresSeconds: 60,
    })
    expect(await post(fields, url, 1_000)).toMatchObject({ status: 204 })
    expect(await aws.deps.objects.head('up/1')).toMatchObject({ bytes: 1_000 })
  })

  it('take a file of more than 11 MiB', async () => {
    const { url, fields } = await aws.deps.objects.presignPost('up/big', {
      maxBytes: 64 * 1024 ** 2,
      expiresSeconds: 60,
    })
    expect(await post(fields, url, 16 * 1024 ** 2)).toMatchObject({ status: 204 })
    expect(await aws.deps.objects.head('up/big')).toMatchObject({ bytes: 16 * 1024 ** 2 })
  })

  it('refuse a file one byte over the limit', async () => {
    const { url, fields } = await aws.deps.objects.presignPost('up/2', {
      maxBytes: 1_000,
      expiresSeconds: 60,
    })
    const refused = await post(fields, url, 1_001)
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('EntityTooLarge')
    expect(await aws.deps.objects.head('up/2')).toBeNull()
  })

  it('refuse another key than the form was made for', async () => {
    const { url, fields } = await aws.deps.objects.presignPost('up/3', {
      maxBytes: 1_000,
      expiresSeconds: 60,
    })
    expect(await post({ ...fields, key: 'up/elsewhere' }, url, 10)).toMatchObject({ status: 403 })
    expect(await aws.deps.objects.head('up/elsewhere')).toBeNull()
  })

  it('let a browser on another origin upload', async () => {
    const { url } = await aws.deps.objects.presignPost('up/4', { maxBytes: 1_000, expiresSeconds: 60 })
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'http://console.example' } })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('give a file to read under the name asked for', async () => {
    await aws.deps.objects.put('exports/1', 'a,b\n')
    const url = await aws.deps.objects.presignGet('exports/1', {
      expiresSeconds: 60,
      fileName: 'रिपोर्ट "1".csv',
    })
    const response = await fetch(url)
    expect(await response.text()).toBe('a,b\n')
    const name = `filename*=UTF-8''${encodeURIComponent('रिपोर्ट "1".csv')}`
    expect(response.headers.get('content-disposition')).toContain(name)
  })
})
