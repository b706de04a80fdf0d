import { expect, test } from 'vitest'
import { MAX_SEQUENCE, nextSequence } from '../../bind-worker/session/sequence.ts'

const free = (): boolean => false

test('sequence numbers count from 1', () => {
  expect(nextSequence(0, free)).toBe(1)
  expect(nextSequence(1, free)).toBe(2)
})

test('sequence numbers start again at 1 after 0x7FFFFFFF', () => {
  expect(nextSequence(MAX_SEQUENCE - 1, free)).toBe(0x7fff_ffff)
  expect(nextSequence(MAX_SEQUENCE, free)).toBe(1)
})

test('sequence numbers pass over those still pending, across the wrap too', () => {
  const pending = new Set([MAX_SEQUENCE, 1, 2])
  expect(nextSequence(MAX_SEQUENCE - 1, (sequence) => pending.has(sequence))).toBe(3)
})
