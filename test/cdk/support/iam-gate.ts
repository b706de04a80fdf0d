/** Stands between what is deployed and the emulators, and lets through what the role of the caller allows. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import type { Synthesis } from './synthesis.ts'

/** What one call asks for: `sqs:SendMessage` with resources by their logical id, `<DataQueuesjobs>`. */
export interface Ask {
  role: string
  action: string
  resource: string
}

export interface IamGate {
  url: string
  /** Everything asked for that the caller's role does not allow, and everything that it does. */
  readonly denied: readonly Ask[]
  readonly allowed: readonly Ask[]
  close(): Promise<void>
}

export interface GateOptions {
  of: Synthesis
  /** Where emulators listen, by the service that `x-amz-target` names; S3 names none. */
  upstreams: Record<'DynamoDB_20120810' | 'AmazonSQS' | 'secretsmanager' | 's3', string>
  /** Name of a table, bucket, queue or secret → its logical id. */
  logicalIds: Readonly<Record<string, string>>
}

/** Callers are known by their access key: the logical id of their role. */
export async function startIamGate(options: GateOptions): Promise<IamGate> {
  const denied: Ask[] = []
  const allowed: Ask[] = []
  const server = createServer(async (request, response) => {
    const body = await buffer(request)
    const asks = asksOf(request, body, options.logicalIds)
    const refused = asks.filter((ask) => !mayDo(options.of, ask))
    allowed.push(...asks.filter((ask) => !refused.includes(ask)))
    denied.push(...refused)
    if (refused.length > 0) return deny(request, response, refused)
    // A caller that hangs up, as from a long poll, takes the call behind it along.
    await forward(request, response, body, options.upstreams[serviceOf(request)]).catch(() =>
      response.destroy(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ denied, allowed },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const targetOf = (request: IncomingMessage) => String(request.headers['x-amz-target'] ?? '').split('.')
const serviceOf = (request: IncomingMessage) =>
  (targetOf(request)[0] || 's3') as keyof GateOptions['upstreams']

function asksOf(request: IncomingMessage, body: Buffer, ids: GateOptions['logicalIds']): Ask[] {
  const [, operation = ''] = targetOf(request)
  const role = /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  const named = (name: string) => `<${ids[name] ?? name}>`
  switch (serviceOf(request)) {
    case 'DynamoDB_20120810': {
      const { TableName, RequestItems, IndexName } = JSON.parse(body.toString())
      const index = IndexName ? `/index/${IndexName}` : ''
      const tables: string[] = TableName ? [TableName] : Object.keys(RequestItems)
      return tables.map((table) => ({
        role,
        action: `dynamodb:${operation}`,
        resource: named(table) + index,
      }))
    }
    case 'AmazonSQS': {
      const queue = JSON.parse(body.toString()).QueueUrl.split('/').at(-1)
      return [{ role, action: `sqs:${operation.replace(/Batch$/, '')}`, resource: named(queue) }]
    }
    case 'secretsmanager':
      return [
        {
          role,
          action: `secretsmanager:${operation}`,
          resource: named(JSON.parse(body.toString()).SecretId),
        },
      ]
    case 's3':
      return [objectAsk(request, body, role, named)]
  }
}

/** Signed in its header, in its address, or in the form that is posted. */
function objectAsk(
  request: IncomingMessage,
  body: Buffer,
  role: string,
  named: (name: string) => string,
): Ask {
  const { pathname, searchParams } = new URL(request.url!, 'http://gate')
  const [bucket = '', ...key] = pathname.slice(1).split('/').map(decodeURIComponent)
  if (request.method === 'POST' && key.join('') === '') {
    const field = (name: string) =>
      new RegExp(`name="${name}"\r\n\r\n(.+?)\r\n`).exec(body.toString('latin1'))?.[1]
    const signer = field('X-Amz-Credential')?.split('/')[0] ?? ''
    return { role: signer, action: 's3:PutObject', resource: `${named(bucket)}/${field('key')}` }
  }
  const signer = role || (searchParams.get('X-Amz-Credential')?.split('/')[0] ?? '')
  const action = ['GET', 'HEAD'].includes(request.method!) ? 's3:GetObject' : 's3:PutObject'
  return { role: signer, action, resource: `${named(bucket)}/${key.join('/')}` }
}

function mayDo({ resources }: Synthesis, { role, action, resource }: Ask): boolean {
  return resources('AWS::IAM::Policy')
    .filter(([, { Properties }]) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref === role))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement)
    .some(
      (statement) =>
        [statement.Action].flat().includes(action) &&
        [statement.Resource].flat().some((pattern) => matches(textOf(pattern), resource)),
    )
}

/** An ARN of the template, with what it refers to by its logical id. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Record<string, never[]>
  if (Ref) return `<${Ref}>`
  if (attribute) return `<${attribute[0]}>`
  return [joined?.[1] ?? []].flat().map(textOf).join('')
}

/** Patterns of this stack end with their only star. */
const matches = (pattern: string, text: string) =>
  pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern

function deny(request: IncomingMessage, response: ServerResponse, refused: readonly Ask[]): void {
  const message = refused
    .map(({ role, action, resource }) => `${role} may not ${action} ${resource}`)
    .join(', ')
  const isS3 = serviceOf(request) === 's3'
  response.writeHead(isS3 ? 403 : 400, {
    'content-type': isS3 ? 'application/xml' : 'application/x-amz-json-1.0',
  })
  response.end(
    isS3
      ? `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`
      : JSON.stringify({ __type: 'AccessDeniedException', message }),
  )
}

async function forward(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  upstream: string,
): Promise<void> {
  const headers = Object.entries(request.headers).filter(
    ([name]) => !['host', 'connection', 'content-length', 'transfer-encoding', 'expect'].includes(name),
  )
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const answer = await fetch(upstream + request.url, {
    signal: gone.signal,
    method: request.method!,
    headers: headers as [string, string][],
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const kept = [...answer.headers].filter(
    ([name]) => !['content-encoding', 'transfer-encoding', 'connection'].includes(name),
  )
  // HEAD tells the length of a body that does not come.
  const length = request.method === 'HEAD' ? {} : { 'content-length': bytes.length }
  response.writeHead(answer.status, { ...Object.fromEntries(kept), ...length })
  response.end(bytes)
}
