import { Validations } from 'aws-cdk-lib'
import type { IConstruct } from 'constructs'

/** Says no to rules of cdk-nag for a construct and all inside it, with the reason why. */
export function acknowledge(scope: IConstruct, reason: string, ...rules: string[]): void {
  for (const id of rules) Validations.of(scope).acknowledge({ id, reason })
}
