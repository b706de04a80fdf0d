import { describe, expect, it } from 'vitest'
import { workerConfig } from '../../../bind-worker/config.ts'
import { cdkJson, type Resource, type Synthesis, synthesis } from '../support/synthesis.ts'

const dev = () => synthesis('dev')
const ROUTES = ['getclickmedia', 'bulk']
const taskOf = (of: Synthesis, route: string) => of.resource('AWS::ECS::TaskDefinition', `Route${route}`)
const serviceOf = (of: Synthesis, route: string) => of.resource('AWS::ECS::Service', `Route${route}`)
const containerOf = (of: Synthesis, route: string) => taskOf(of, route).Properties.ContainerDefinitions[0]
const environmentOf = (of: Synthesis, route: string): Record<string, string> =>
  Object.fromEntries(
    containerOf(of, route).Environment.map(({ Name, Value }: { Name: string; Value: string }) => [
      Name,
      Value,
    ]),
  )

describe.each(ROUTES)('the worker of route %s', (route) => {
  it('runs on arm64, as nobody, with nothing to write to', () => {
    expect(taskOf(dev(), route).Properties.RuntimePlatform).toEqual({
      CpuArchitecture: 'ARM64',
      OperatingSystemFamily: 'LINUX',
    })
    expect(containerOf(dev(), route)).toMatchObject({ ReadonlyRootFilesystem: true, User: '10001:10001' })
  })

  it('has two minutes to drain, is judged by whether it lives, and listens to nothing', () => {
    const container = containerOf(dev(), route)
    expect(container).toMatchObject({ StopTimeout: 120 })
    expect(container.HealthCheck.Command.join(' ')).toContain('http://127.0.0.1:8080/health')
    expect(container.PortMappings).toBeUndefined()
    expect(serviceOf(dev(), route).Properties.LoadBalancers).toBeUndefined()
  })

  it('never binds beside the revision before it, and goes back when the new one does not start', () => {
    const { DesiredCount, DeploymentConfiguration } = serviceOf(dev(), route).Properties
    expect(DesiredCount).toBe(1)
    expect(DeploymentConfiguration).toMatchObject({
      MinimumHealthyPercent: 0,
      MaximumPercent: 100,
      DeploymentCircuitBreaker: { Enable: true, Rollback: true },
    })
  })

  it('starts after its route is in the registry, with settings it accepts', () => {
    const [[steps]] = dev().resources('Custom::DakgharRoutes') as [[string, Resource]]
    expect(serviceOf(dev(), route).DependsOn).toContain(steps)
    expect(workerConfig(environmentOf(dev(), route))).toMatchObject({
      routeId: route,
      routeShare: 1,
      healthPort: 8_080,
      metricsNamespace: 'Dakghar/dev',
    })
  })

  it('is in a private subnet, and its group lets it out to the gateway and to HTTPS', () => {
    const { AwsvpcConfiguration } = serviceOf(dev(), route).Properties.NetworkConfiguration
    expect(AwsvpcConfiguration.AssignPublicIp).toBe('DISABLED')
    const [group] = AwsvpcConfiguration.SecurityGroups
    const { SecurityGroupEgress } = dev().template.Resources[group['Fn::GetAtt'][0]]!.Properties
    expect(SecurityGroupEgress.map(({ FromPort }: { FromPort: number }) => FromPort)).toEqual([2_776, 443])
  })

  it('reads its own secret and no other, which the stack makes empty', () => {
    const [secretId] = dev()
      .resources('AWS::SecretsManager::Secret')
      .find(([, { Properties }]) => Properties.Name === `dakghar-dev/routes/${route}`)!
    const secret = dev().template.Resources[secretId]!
    expect(secret.Properties.SecretString).toBe('{"systemId":"","password":""}')
    expect(secret.DeletionPolicy).toBe('Retain')
    const role = dev().resource('AWS::IAM::Policy', `Route${route}TaskTaskRole`).Properties.PolicyDocument
    expect(role.Statement).toContainEqual({
      Effect: 'Allow',
      Action: 'secretsmanager:GetSecretValue',
      Resource: { Ref: secretId },
    })
  })
})

describe('a route with several tasks', () => {
  const prod = () => synthesis('prod')

  it('changes them half by half, each with its share', () => {
    const { DesiredCount, DeploymentConfiguration } = serviceOf(prod(), 'getclickmedia').Properties
    expect(DesiredCount).toBe(2)
    expect(DeploymentConfiguration).toMatchObject({ MinimumHealthyPercent: 50, MaximumPercent: 100 })
    expect(environmentOf(prod(), 'getclickmedia').ROUTE_SHARE).toBe('1/2')
  })
})

describe('a route whose configuration changed', () => {
  it('gets a new revision of its worker, which reads its route when it starts; the others keep theirs', () => {
    const stages = structuredClone(cdkJson.context.stages)
    stages.dev.routes[0].tps = 300
    const changed = synthesis('dev', { stages })
    const label = (of: Synthesis, route: string) => containerOf(of, route).DockerLabels['dakghar.route']
    expect(label(changed, 'getclickmedia')).not.toBe(label(dev(), 'getclickmedia'))
    expect(label(changed, 'bulk')).toBe(label(dev(), 'bulk'))
  })

  it('may have a secret that is there already', () => {
    const stages = structuredClone(cdkJson.context.stages)
    stages.dev.routes[0].secret = 'secretsmanager:gateway/account'
    const changed = synthesis('dev', { stages })
    expect(changed.resources('AWS::SecretsManager::Secret')).toHaveLength(1)
    const role = changed.resource('AWS::IAM::Policy', 'RoutegetclickmediaTaskTaskRole').Properties
    expect(JSON.stringify(role.PolicyDocument)).toContain(':secret:gateway/account-??????')
  })
})

describe('an image given by workerImage', () => {
  const image = '123456789012.dkr.ecr.ap-south-1.amazonaws.com/dakghar/worker:1.2.0'

  it('is run instead of one to be built, and may be pulled', () => {
    const given = synthesis('dev', { workerImage: image })
    expect(JSON.stringify(containerOf(given, 'bulk').Image)).toContain('/dakghar/worker:1.2.0')
    const role = given.resource('AWS::IAM::Policy', 'RoutebulkTaskExecutionRole').Properties.PolicyDocument
    expect(JSON.stringify(role)).toContain(':123456789012:repository/dakghar/worker')
  })

  it('is refused with a sentence when it is none of ECR', () => {
    expect(() => synthesis('dev', { workerImage: 'worker:latest' })).toThrow(
      'workerImage: "worker:latest" must be ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG',
    )
  })
})
