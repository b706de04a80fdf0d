import { expect, it } from 'vitest'
import { LruCache } from '../../lambdas/lru-cache.ts'

function counting(capacity: number) {
  const loads: string[] = []
  const cache = new LruCache(capacity, async (key) => {
    loads.push(key)
    return key.toUpperCase()
  })
  return { cache, loads }
}

it('loads a value once, also for callers that ask at the same time', async () => {
  const { cache, loads } = counting(2)
  expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual(['A', 'A'])
  await cache.get('a')
  expect(loads).toEqual(['a'])
})

it('forgets what was not asked for longest', async () => {
  const { cache, loads } = counting(2)
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key)
  expect(loads).toEqual(['a', 'b', 'c', 'b'])
})

it('does not keep a failure', async () => {
  let fails = true
  const cache = new LruCache(2, async () => {
    if (fails) throw new Error('throttled')
    return 'loaded'
  })
  await expect(cache.get('a')).rejects.toThrow('throttled')
  fails = false
  expect(await cache.get('a')).toBe('loaded')
})
