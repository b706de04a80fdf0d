import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Clients, clientsFor } from '../../aws/clients.ts'
import { withEmulators } from '../support/emulator-fixture.ts'

const aws = withEmulators()

describe('the SDK clients', () => {
  /** The headers of the requests a client sends from now on. */
  const headersOf = (client: Clients['dynamodb'] | Clients['sqs']) => {
    const seen: Record<string, string>[] = []
    const stack = client.middlewareStack as Clients['dynamodb']['middlewareStack']
    stack.add(
      (next) => (args) => {
        seen.push((args.request as { headers: Record<string, string> }).headers)
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    return seen
  }

  afterEach(() => vi.unstubAllEnvs())

  it('find the credentials of the role by themselves, where none are configured', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'of-the-role')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
    const clients = clientsFor({ ...aws.config, credentials: undefined })
    const seen = headersOf(clients.dynamodb)
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } }
    await clients.dynamodb
      .send(new GetItemCommand({ TableName: aws.env.LEDGER_TABLE, Key }))
      .finally(clients.destroy)
    expect(seen[0]?.authorization).toContain('Credential=of-the-role/')
  })

  it('do not compose a user agent for every call', async () => {
    const { dynamodb, sqs } = aws.ownClients()
    const seen = [headersOf(dynamodb), headersOf(sqs)]
    const Key = { pk: { S: 'a' }, sk: { S: 'b' } }
    await dynamodb.send(new GetItemCommand({ TableName: aws.env.LEDGER_TABLE, Key }))
    await sqs.send(new ListQueuesCommand({}))
    for (const [headers] of seen) {
      expect(headers).toHaveProperty('authorization')
      expect(Object.keys(headers!).filter((name) => name.includes('user-agent'))).toEqual([])
    }
  })
})
