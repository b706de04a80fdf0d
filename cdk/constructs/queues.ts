import { Duration } from 'aws-cdk-lib'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { deadLetters, type QueueName, type QueueSpec } from '../../shared/contracts/wiring.ts'
import { acknowledge } from './acknowledge.ts'

const COMMON = {
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
  /** SQS: the longest it keeps a message. */
  retentionPeriod: Duration.days(14),
  /** SQS: the longest poll. A short one would be billed for every empty answer. */
  receiveMessageWaitTime: Duration.seconds(20),
}

/** The queues of the wiring by name, each with its dead-letter queue; names are known to SQS with a prefix. */
export class Queues extends Construct {
  readonly specs: readonly QueueSpec[]
  readonly #byName = new Map<QueueName, Queue>()

  constructor(scope: Construct, id: string, props: { prefix: string; specs: readonly QueueSpec[] }) {
    super(scope, id)
    this.specs = props.specs
    for (const spec of props.specs) {
      const dead = this.#add(props.prefix, deadLetters(spec.name), {})
      acknowledge(dead, 'It is where dead letters end.', 'Serverless-SQSRedrivePolicy')
      const queue = this.#add(props.prefix, spec.name, {
        visibilityTimeout: Duration.seconds(spec.visibilitySeconds),
        ...(spec.maxReceives !== null && {
          deadLetterQueue: { queue: dead, maxReceiveCount: spec.maxReceives },
        }),
      })
      if (spec.maxReceives !== null) continue
      const reason =
        'The worker counts poison by crashes, not by receives, and writes the dead letter itself.'
      acknowledge(queue, reason, 'AwsSolutions-SQS3', 'Serverless-SQSRedrivePolicy')
      acknowledge(dead, reason, 'AwsSolutions-SQS3')
    }
  }

  get(name: QueueName): Queue {
    const queue = this.#byName.get(name)
    if (!queue) throw new Error(`wiring.ts lists no queue ${name}`)
    return queue
  }

  #add(prefix: string, name: QueueName, props: ConstructorParameters<typeof Queue>[2]): Queue {
    const queue = new Queue(this, name, { ...COMMON, queueName: `${prefix}-${name}`, ...props })
    this.#byName.set(name, queue)
    return queue
  }
}
