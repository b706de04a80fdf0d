/** What the CDK's CLI runs (`cdk.json`): bundles all that is deployed, then makes the stack. */
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { ConfigError } from '../shared/errors.ts'
import { bundleAll } from './bundles.ts'
import { platform } from './platform.ts'

const BUNDLES = fileURLToPath(new URL('../build', import.meta.url))

try {
  const app = new App()
  bundleAll(BUNDLES)
  platform(app, BUNDLES)
  app.synth()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
