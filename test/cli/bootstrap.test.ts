import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fieldsOf, keyNameOf, tenantOf } from '../../cli/tenant-flags.ts'
import { parseApiKey, secretMatches } from '../../shared/contracts/api-key.ts'
import { PoolConfig } from '../../shared/contracts/route.ts'
import * as some from '../contracts/registry.factory.ts'
import { withEmulators } from '../support/emulator-fixture.ts'
import { dakghar } from './dakghar.ts'

const ENTITY = '1101172974420810001'

const aws = withEmulators()
const bootstrap = (...args: string[]) => dakghar(['bootstrap', ...args, '--json'], '', aws.env)
const acme = (tenant: string) => [
  ...['--tenant', tenant, '--name', 'Acme Bank', '--entity', ENTITY, '--pool', 'service=main'],
]

let tenant: ReturnType<typeof some.someTenant>
beforeEach(async () => {
  tenant = some.someTenant()
  await aws.deps.registry.putPool(PoolConfig.parse({ id: 'main', lanes: ['service', 'promotional'] }))
  await aws.deps.registry.putRoute(some.routeConfig('main'))
})

const auditOf = async () => (await aws.deps.registry.audit(tenant, { limit: 10 })).items

describe('dakghar bootstrap', () => {
  it('makes a tenant, and a key that opens', async () => {
    const { exitCode, json, stderr } = await bootstrap(...acme(tenant), '--paise-per-segment', '11.5')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const said = { id: tenant, name: 'Acme Bank', entityId: ENTITY, pools: { service: 'main' } }
    expect(json).toMatchObject([{ tenant: { ...said, paisePerSegment: 11.5 }, did: 'made' }])
    expect(await aws.deps.registry.tenant(tenant)).toMatchObject({ ...said, paisePerSegment: 11.5 })

    const [{ key }] = json as [{ key: { id: string; text: string } }]
    const { id, secret } = parseApiKey(key.text)!
    expect(id).toBe(key.id)
    const record = await aws.deps.registry.key(id)
    expect(record).toMatchObject({ tenant, name: 'bootstrap', revokedAt: null })
    expect(secretMatches(secret, record!.secretHash)).toBe(true)
    expect(await auditOf()).toMatchObject([
      { actor: 'operator', action: 'key.created', subject: id },
      { actor: 'operator', action: 'tenant.created', subject: tenant },
    ])
  })

  it('said again changes nothing, and makes no other key', async () => {
    await bootstrap(...acme(tenant))
    for (const args of [acme(tenant), ['--tenant', tenant]]) {
      const { exitCode, json } = await bootstrap(...args)
      expect(exitCode).toBe(0)
      expect(json).toMatchObject([{ tenant: { name: 'Acme Bank' }, did: 'nothing', key: null }])
    }
    expect(await aws.deps.registry.keysOf(tenant)).toHaveLength(1)
  })

  it('makes another key when asked', async () => {
    await bootstrap(...acme(tenant))
    const { json } = await bootstrap('--tenant', tenant, '--new-key', '--key-name', 'CI')
    expect(json).toMatchObject([{ did: 'nothing', key: { text: expect.stringMatching(/^dk_/) } }])
    expect(await aws.deps.registry.keysOf(tenant)).toMatchObject([{ name: 'bootstrap' }, { name: 'CI' }])
  })

  it('leaves a tenant that differs as it is, unless it may change it', async () => {
    await bootstrap(...acme(tenant))
    const wanted = ['--tenant', tenant, '--paise-per-segment', '9', '--pool', 'promotional=main']
    const refused = await bootstrap(...wanted)
    expect(refused.exitCode).toBe(1)
    expect(refused.stderr).toBe(
      `dakghar: tenant ${tenant} is there with another price, pool, and is left as it is: --update changes it\n`,
    )
    expect(await aws.deps.registry.tenant(tenant)).toMatchObject({ paisePerSegment: 12 })

    const { exitCode, json } = await bootstrap(...wanted, '--update')
    expect(exitCode).toBe(0)
    const changed = {
      name: 'Acme Bank',
      paisePerSegment: 9,
      pools: { service: 'main', promotional: 'main' },
    }
    expect(json).toMatchObject([{ tenant: changed, did: 'changed', key: null }])
    expect(await aws.deps.registry.tenant(tenant)).toMatchObject(changed)
    expect((await auditOf())[0]).toMatchObject({ action: 'tenant.changed' })
  })

  it.each([
    ['service=other', 'there is no pool other (routes lead out of main): add it to cdk.json and deploy'],
    ['otp=main', 'pool main has no lane otp, only service, promotional'],
  ])('refuses --pool %s, through which nothing would leave', async (pool, says) => {
    const { exitCode, stderr } = await bootstrap(...acme(tenant).slice(0, -1), pool)
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `dakghar: ${says}\n` })
    expect(await aws.deps.registry.tenant(tenant)).toBeNull()
  })

  it.each([
    [['--name', 'Acme'], '--tenant is missing'],
    [['--tenant', 'nobody', '--name', 'N'], 'there is no tenant nobody yet: --name, --entity and --pool'],
  ])('exits with 2 on %j', async (args, says) => {
    const { exitCode, stderr } = await bootstrap(...args)
    expect(exitCode).toBe(2)
    expect(stderr).toContain(says)
  })

  it('tells people the key in a table, and that it is not shown again', async () => {
    const { stdout } = await dakghar(['bootstrap', ...acme(tenant)], '', aws.env)
    expect(stdout).toMatch(/^API key +dk_\S+$/m)
    expect(stdout).toMatch(/^The key is not shown again/m)
  })
})

