import { describe, expect, it } from 'vitest'
import {
  isLoaded,
  type ListState,
  loaded,
  refused,
  removed,
  startLoading,
} from '../../shared/suppression/list.ts'
import { aList, someListNumbers } from './suppression.factory.ts'

describe('a suppression list', () => {
  it('is as old as the last request to load it', () => {
    const loading = startLoading(aList(), 1_000)
    expect(loading).toMatchObject({ state: 'loading', statedAt: 1_000 })
    expect(startLoading(loading, 2_000)).toEqual({ ...loading, statedAt: 2_000 })
  })

  it('is obeyed from when it is loaded until it is removed', () => {
    const list = loaded(startLoading(aList(), 1_000), { numbers: someListNumbers(), digest: 'abc1' }, 3_000)
    expect(list).toMatchObject({
      state: 'loaded',
      statedAt: 1_000,
      loadedAt: 3_000,
      numbers: { accepted: 2 },
      digest: 'abc1',
    })
    expect(isLoaded(list)).toBe(true)
    expect(isLoaded(removed(list))).toBe(false)
  })

  it('that was refused may be loaded again, and is then as old as that', () => {
    const problem = { code: 'file_empty', message: 'The file is empty.' }
    const list = refused(startLoading(aList(), 1_000), problem, null)
    expect(list).toMatchObject({ state: 'refused', problem })
    expect(startLoading(list, 9_000)).toMatchObject({ state: 'loading', statedAt: 9_000, problem: null })
  })

  it.each<ListState>(['loaded', 'removed'])('that is %s does not change any more', (state) => {
    expect(() => startLoading(aList({ state }), 1_000)).toThrow(`is ${state} and does not change`)
  })
})
