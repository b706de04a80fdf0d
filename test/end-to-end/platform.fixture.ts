import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AwsDeps, depsFromEnv } from '../../aws/deps.ts'
import { type Platform, type PlatformOptions, startPlatform } from '../../local/platform.ts'
import { otherDynamoDb } from '../support/other-dynamodb.ts'

/** What the simulator's log file says, line by line. */
export type SmscEvent =
  | {
      event: 'submit_sm'
      messageId: string
      to: string
      part: number
      total: number
      text: string
      bind: number
    }
  | { event: 'receipt_acked'; messageId: string; stat: string }

export interface TestPlatform extends Platform {
  /** The last lines its processes printed: for the message of a test that failed. */
  lastLines(): string
  /** The platform's ports, to look at what the API does not show. */
  deps: AwsDeps
  /** What the SMSC received and what it was told it may forget, from its own log. */
  smscEvents(): SmscEvent[]
  /** The HTTP API with the demo tenant's key; the body is JSON both ways. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shapes the OpenAPI tests hold.
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>
}

/** A whole platform on free ports, with a log of what its SMSC received; everything in memory unless a folder is given. */
export async function testPlatform(options: Partial<PlatformOptions> = {}): Promise<TestPlatform> {
  const folder = mkdtempSync(join(tmpdir(), 'dakghar-test-'))
  const logFile = join(folder, 'smsc.jsonl')
  const lines: string[] = []
  const platform = await startPlatform({
    dataDir: null,
    aws: otherDynamoDb(),
    ...options,
    onLine: (name, line) => {
      if (lines.push(`${name}: ${line.slice(0, 400)}`) > 100) lines.shift()
    },
    simulator: { ...options.simulator, logFile },
  })
  const deps = depsFromEnv({ ...platform.env })
  return {
    ...platform,
    deps,
    lastLines: () => lines.join('\n'),
    smscEvents: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line.endsWith('}'))
        .map((line) => JSON.parse(line)),
    async api(method, path, body) {
      const response = await fetch(platform.url + path, {
        method,
        headers: {
          authorization: `Bearer ${platform.key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: text ? JSON.parse(text) : null }
    },
    async stop() {
      deps.close()
      await platform.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Creates a campaign and posts its file with the presigned form, as the curl line in the answer would. */
export async function upload(
  platform: TestPlatform,
  campaign: { name: string; templateId: string; mapping?: { to?: string; variables?: string[] } },
  csv: string | Uint8Array<ArrayBuffer>,
): Promise<string> {
  const created = await platform.api('POST', '/v1/campaigns', campaign)
  if (created.status !== 201)
    throw new Error(`create answered ${created.status}: ${JSON.stringify(created.body)}`)
  await postForm(created.body.upload, csv)
  return created.body.campaign.id
}

/** Posts a file with a presigned form. */
export async function postForm(
  { url, fields }: { url: string; fields: Record<string, string> },
  csv: string | Uint8Array<ArrayBuffer>,
): Promise<void> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([csv], { type: 'text/csv' }), 'recipients.csv')
  const response = await fetch(url, { method: 'POST', body: form })
  if (!response.ok) throw new Error(`upload answered ${response.status}: ${await response.text()}`)
}
