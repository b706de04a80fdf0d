import { join } from 'node:path'
import { Duration } from 'aws-cdk-lib'
import { Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import { Construct } from 'constructs'
import { FUNCTIONS, type FunctionSpec } from '../../shared/contracts/wiring.ts'
import type { Deployment } from '../config.ts'
import { functionAccess } from './access.ts'
import { acknowledge } from './acknowledge.ts'
import type { Data } from './data.ts'
import { PlatformFunction } from './function.ts'

export type FunctionName = FunctionSpec['name']

/** The functions of the wiring, each with what calls it; the one that HTTP calls is for `Api`. */
export class Functions extends Construct {
  readonly byName: Readonly<Record<FunctionName, LambdaFunction>>

  constructor(scope: Construct, id: string, props: { deployed: Deployment; data: Data; bundles: string }) {
    super(scope, id)
    const { data, deployed } = props
    const { logDays, pools } = deployed.config
    this.byName = Object.fromEntries(
      FUNCTIONS.map((spec) => {
        const { lambda } = new PlatformFunction(this, spec.name, {
          ...spec,
          description: `Dakghar ${deployed.stage}: ${spec.purpose}`,
          bundle: join(props.bundles, spec.name),
          logDays,
        })
        data.bind(lambda, functionAccess(spec.name, pools))
        this.#call(spec, lambda, data)
        return [spec.name, lambda]
      }),
    ) as Record<FunctionName, LambdaFunction>
    this.#acknowledge()
  }

  #call({ name, source }: FunctionSpec, lambda: LambdaFunction, data: Data): void {
    switch (source.kind) {
      case 'http':
        return
      case 'queue':
        lambda.addEventSource(
          new SqsEventSource(data.queues.get(source.queue), {
            batchSize: source.batchSize,
            maxBatchingWindow: Duration.seconds(source.windowSeconds),
            maxConcurrency: source.maxConcurrency,
            reportBatchItemFailures: true,
          }),
        )
        return
      case 'schedule': {
        const rule = new Rule(this, `${name}-schedule`, {
          schedule: Schedule.rate(Duration.minutes(source.everyMinutes)),
          targets: [
            new LambdaTarget(lambda, {
              // The next one does all that this one would have: a late one is not worth having.
              retryAttempts: 0,
              maxEventAge: Duration.minutes(1),
            }),
          ],
        })
        acknowledge(rule, 'A tick that is lost is made up for by the next.', 'Serverless-EventBusDLQ')
      }
    }
  }

  #acknowledge(): void {
    acknowledge(
      this,
      'Queues have dead-letter queues of their own, and what the schedule does is done again a minute later.',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
    )
  }
}
