import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secretSource } from '../../aws/secrets.ts'
import { startSecretsManager } from '../support/secrets-manager.ts'

const SECRET = { systemId: 'asha', password: 'correct horse' }

describe('the secret of a route', () => {
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dakghar-'))
  })
  afterAll(() => rm(directory, { recursive: true }))

  it('is read from a variable', async () => {
    expect(await secretSource({ SMSC: JSON.stringify(SECRET) }).read('env:SMSC')).toEqual(SECRET)
  })

  it('is read from a file, afresh each time, so that rotation needs no restart', async () => {
    const file = join(directory, 'smsc.json')
    const source = secretSource({})
    await writeFile(file, JSON.stringify(SECRET))
    expect(await source.read(`file:${file}`)).toEqual(SECRET)
    await writeFile(file, JSON.stringify({ ...SECRET, password: 'battery' }))
    expect(await source.read(`file:${file}`)).toMatchObject({ password: 'battery' })
  })

  it.each([
    ['a variable that is not set', 'env:NOBODY', /no such variable/],
    ['a file that is not there', 'file:/nowhere/at/all', /cannot be read: ENOENT/],
    ['another kind of reference', 'vault:smsc', /must be env:NAME, file:PATH or secretsmanager:NAME/],
  ])('is missed with a sentence for %s', async (_what, reference, sentence) => {
    await expect(secretSource({}).read(reference)).rejects.toThrow(sentence)
  })

  it('is read from Secrets Manager, afresh each time', async () => {
    const manager = await startSecretsManager({ 'dakghar/route': JSON.stringify(SECRET) })
    const source = secretSource(manager.env)
    expect(await source.read('secretsmanager:dakghar/route')).toEqual(SECRET)
    manager.secrets['dakghar/route'] = JSON.stringify({ ...SECRET, password: 'battery' })
    expect(await source.read('secretsmanager:dakghar/route')).toMatchObject({ password: 'battery' })
    await expect(source.read('secretsmanager:dakghar/other')).rejects.toThrow(
      'The secret secretsmanager:dakghar/other cannot be read: ResourceNotFoundException.',
    )
    await manager.close()
  })

  it('is not there as long as the deployment only made an empty one', async () => {
    const manager = await startSecretsManager({ route: '{"systemId":"","password":""}' })
    await expect(secretSource(manager.env).read('secretsmanager:route')).rejects.toMatchObject({
      code: 'secret_unreadable',
    })
    await manager.close()
  })

  it('is never shown, not even when it is malformed', async () => {
    const source = secretSource({ SMSC: '{"systemId":"asha","pass":"correct horse"}' })
    const failure: Error = await source.read('env:SMSC').catch((error) => error)
    expect(failure).toMatchObject({ code: 'secret_unreadable' })
    expect(`${failure.message} ${failure.cause}`).not.toContain('horse')
  })
})
