import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientsFor } from '../../../aws/clients.ts'
import { configFromEnv } from '../../../aws/config.ts'
import { S3ObjectStore } from '../../../aws/s3-object-store.ts'
import { FUNCTIONS } from '../../../shared/contracts/wiring.ts'
import { type Simulator, startSimulator } from '../../../simulator/server.ts'
import { postForm } from '../../end-to-end/platform.fixture.ts'
import { until } from '../../support/until.ts'
import { CONSOLE_BUCKET, type DeployedPlatform, startDeployed } from '../support/deployed-platform.ts'
import { synthesis } from '../support/synthesis.ts'
import { type ImageProcess, runImage } from '../support/worker-tree.ts'

const ROUTE = 'getclickmedia'
const SECRET = `dakghar-dev/routes/${ROUTE}`
const ACCOUNT = { systemId: 'asha', password: 'secret' }
const ROWS = 300
const TEMPLATE = {
  ...{ id: '1107169999999999001', name: 'Shipped', header: 'ASHAST', category: 'service_implicit' },
  text: 'Dear {#var#}, order {#var#} has been shipped. - Asha Stores',
}
const number = (n: number) => `9198450${String(n).padStart(5, '0')}`

/**
 * Every asset of the assembly at work: functions in clean processes, called with the events of their sources; the worker
 * from the folder of its image. Whatever they ask of AWS must be in the policies of the template.
 */
