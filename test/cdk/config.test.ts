import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { deployment, routeConfigOf } from '../../cdk/config.ts'

const { stages } = JSON.parse(readFileSync('cdk.json', 'utf8')).context

/** What is wrong with the stage after a change. */
function faultsAfter(change: (stage: typeof stages.dev) => void, name = 'dev'): string {
  const changed = structuredClone(stages)
  change(changed[name])
  try {
    deployment(name, changed)
  } catch (error) {
    expect(error).toMatchObject({ code: 'deployment_config' })
    return (error as Error).message
  }
  return 'nothing'
}

describe('the configuration of a stage', () => {
  it.each(['dev', 'prod'])('%s, as it is shipped, has two routes in two pools, in Mumbai', (name) => {
    const { config } = deployment(name, stages)
    expect(config.region).toBe('ap-south-1')
    expect(config.routes.map(({ pool }) => pool)).toEqual(config.pools.map(({ id }) => id))
    expect(config.routes).toHaveLength(2)
  })

  it('gives a route the secret of the stack, unless it names one', () => {
    const deployed = deployment('dev', stages)
    const [route] = deployed.config.routes
    expect(routeConfigOf(deployed, route!).secret).toBe('secretsmanager:dakghar-dev/routes/getclickmedia')
    const named = routeConfigOf(deployed, { ...route!, secret: 'secretsmanager:gateway' })
    expect(named.secret).toBe('secretsmanager:gateway')
  })

  it.each([
    ['a stage that is not there', 'staging', 'there is no stage "staging"'],
    ['a name that is none', 'Prod!', 'the stage "Prod!" must be at most 12 lower-case letters and digits'],
  ])('is missed with a sentence for %s', (_what, name, sentence) => {
    expect(() => deployment(name, stages)).toThrow(sentence)
  })

  it('refuses a plaintext route in prod unless it is asked for', () => {
    const plaintext = (allowPlaintext: boolean) =>
      faultsAfter(
        (stage) => Object.assign(stage.routes[1], { tls: false, port: 2_775, allowPlaintext }),
        'prod',
      )
    expect(plaintext(false)).toContain('a route without TLS needs allowPlaintext: true')
    expect(plaintext(false)).toContain('routes[1].tls')
    expect(plaintext(true)).toBe('nothing')
  })

  it.each<[string, (stage: typeof stages.dev) => void, string]>([
    ['a misspelt field', (stage) => (stage.routes[0].tsp = 5), 'Unrecognized key: "tsp"'],
    [
      'a secret on this machine',
      (stage) => (stage.routes[0].secret = 'env:SMSC'),
      'must be secretsmanager:NAME',
    ],
    ['a pool that is not there', (stage) => (stage.routes[0].pool = 'other'), 'there is no pool "other"'],
    ['a route twice', (stage) => stage.routes.push(stage.routes[0]), '"getclickmedia" is there twice'],
    [
      'more tasks than binds',
      (stage) => (stage.routes[0].worker = { tasks: 3 }),
      "must not exceed the route's binds (2)",
    ],
    ['lanes the pool has not', (stage) => (stage.routes[1].lanes = ['otp']), 'has no queue for each of them'],
    [
      'a lane nobody serves',
      (stage) => (stage.routes[0].lanes = ['otp']),
      'no route of "transactional" pulls from: service',
    ],
  ])('is refused for %s', (_what, change, sentence) => {
    expect(faultsAfter(change)).toContain(sentence)
  })

  it('is refused when its name and that of a pool make a queue’s name too long', () => {
    const integration = structuredClone(stages.dev)
    integration.pools[1].id = 'p'.repeat(40)
    integration.routes[1].pool = 'p'.repeat(40)
    expect(() => deployment('integration', { integration })).toThrow(
      /-promotional-dlq exceeds 80 characters: give its pool a shorter id/,
    )
  })
})
