import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CHAOS_MUTATIONS, MUTATIONS } from './mutations.ts'

const CHANGES = [...MUTATIONS.map(({ change }) => change), ...CHAOS_MUTATIONS]

it.each(CHANGES)('the mutation "$inWords" has its one place in $file', ({ file, find }) => {
  expect(readFileSync(file, 'utf8').split(find)).toHaveLength(2)
})
