import { type App, Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import { deployment } from './config.ts'
import { PlatformStack } from './stack.ts'

/**
 * The stack of the stage that the app's context names. What cdk-nag finds and nobody has acknowledged ends the
 * synthesis.
 *
 * @param bundles the folder that `bundleAll` filled.
 * @throws ConfigError `deployment_config` or `worker_image` saying what is wrong in `cdk.json` or on the command line.
 */
export function platform(app: App, bundles: string): PlatformStack {
  const deployed = deployment(app.node.tryGetContext('stage'), app.node.tryGetContext('stages'))
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app))
  return new PlatformStack(app, { deployed, bundles, workerImage: app.node.tryGetContext('workerImage') })
}
