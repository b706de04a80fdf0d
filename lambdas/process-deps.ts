import { type AwsDeps, depsFromEnv } from '../aws/deps.ts'

let deps: AwsDeps | undefined

/** The ports of this process, made at its first invocation and kept: connections outlive an invocation. */
export function processDeps(): AwsDeps {
  deps ??= depsFromEnv()
  return deps
}
