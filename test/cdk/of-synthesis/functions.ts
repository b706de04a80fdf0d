import { describe, expect, it } from 'vitest'
import { FUNCTIONS } from '../../../shared/contracts/wiring.ts'
import { synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')
const functions = () => dev().resources('AWS::Lambda::Function')

describe('functions', () => {
  it.each(FUNCTIONS)('$name runs on Node.js 24 and arm64, with the time and memory of the wiring', (spec) => {
    const { Properties } = dev().resource('AWS::Lambda::Function', `Functions${spec.name}Function`)
    expect(Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: spec.timeoutSeconds,
      MemorySize: spec.memoryMb,
    })
    expect(Properties.Environment.Variables.NODE_OPTIONS).toBe(
      ['--enable-source-maps', spec.nodeOptions].filter(Boolean).join(' '),
    )
  })

  it('are those of the wiring and the one that CloudFormation calls: no library brings its own', () => {
    expect(functions()).toHaveLength(FUNCTIONS.length + 1)
  })

  it('report of a batch what failed', () => {
    const mappings = dev().resources('AWS::Lambda::EventSourceMapping')
    expect(mappings).toHaveLength(4)
    for (const [, { Properties }] of mappings) {
      expect(Properties.FunctionResponseTypes).toEqual(['ReportBatchItemFailures'])
    }
  })

  it('write to a log group of their own that forgets', () => {
    for (const [, { Properties }] of functions()) {
      const group = dev().template.Resources[Properties.LoggingConfig.LogGroup.Ref]
      expect(group?.Properties.RetentionInDays).toBe(30)
    }
  })
})

describe('the HTTP API', () => {
  it('throttles and says who called what', () => {
    const { Properties } = dev().resource('AWS::ApiGatewayV2::Stage')
    expect(Properties.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 })
    expect(Object.keys(JSON.parse(Properties.AccessLogSettings.Format))).toEqual(
      expect.arrayContaining(['requestId', 'ip', 'method', 'path', 'status']),
    )
    expect(dev().resource('AWS::ApiGatewayV2::Route').Properties.RouteKey).toBe('ANY /v1/{proxy+}')
  })
})

describe('roles', () => {
  interface Statement {
    Action: string | string[]
    Resource: unknown
  }
  const statements = (): [policy: string, statement: Statement][] =>
    dev()
      .resources('AWS::IAM::Policy')
      .flatMap(([id, { Properties }]) =>
        Properties.PolicyDocument.Statement.map((statement: Statement) => [id, statement]),
      )

  it('name what they may do and what with; only a token of ECR is for everything', () => {
    const wide = statements().filter(
      ([, { Action, Resource }]) =>
        [Action].flat().some((action) => action.includes('*')) || [Resource].flat().includes('*'),
    )
    expect(new Set(wide.map(([, { Action }]) => String(Action)))).toEqual(
      new Set(['ecr:GetAuthorizationToken']),
    )
    expect(wide.every(([policy]) => policy.includes('ExecutionRole'))).toBe(true)
  })

  it('hold no managed policy', () => {
    for (const [, { Properties }] of dev().resources('AWS::IAM::Role')) {
      expect(Properties.ManagedPolicyArns).toBeUndefined()
    }
  })

  it('delete nothing from tables and nothing from buckets', () => {
    const actions = statements().flatMap(([, { Action }]) => Action)
    expect(actions.filter((action) => /^(dynamodb|s3):.*(Delete|Scan)/.test(action))).toEqual([])
  })
})
