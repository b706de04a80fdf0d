import { describe, expect, it } from 'vitest'
import { configFromEnv } from '../../aws/config.ts'
import { depsFromEnv } from '../../aws/deps.ts'
import { TIMING } from '../../shared/timing.ts'

const COMPLETE = {
  REGISTRY_TABLE: 'registry',
  LEDGER_TABLE: 'ledger',
  BUCKET: 'bucket',
  QUEUE_URL_PREFIX: 'https://sqs.ap-south-1.amazonaws.com/123456789012/dakghar-',
  AWS_REGION: 'ap-south-1',
}

describe('the environment of a function or worker', () => {
  it('needs the four names of the wiring and nothing else', () => {
    expect(configFromEnv(COMPLETE)).toMatchObject({
      registryTable: 'registry',
      ledgerTable: 'ledger',
      bucket: 'bucket',
      queueUrlPrefix: COMPLETE.QUEUE_URL_PREFIX,
      timingScale: 1,
      ledgerTtlDays: 90,
    })
  })

  it('has every fault named at once', () => {
    const faulty = { ...COMPLETE, BUCKET: undefined, TIMING_SCALE: 'fast', QUEUE_URL_PREFIX: 'nowhere' }
    const parse = () => configFromEnv(faulty)
    expect(parse).toThrow(expect.objectContaining({ code: 'bad_environment' }))
    for (const name of ['BUCKET', 'TIMING_SCALE', 'QUEUE_URL_PREFIX']) expect(parse).toThrow(name)
  })

  it('scales every duration by TIMING_SCALE', () => {
    const deps = depsFromEnv({ ...COMPLETE, TIMING_SCALE: '0.1' })
    expect(deps.timing.leaseMs).toBe(TIMING.leaseMs / 10)
    deps.close()
  })

  it('hands static credentials to emulators only: on AWS the role finds its own', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(configFromEnv({ ...COMPLETE, ...keys }).credentials).toBeUndefined()
    const emulated = { ...COMPLETE, ...keys, AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9324' }
    expect(configFromEnv(emulated).credentials).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' })
  })
})