describe('what the flags say of a tenant', () => {
  it('is what is said, and nothing else', () => {
    expect(fieldsOf({})).toEqual({})
    expect(fieldsOf({ pool: ['otp=fast', 'service=main'], 'paise-per-segment': '0.5' })).toEqual({
      ...{ pools: { otp: 'fast', service: 'main' }, paisePerSegment: 0.5 },
    })
  })

  it.each([
    [{ name: '' }, '--name: '],
    [{ entity: '12' }, '--entity: must be 12 to 19 digits'],
    [{ pool: ['main'] }, '--pool must be LANE=POOL'],
    [{ pool: ['service=main=x'] }, '--pool must be LANE=POOL'],
    [{ pool: ['fast=main'] }, 'with a lane of otp, service, promotional; not fast=main'],
    [{ pool: ['otp=Main'] }, '--pool: must be lower-case letters'],
    [{ 'paise-per-segment': '-1' }, '--paise-per-segment: '],
    [{ 'paise-per-segment': 'much' }, '--paise-per-segment: '],
    [{ 'paise-per-segment': '' }, '--paise-per-segment: '],
  ])('is refused when it is %j', (flags, says) => {
    expect(() => fieldsOf(flags)).toThrow(says)
  })

  it('must be of a tenant with an id, and of a key with a short name', () => {
    expect(() => tenantOf({ tenant: 'Acme Bank' })).toThrow('--tenant: must be lower-case letters')
    expect(() => keyNameOf({ 'key-name': 'x'.repeat(101) })).toThrow('--key-name: ')
  })
})

describe('the installation', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dakghar-outputs-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function outputsFile(stacks: object): Promise<string> {
    const file = join(folder, 'cdk-outputs.json')
    await writeFile(file, JSON.stringify(stacks))
    return file
  }
  const stackOf = (changes: object = {}) => ({
    ApiUrl: 'https://api.example/',
    RegistryTable: aws.env.REGISTRY_TABLE,
    LedgerTable: aws.env.LEDGER_TABLE,
    DataBucket: aws.env.BUCKET,
    QueueUrlPrefix: aws.env.QUEUE_URL_PREFIX,
    ...changes,
  })
  /** What a shell has that knows where the emulators are, and of no installation. */
  const shell = () => {
    const { REGISTRY_TABLE: _, LEDGER_TABLE: __, BUCKET: ___, QUEUE_URL_PREFIX: ____, ...env } = aws.env
    return env
  }
  const show = (file: string, env = shell()) =>
    dakghar(['bootstrap', '--tenant', tenant, '--outputs', file, '--json'], '', env)

  it('is found by the outputs of its stack', async () => {
    await bootstrap(...acme(tenant))
    const { exitCode, json } = await show(await outputsFile({ 'Dakghar-dev': stackOf() }))
    expect(exitCode).toBe(0)
    expect(json).toMatchObject([{ tenant: { id: tenant }, did: 'nothing' }])
  })

  it.each([
    ['no installation', () => ({ Other: { Url: 'x' } }), 'holds the outputs of 0 installations'],
    ['two', () => ({ 'Dakghar-dev': stackOf(), 'Dakghar-prod': stackOf() }), 'outputs of 2 installations'],
    ['something else', () => [1], 'is no file of stack outputs'],
  ])('is not guessed from a file with %s', async (_, stacks, says) => {
    const { exitCode, stderr } = await show(await outputsFile(stacks()))
    expect(exitCode).toBe(1)
    expect(stderr).toContain(says)
  })

  it('must be named', async () => {
    const { exitCode, stderr } = await dakghar(['bootstrap', '--tenant', 'acme'], '', shell())
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^dakghar: which installation\? Give --outputs FILE\. .*REGISTRY_TABLE/)
  })

  it('that is not there is told in a sentence', async () => {
    const file = await outputsFile({ 'Dakghar-dev': stackOf({ RegistryTable: 'no-such-table' }) })
    const { exitCode, stderr } = await show(file)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^dakghar: there is no such table in this account and region/)
  })

  it('is not reached without credentials, and the shell is told how to see that', async () => {
    const region = 'https://sqs.ap-south-1.amazonaws.com/123456789012/'
    const file = await outputsFile({ 'Dakghar-dev': stackOf({ QueueUrlPrefix: region }) })
    const { exitCode, stderr } = await show(file, { HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' })
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^dakghar: there are no AWS credentials: aws sts get-caller-identity must answer/)
  })
})
