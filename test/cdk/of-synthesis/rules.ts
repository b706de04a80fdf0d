import { Validations } from 'aws-cdk-lib'
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag'
import type { IConstruct } from 'constructs'
import { describe, expect, it } from 'vitest'
import { cdkJson, type Synthesis, synthesis } from '../support/synthesis.ts'

/** What the packs find in the stack: `rule at path`, acknowledged or not. */
function findings(of: Synthesis): { rule: string; at: string; acknowledged: boolean }[] {
  return [AwsSolutionsChecks, ServerlessChecks].flatMap((Pack) => {
    const found: { rule: string; at: string; acknowledged: boolean }[] = []
    const pack = new Pack() as unknown as {
      isAcknowledged(resource: IConstruct, rule: string): boolean
      validateScope(scope: IConstruct): unknown
    }
    const isAcknowledged = pack.isAcknowledged.bind(pack)
    // The packs tell nothing of what was acknowledged: this is where they ask.
    pack.isAcknowledged = (resource, rule) => {
      const acknowledged = isAcknowledged(resource, rule)
      found.push({ rule, at: resource.node.path, acknowledged })
      return acknowledged
    }
    pack.validateScope(of.stack)
    return found
  })
}

/** Every acknowledgement with its reason. */
function acknowledgements(of: Synthesis): { rule: string; at: string; reason: string }[] {
  return of.stack.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries<string>(data).map(([id, reason]) => ({
          ...{ rule: id.replace(/^annotation::/i, ''), at: construct.node.path },
          reason: String(reason),
        })),
      )
      .filter(({ rule }) => /^(AwsSolutions|Serverless)/.test(rule)),
  )
}

/** Whatever a stage may have and the shipped ones do not. */
function everythingOptional(): Synthesis {
  const stages = structuredClone(cdkJson.context.stages)
  stages.dev.alarmEmail = 'on-call@example.com'
  Object.assign(stages.dev.routes[0], { secret: 'secretsmanager:gateway', tls: false, allowPlaintext: true })
  return synthesis('dev', { stages, workerImage: `123456789012.dkr.ecr.ap-south-1.amazonaws.com/worker:1` })
}

describe.each([
  ['stage dev', () => synthesis('dev')],
  ['stage prod', () => synthesis('prod')],
  ['a stage with all that is optional', everythingOptional],
])('the rules of cdk-nag in %s', (_what, of) => {
  it('find nothing that is not acknowledged', () => {
    const found = findings(of())
    expect(found.length).toBeGreaterThan(20)
    expect(found.filter(({ acknowledged }) => !acknowledged)).toEqual([])
  })

  it('are told no with a reason, and only where they would find something', () => {
    const found = findings(of())
    const all = acknowledgements(of())
    expect(all.length).toBeGreaterThan(10)
    expect(all.filter(({ reason }) => reason.length < 20)).toEqual([])
    const idle = all.filter(
      ({ rule, at }) => !found.some((one) => one.rule === rule && `${one.at}/`.startsWith(`${at}/`)),
    )
    expect(idle).toEqual([])
  })
})
