/** The file that `npm run deploy -- --outputs-file FILE` writes, as far as a command needs it. */
import { z } from 'zod'
import { ENVIRONMENT } from '../shared/contracts/wiring.ts'
import { InputError } from './command.ts'
import { readJsonFile } from './input.ts'

/** Outputs of the stack `Dakghar-<stage>`. */
const Installation = z.object({
  RegistryTable: z.string(),
  LedgerTable: z.string(),
  DataBucket: z.string(),
  QueueUrlPrefix: z.string(),
})

/** As the CDK writes it: outputs by stack. */
const OutputsFile = z.record(z.string(), z.record(z.string(), z.string()))

/** `https://sqs.ap-south-1.amazonaws.com/…` */
const REGION_OF_QUEUES = /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com\//

/**
 * The environment, as `aws/config.ts` takes it, that leads to the installation whose outputs are in `file`.
 * @throws InputError when it cannot be read, or holds no installation, or several.
 */
export async function environmentOf(file: string): Promise<Record<string, string>> {
  const stacks = await readJsonFile(file, OutputsFile, 'file of stack outputs')
  const found = Object.values(stacks).flatMap((outputs) => Installation.safeParse(outputs).data ?? [])
  const [installation] = found
  if (!installation || found.length > 1) {
    throw new InputError(
      `${file} holds the outputs of ${found.length} installations: deploy one stage into a file of its own, ` +
        'npm run deploy -- -c stage=dev --outputs-file cdk-outputs.json',
    )
  }
  const { RegistryTable, LedgerTable, DataBucket, QueueUrlPrefix } = installation
  const region = REGION_OF_QUEUES.exec(QueueUrlPrefix)?.[1]
  return {
    [ENVIRONMENT.registryTable]: RegistryTable,
    [ENVIRONMENT.ledgerTable]: LedgerTable,
    [ENVIRONMENT.bucket]: DataBucket,
    [ENVIRONMENT.queueUrlPrefix]: QueueUrlPrefix,
    ...(region !== undefined && { AWS_REGION: region }),
  }
}
