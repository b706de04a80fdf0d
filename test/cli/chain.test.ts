import { describe, expect, it } from 'vitest'
import { dakghar } from './dakghar.ts'

const ENTITY = '1101172974420810001'
const TMS = '1101172974420820002,1101172974420830004'
const HASH = 'ba38bbe4ab3780a70aad6071c006e720eed8efc1ff70b00691d3b6844e6497e2'

const chain = (...args: string[]) => dakghar(['chain', '--entity', ENTITY, ...args])

describe('dakghar chain', () => {
  it('computes ids, hash and TLVs', async () => {
    const { exitCode, json, stderr } = await chain('--tm', TMS, '--json')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(json).toEqual([
      {
        entityId: ENTITY,
        tmIds: TMS,
        hash: HASH,
        tlv: {
          tmIds: `14020027${Buffer.from(TMS).toString('hex')}`,
          hash: `14020040${Buffer.from(HASH).toString('hex')}`,
        },
        verdict: null,
        faults: [],
      },
    ])
  })

  it('takes telemarketers one by one as well', async () => {
    const [first, second] = TMS.split(',') as [string, string]
    const { json } = await chain('--tm', first, '--tm', second, '--json')
    expect(json).toMatchObject([{ hash: HASH }])
  })

  it('prints a table for people', async () => {
    const { exitCode, stdout } = await chain('--tm', TMS)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(new RegExp(`^hash +${HASH}$`, 'm'))
  })

  it('says that a hash is that of the chain', async () => {
    const { exitCode, stdout } = await chain('--tm', TMS, '--verify', HASH)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^hash to verify +is that of this chain$/m)
  })

  it('says what a hash is the hash of when it is not', async () => {
    const { exitCode, json, stderr } = await chain('--tm', TMS, '--verify', HASH.toUpperCase(), '--json')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^It is the right hash in upper case/)
    expect(json).toMatchObject([{ verdict: { matches: false, because: 'upper_case' } }])
  })

  it('refuses a chain with faults, naming each', async () => {
    const { exitCode, json, stderr } = await chain('--tm', '1101172974420820002, 12', '--json')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^telemarketer 2 is " 12": a chain has no spaces/)
    expect(json).toMatchObject([{ hash: null, tlv: null, faults: [{ at: 1, code: 'id_space' }] }])
  })

  it.each([
    [['--tm', TMS], '--entity is missing'],
    [['--entity', ENTITY], '--tm is missing'],
  ])('exits with 2 on %j', async (args, says) => {
    const { exitCode, stderr } = await dakghar(['chain', ...args])
    expect(exitCode).toBe(2)
    expect(stderr).toContain(says)
  })
})
