import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scenarioNames, scenarioOf } from '../../cli/scenarios.ts'

describe('scenarios by name', () => {
  it.each(scenarioNames)('%s is one the simulator takes', async (name) => {
    expect((await scenarioOf(name)).summary).not.toBe('')
  })

  it.each([
    ['throttling', 'throttle'],
    ['queue-full', 'queue-full'],
    ['silent', 'drop-response'],
    ['unreported', 'no-receipts'],
  ])('%s strikes every tenth submit_sm, from the start and for ever', async (name, fault) => {
    expect((await scenarioOf(name)).events).toEqual([
      { at: 0, do: { fault, nth: 10, share: 1, ...PER[fault] } },
    ])
  })

  it('knows no other names', async () => {
    await expect(scenarioOf('toString')).rejects.toThrow('--scenario must be one of ordinary, perfect')
  })
})

/** What the schema adds. */
const PER: Record<string, object> = { throttle: { per: 'account' } }

describe('scenarios from a file', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dakghar-scenario-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const written = async (text: string) => {
    const file = join(folder, 'scenario.json')
    await writeFile(file, text)
    return file
  }

  it('are read', async () => {
    const file = await written('{"events":[{"at":5,"for":10,"do":{"fault":"ignore-bind"}}]}')
    expect((await scenarioOf(file)).events).toEqual([
      { at: 5, for: 10, do: { fault: 'ignore-bind', share: 1 } },
    ])
  })

  it.each([
    ['not JSON', '{', 'cannot read'],
    ['of another shape', '{"event":[]}', 'scenario.json is no scenario: '],
    ['with a fault there is none of', '{"events":[{"at":0,"do":{"fault":"rain"}}]}', 'is no scenario: '],
  ])('are refused when they are %s', async (_what, text, says) => {
    await expect(scenarioOf(await written(text))).rejects.toThrow(says)
  })

  it('are refused when there is no such file', async () => {
    await expect(scenarioOf(join(folder, 'none.json'))).rejects.toThrow('cannot read')
  })
})
