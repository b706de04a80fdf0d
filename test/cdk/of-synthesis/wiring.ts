import { DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { startLambdaHost } from '../../../local/lambda-host.ts'
import { PoolConfig } from '../../../shared/contracts/route.ts'
import { FUNCTIONS, type FunctionSpec } from '../../../shared/contracts/wiring.ts'
import { withEmulators } from '../../support/emulator-fixture.ts'
import { cdkJson, synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')
const pools = cdkJson.context.stages.dev.pools.map((pool: unknown) => PoolConfig.parse(pool))

interface QueueFacts {
  visibilitySeconds: number
  retentionSeconds: number
  deadLetters: string | null
  maxReceives: number | null
}

/** `local/` and the stack are made from one list: what each makes of it is the same. */
describe('the wiring', () => {
  const aws = withEmulators(pools)

  async function localQueues(): Promise<Record<string, QueueFacts>> {
    const { QueueUrls = [] } = await aws.clients.sqs.send(new ListQueuesCommand({}))
    const facts = QueueUrls.map(async (QueueUrl) => {
      const { Attributes = {} } = await aws.clients.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
      )
      const redrive = Attributes.RedrivePolicy ? JSON.parse(Attributes.RedrivePolicy) : null
      return [
        QueueUrl.split('/').at(-1),
        {
          visibilitySeconds: Number(Attributes.VisibilityTimeout),
          retentionSeconds: Number(Attributes.MessageRetentionPeriod),
          deadLetters: redrive?.deadLetterTargetArn.split(':').at(-1) ?? null,
          maxReceives: redrive ? Number(redrive.maxReceiveCount) : null,
        },
      ]
    })
    return Object.fromEntries(await Promise.all(facts))
  }

  function deployedQueues(): Record<string, QueueFacts> {
    const nameOf = (id: string) =>
      dev().template.Resources[id]!.Properties.QueueName.replace('dakghar-dev-', '')
    return Object.fromEntries(
      dev()
        .resources('AWS::SQS::Queue')
        .map(([id, { Properties }]) => [
          nameOf(id),
          {
            visibilitySeconds: Properties.VisibilityTimeout ?? 30,
            retentionSeconds: Properties.MessageRetentionPeriod,
            deadLetters: Properties.RedrivePolicy
              ? nameOf(Properties.RedrivePolicy.deadLetterTargetArn['Fn::GetAtt'][0])
              : null,
            maxReceives: Properties.RedrivePolicy?.maxReceiveCount ?? null,
          },
        ]),
    )
  }

  it('gives both the same queues', async () => {
    const local = await localQueues()
    expect(deployedQueues()).toEqual(local)
    expect(Object.keys(local)).toHaveLength(14)
  })

  it('gives both the same tables', async () => {
    for (const [name, idPrefix] of [
      [aws.config.registryTable, 'DataRegistry'],
      [aws.config.ledgerTable, 'DataLedger'],
    ] as const) {
      const { Table } = await aws.clients.dynamodb.send(new DescribeTableCommand({ TableName: name }))
      const deployed = dev().resource('AWS::DynamoDB::GlobalTable', idPrefix).Properties
      expect(deployed.KeySchema).toEqual(Table?.KeySchema)
      expect(deployed.AttributeDefinitions).toEqual(expect.arrayContaining(Table?.AttributeDefinitions ?? []))
      const indexes = (Table?.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => ({
        ...{ IndexName, KeySchema, Projection },
      }))
      expect(deployed.GlobalSecondaryIndexes ?? []).toEqual(indexes)
    }
  })

  it('has both call the same functions from the same sources', async () => {
    const loaded: string[] = []
    const host = await startLambdaHost(aws.deps, {
      load: async (module) => {
        loaded.push(module)
        return async () => ({ batchItemFailures: [] })
      },
    })
    await host.stop()
    const called = FUNCTIONS.filter(({ name }) => sourceOf(name) !== null)
    expect(called.map(({ module }) => module)).toEqual(loaded)
    for (const { name, source } of FUNCTIONS)
      expect([name, sourceOf(name)]).toEqual([name, expectedOf(source)])
  })

  const functionId = (name: string) =>
    dev()
      .resources('AWS::Lambda::Function')
      .map(([id]) => id)
      .find((id) => id.startsWith(`Functions${name}Function`))

  function sourceOf(name: string): unknown {
    const id = functionId(name)
    const mapping = dev()
      .resources('AWS::Lambda::EventSourceMapping')
      .find(([, { Properties }]) => Properties.FunctionName.Ref === id)
    if (mapping) {
      const { EventSourceArn, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig } =
        mapping[1].Properties
      const queue = dev().template.Resources[EventSourceArn['Fn::GetAtt'][0]]!.Properties.QueueName
      return [queue, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig.MaximumConcurrency]
    }
    const rule = dev()
      .resources('AWS::Events::Rule')
      .find(([, { Properties }]) => Properties.Targets[0].Arn['Fn::GetAtt'][0] === id)
    return rule?.[1].Properties.ScheduleExpression ?? null
  }

  function expectedOf(source: FunctionSpec['source']): unknown {
    switch (source.kind) {
      case 'http':
        return null
      case 'schedule':
        return `rate(${source.everyMinutes} minute${source.everyMinutes === 1 ? '' : 's'})`
      case 'queue':
        return [`dakghar-dev-${source.queue}`, source.batchSize, source.windowSeconds, source.maxConcurrency]
    }
  }
})
