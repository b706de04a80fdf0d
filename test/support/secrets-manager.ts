import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

export interface TestSecretsManager {
  /** Name → text; may be changed while it runs. */
  secrets: Record<string, string>
  /** For `secretSource`. */
  env: Record<string, string>
  close(): Promise<void>
}

/** GetSecretValue on a port of this machine, as AWS JSON 1.1 has it: no emulator in npm speaks Secrets Manager. */
export async function startSecretsManager(secrets: Record<string, string>): Promise<TestSecretsManager> {
  const server = createServer(async (request, response) => {
    const { SecretId } = (await json(request)) as { SecretId: string }
    const text = secrets[SecretId]
    response.writeHead(text === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(
      JSON.stringify(
        text === undefined
          ? { __type: 'ResourceNotFoundException', message: "Secrets Manager can't find it." }
          : { Name: SecretId, SecretString: text, VersionStages: ['AWSCURRENT'] },
      ),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    secrets,
    env: {
      AWS_ENDPOINT_URL_SECRETS_MANAGER: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_REGION: 'ap-south-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      REGISTRY_TABLE: 'registry',
      LEDGER_TABLE: 'ledger',
      BUCKET: 'bucket',
      QUEUE_URL_PREFIX: 'http://127.0.0.1/queues/',
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
