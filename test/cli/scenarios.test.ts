import { describe, expect, it } from 'vitest'
import { SCENARIOS, scenarioNames, scenarioOf } from '../../cli/scenarios.ts'
import { SimulatorOptions } from '../../simulator/options.ts'
import type { SubmitRecord } from '../../simulator/truth.ts'

const record = {} as SubmitRecord

describe('scenarios of the simulator', () => {
  it.each(scenarioNames)('%s has options the simulator takes', (name) => {
    const accounts = [{ systemId: 'demo', password: 'demo' }]
    expect(SimulatorOptions.safeParse({ ...scenarioOf(name)?.options, accounts })).toMatchObject({
      success: true,
    })
  })

  it.each([
    ['throttling', { status: 0x58 }],
    ['queue-full', { status: 0x14 }],
    ['silent', { drop: 'response' }],
    ['unreported', { stat: null }],
  ] as const)('%s strikes every tenth submit_sm, counting anew in every run', (name, ruling) => {
    for (let run = 0; run < 2; run++) {
      const hook = SCENARIOS[name].makeHook()
      const rulings = Array.from({ length: 30 }, () => hook(record))
      const struck = rulings.flatMap((given, index) => (Object.keys(given ?? {}).length > 0 ? [index] : []))
      expect(struck).toEqual([9, 19, 29])
      expect(rulings[9]).toEqual(ruling)
    }
  })

  it('knows no other names', () => {
    expect(scenarioOf('toString')).toBeNull()
  })
})
