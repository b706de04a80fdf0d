import { Arn, ArnFormat, type Stack } from 'aws-cdk-lib'
import { Repository } from 'aws-cdk-lib/aws-ecr'
import { Platform } from 'aws-cdk-lib/aws-ecr-assets'
import { ContainerImage } from 'aws-cdk-lib/aws-ecs'
import { ConfigError } from '../../shared/errors.ts'

/** `123456789012.dkr.ecr.ap-south-1.amazonaws.com/dakghar-worker:1.2.0`, or with a digest: `…@sha256:…`. */
const ECR =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9._/-]+?)(?::([\w.-]+)|@(sha256:[0-9a-f]{64}))$/

/**
 * The worker's image: built from the folder by Docker or Finch when the stack is deployed, or one that was pushed to
 * ECR before, for machines with neither.
 *
 * @throws ConfigError `worker_image` when `given` names no image of ECR.
 */
export function workerImage(stack: Stack, folder: string, given: string | undefined): ContainerImage {
  if (given === undefined) return ContainerImage.fromAsset(folder, { platform: Platform.LINUX_ARM64 })
  const [, account, region, resourceName, tag, digest] = ECR.exec(given) ?? []
  if (!account || !region || !resourceName) {
    throw new ConfigError(
      'worker_image',
      `workerImage: "${given}" must be ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG (or @sha256:DIGEST).`,
    )
  }
  const arn = Arn.format(
    {
      service: 'ecr',
      account,
      region,
      resource: 'repository',
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    },
    stack,
  )
  const repository = Repository.fromRepositoryAttributes(stack, 'WorkerRepository', {
    repositoryArn: arn,
    repositoryName: resourceName,
  })
  return ContainerImage.fromEcrRepository(repository, tag ?? digest)
}
