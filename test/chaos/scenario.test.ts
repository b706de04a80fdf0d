import { describe, expect, it } from 'vitest'
import { describeFault, faultName, scenarioOf } from './scenario.ts'

describe('a scenario', () => {
  it('is the same whenever its seed is the same, and another for another seed', () => {
    expect(scenarioOf(7)).toEqual(scenarioOf(7))
    expect(scenarioOf(7)).not.toEqual(scenarioOf(8))
  })

  it('has its faults in the order they come', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const moments = scenarioOf(seed).faults.map(({ atMs }) => atMs)
      expect(moments).toEqual(moments.toSorted((a, b) => a - b))
    }
  })

  it('brings every kind of fault within two hundred seeds', () => {
    const faults = Array.from({ length: 200 }, (_, n) => scenarioOf(n + 1).faults).flat()
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(10)
    expect(new Set(faults.map(faultName)).size).toBeGreaterThan(30)
  })

  it('can be told in words', () => {
    const fault = { atMs: 40, kind: 'storm', mood: 'late', share: 0.5, forMs: 90 } as const
    expect(describeFault(fault)).toBe('+  40 ms storm mood=late share=0.5 forMs=90')
  })
})
