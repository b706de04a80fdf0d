import { GetItemCommand } from '@aws-sdk/client-dynamodb'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import type { Clients } from '../../aws/clients.ts'
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
