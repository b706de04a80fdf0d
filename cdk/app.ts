/** What the CDK's CLI runs (`cdk.json`). */
import { fileURLToPath } from 'node:url'
import { App } from 'aws-cdk-lib'
import { ConfigError } from '../shared/errors.ts'
import { platform } from './platform.ts'

const BUNDLES = fileURLToPath(new URL('../build', import.meta.url))

try {
  const app = new App()
  platform(app, BUNDLES)
  app.synth()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