describe('what is deployed', () => {
  let platform: DeployedPlatform
  let smsc: Simulator
  let cloudFormation: Server
  const answers: { Status: string; Reason?: string; PhysicalResourceId: string }[] = []
  let worker: ImageProcess | undefined
  let campaign: string

  beforeAll(async () => {
    smsc = await startSimulator({
      accounts: [ACCOUNT],
      receiptDelayMs: { min: 0, max: 50 },
      outcomes: { DELIVRD: 1 },
    })
    cloudFormation = createServer(async (request, response) => {
      answers.push((await json(request)) as (typeof answers)[number])
      response.end()
    })
    await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve))
    platform = await startDeployed(synthesis('dev'))
  })
  afterAll(async () => {
    await worker?.stop()
    await platform?.stop()
    await smsc?.destroy()
    cloudFormation?.close()
  })

  const customResource = (type: string, properties: object, requestType = 'Create') => ({
    RequestType: requestType,
    ResponseURL: `http://127.0.0.1:${(cloudFormation.address() as AddressInfo).port}/`,
    ...{ StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Deployment', ResourceType: type },
    ...{ ServiceToken: 'token', ResourceProperties: properties },
  })

  const configuration = () => {
    const { Properties } = synthesis('dev').resource('Custom::DakgharRoutes')
    const { pools, routes } = JSON.parse(Properties.Configuration)
    const here = { host: '127.0.0.1', port: smsc.port, tls: false, allowPlaintext: true }
    const changed = routes.map((route: { id: string }) =>
      route.id === ROUTE ? { ...route, ...here } : route,
    )
    return JSON.stringify({ pools, routes: changed })
  }

  it('loads every function of the wiring, and the one that CloudFormation calls', () => {
    expect([...platform.functions].sort()).toEqual(
      [...FUNCTIONS.map(({ name }) => name), 'Deployment'].sort(),
    )
  })

  it('puts pools and routes into the registry, and the console’s page into its bucket', async () => {
    await platform.invoke(
      'Deployment',
      customResource('Custom::DakgharRoutes', { Configuration: configuration() }),
    )
    await platform.invoke('Deployment', customResource('Custom::DakgharConsole', { Bucket: CONSOLE_BUCKET }))
    expect(answers.splice(0)).toMatchObject([{ Status: 'SUCCESS' }, { Status: 'SUCCESS' }])
    expect((await platform.deps.registry.routes()).map(({ id, secret }) => [id, secret])).toEqual([
      ['bulk', 'secretsmanager:dakghar-dev/routes/bulk'],
      [ROUTE, `secretsmanager:${SECRET}`],
    ])
    const clients = clientsFor(configFromEnv(platform.env))
    const page = await new S3ObjectStore({ client: clients.s3, bucket: CONSOLE_BUCKET }).get('index.html')
    clients.destroy()
    expect(page?.toString()).toContain('/v1/openapi.json')
  })

  it('fails a deployment with a sentence, and keeps everything when the stack goes', async () => {
    await platform.invoke('Deployment', customResource('Custom::DakgharRoutes', { Configuration: '{}' }))
    await platform.invoke('Deployment', customResource('Custom::DakgharOther', {}))
    await platform.invoke('Deployment', customResource('Custom::DakgharRoutes', {}, 'Delete'))
    expect(answers.splice(0)).toMatchObject([
      { Status: 'FAILED', Reason: expect.stringContaining('pools') },
      { Status: 'FAILED', Reason: expect.stringContaining('puts no Custom::DakgharOther in place') },
      { Status: 'SUCCESS' },
    ])
    expect(await platform.deps.registry.routes()).toHaveLength(2)
  })

  it('binds as soon as the empty secret of the stack is filled', async () => {
    platform.secrets[SECRET] = '{"systemId":"","password":""}'
    const task = synthesis('dev').resource('AWS::ECS::TaskDefinition', `Route${ROUTE}`)
    const [, hash] = /:([0-9a-f]{64})$/.exec(task.Properties.ContainerDefinitions[0].Image['Fn::Sub'])!
    const env = { ...platform.workerEnv(task), HEALTH_PORT: '0' }
    worker = runImage(synthesis('dev').asset(hash!), env)
    await until(() => started() !== undefined).catch((cause) => {
      throw new Error(worker!.lines.join('\n'), { cause })
    })
    const health = await fetch(`http://127.0.0.1:${started()!.healthPort}/health`)
    expect(await health.json()).toMatchObject({ route: ROUTE, state: 'down' })
    expect(smsc.binds).toBe(0)
    platform.secrets[SECRET] = JSON.stringify(ACCOUNT)
    await until(() => smsc.binds === 2)
  })

  const started = (): { healthPort: number } | undefined =>
    worker!.lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
      .find(({ message }) => message === 'worker started')

  const state = async () => (await platform.api('GET', `/v1/campaigns/${campaign}`)).state

  it('checks an upload', async () => {
    await platform.api('POST', '/v1/templates', TEMPLATE)
    const list = await platform.api('POST', '/v1/suppressions/lists', { name: 'Own list' })
    await postForm(list.upload, `${number(0)}\n`)
    await platform.api('POST', `/v1/suppressions/lists/${list.list.id}/load`)
    await until(
      async () => (await platform.api('GET', `/v1/suppressions/lists/${list.list.id}`)).state === 'loaded',
    )
    const created = await platform.api('POST', '/v1/campaigns', { name: 'Shipped', templateId: TEMPLATE.id })
    campaign = created.campaign.id
    const rows = Array.from({ length: ROWS + 1 }, (_, n) => `${number(n)},Customer ${n},A${n}`)
    await postForm(created.upload, `mobile,name,order\n${rows.join('\n')}\nno number,X,1\n`)
    await platform.api('POST', `/v1/campaigns/${campaign}/check`)
    await until(async () => (await state()) === 'checked')
    const { numbers } = await platform.api('GET', `/v1/campaigns/${campaign}`)
    expect(numbers).toMatchObject({ accepted: ROWS, suppressed: 1, invalid: 1 })
  })

  it('sends it, and settles every receipt', async () => {
    await platform.api('POST', `/v1/campaigns/${campaign}/launch`)
    await until(async () => (await state()) === 'settled', 30_000)
    const report = await platform.api('GET', `/v1/campaigns/${campaign}/report`)
    expect(report.statuses).toMatchObject({ delivered: ROWS })
    expect(new Set(smsc.messages().map(({ to }) => to)).size).toBe(ROWS)
  })

  it('writes an export and signs a link to it, tells where a number is, and obeys a STOP', async () => {
    const { id } = await platform.api('POST', `/v1/campaigns/${campaign}/exports`)
    const path = `/v1/campaigns/${campaign}/exports/${id}`
    await until(async () => (await platform.api('GET', path)).state === 'ready')
    const csv = await (await fetch((await platform.api('GET', path)).file.url)).text()
    expect(csv.trimEnd().split('\n')).toHaveLength(ROWS + 1)
    const { items } = await platform.api('GET', `/v1/recipients/${number(7)}/messages`)
    expect(items).toHaveLength(1)
    await smsc.sendMo({ from: number(7), to: TEMPLATE.header, text: 'STOP' })
    await until(async () => (await platform.api('GET', '/v1/inbound')).items.length === 1)
    await until(async () => (await platform.api('GET', `/v1/suppressions/${number(7)}`)).suppressed)
  })

  it('puts out its numbers as the alarms look for them', async () => {
    const put = () =>
      worker!.lines.filter((line) => line.includes('"bindsDown"')).map((line) => JSON.parse(line))
    await until(() => put().length > 0)
    const [directive] = put()[0]._aws.CloudWatchMetrics
    expect(directive.Namespace).toBe('Dakghar/dev')
    expect(directive.Dimensions.map((set: string[]) => set.toSorted())).toEqual([['route', 'service']])
    expect(put()[0]).toMatchObject({ route: ROUTE, service: 'bind-worker' })
  })

  it('drains on SIGTERM', async () => {
    expect(await worker!.stop()).toBe(0)
    expect(smsc.binds).toBe(0)
  })

  it('asked AWS for nothing that its roles do not allow', () => {
    expect(platform.gate.denied).toEqual([])
    expect(new Set(platform.gate.allowed.map(({ role }) => role)).size).toBe(FUNCTIONS.length + 2)
  })
})
