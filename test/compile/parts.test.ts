import { describe, expect, it } from 'vitest'
import { BoundedWrites } from '../../lambdas/compile/bounded-writes.ts'
import { StreamedObject } from '../../lambdas/compile/streamed-object.ts'
import { fakeClock, MemoryObjectStore } from '../support/memory-ports.ts'

describe('BoundedWrites', () => {
  it('never has more writes in flight than allowed, and waits for all at the end', async () => {
    const writes = new BoundedWrites(3)
    let inFlight = 0
    let most = 0
    let done = 0
    for (let n = 0; n < 20; n++) {
      await writes.start(async () => {
        most = Math.max(most, ++inFlight)
        await new Promise((resolve) => setImmediate(resolve))
        inFlight--
        done++
      })
    }
    await writes.drain()
    expect([most, done]).toEqual([3, 20])
  })

  it('tells the next writer, or the drain, that a write failed', async () => {
    const failing = async () => {
      throw new Error('gone')
    }
    const one = new BoundedWrites(1)
    await one.start(failing)
    await expect(one.start(async () => {})).rejects.toThrow('gone')
    const two = new BoundedWrites(2)
    await two.start(failing)
    await expect(two.drain()).rejects.toThrow('gone')
  })
})

describe('StreamedObject', () => {
  it('stores what was written, in order, once it has ended', async () => {
    const objects = new MemoryObjectStore(fakeClock())
    const file = new StreamedObject(objects, 'a.csv', 'text/csv')
    for (let n = 0; n < 300; n++) await file.write(`${n},${'आ'.repeat(5_000)}\n`)
    expect(objects.keys()).toEqual([])
    await file.end()
    const lines = (await objects.get('a.csv'))!.toString('utf8').trim().split('\n')
    expect(lines.map((line) => Number(line.split(',')[0]))).toEqual(Array.from({ length: 300 }, (_, n) => n))
  })

  it('holds the writer back while the store is slow', async () => {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const store = {
      async putStream(_key: string, body: AsyncIterable<Uint8Array | string>) {
        await released
        for await (const _ of body);
      },
    }
    const file = new StreamedObject(store, 'a.csv', 'text/csv')
    let isThrough = false
    const writing = file.write('x'.repeat(3 * 1024 * 1024)).then(() => {
      isThrough = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(isThrough).toBe(false)
    release()
    await writing
    await file.end()
  })

  it('fails the writer when the store fails', async () => {
    const store = {
      async putStream() {
        throw new Error('gone')
      },
    }
    const file = new StreamedObject(store, 'a.csv', 'text/csv')
    await expect(file.write('x'.repeat(3 * 1024 * 1024))).rejects.toThrow('gone')
    await expect(file.end()).rejects.toThrow('gone')
  })

  it('leaves nothing behind when it is aborted', async () => {
    const objects = new MemoryObjectStore(fakeClock())
    const file = new StreamedObject(objects, 'a.csv', 'text/csv')
    await file.write('half')
    await file.abort(new Error('killed'))
    expect(objects.keys()).toEqual([])
  })
})
