import { beforeEach, describe, expect, it } from 'vitest'
import type { ApiKeyRecord } from '../../shared/contracts/records.ts'
import * as some from '../contracts/registry.factory.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { dakghar } from './dakghar.ts'

const aws = withEmulators()
const keys = (...args: string[]) => dakghar(['keys', ...args], '', aws.env)

let tenant: ReturnType<typeof some.someTenant>
let first: ApiKeyRecord
let second: ApiKeyRecord
beforeEach(async () => {
  tenant = some.someTenant()
  ;[first, second] = [some.keyRecord(tenant), some.keyRecord(tenant)]
  const { registry } = aws.deps
  await registry.putTenant(some.tenantRecord(tenant))
  for (const key of [first, second]) await registry.putKey(key)
})

const view = ({ id }: ApiKeyRecord) => ({
  ...{ id, name: 'main', createdAt: '2026-09-01T06:00:00.000Z', revokedAt: null as unknown },
})

describe('dakghar keys', () => {
  it('lists the keys of a tenant, and no secrets', async () => {
    const { exitCode, json, stdout } = await keys('--tenant', tenant, '--json')
    expect(exitCode).toBe(0)
    expect(json).toEqual([view(first), view(second)])
    expect(stdout).not.toContain(first.secretHash)
  })

  it('revokes a key for ever, and no other', async () => {
    const { exitCode, json } = await keys('--tenant', tenant, '--revoke', first.id, '--json')
    expect(exitCode).toBe(0)
    expect(json).toEqual([{ ...view(first), revokedAt: expect.any(String) }, view(second)])
    const revoked = await aws.deps.registry.key(first.id)
    expect(revoked!.revokedAt).toBeGreaterThan(some.NOW)
    expect(await aws.deps.registry.key(second.id)).toEqual(second)

    await keys('--tenant', tenant, '--revoke', first.id)
    expect(await aws.deps.registry.key(first.id)).toEqual(revoked)
    const { items } = await aws.deps.registry.audit(tenant, { limit: 10 })
    expect(items).toMatchObject([{ actor: 'operator', action: 'key.revoked', subject: first.id }])
  })

  it("revokes nothing when a key is not the tenant's", async () => {
    const theirs = some.keyRecord()
    await aws.deps.registry.putKey(theirs)
    const { exitCode, stderr } = await keys('--tenant', tenant, '--revoke', first.id, '--revoke', theirs.id)
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: `dakghar: tenant ${tenant} has no key ${theirs.id}: nothing was revoked\n`,
    })
    for (const key of [first, theirs]) expect(await aws.deps.registry.key(key.id)).toEqual(key)
  })

  it('says when no key is left', async () => {
    const { stdout, stderr } = await keys('--tenant', tenant, '--revoke', first.id, '--revoke', second.id)
    expect(stdout).toMatch(new RegExp(`^${first.id}  2026-\\S+Z  20\\S+Z  main$`, 'm'))
    expect(stderr).toBe(
      `tenant ${tenant} has no valid key: dakghar bootstrap --tenant ${tenant} --new-key makes one\n`,
    )
  })

  it('knows no tenant of another installation', async () => {
    const { exitCode, stderr } = await keys('--tenant', 'nobody')
    expect(exitCode).toBe(1)
    expect(stderr).toBe('dakghar: there is no tenant nobody on this installation\n')
  })
})
