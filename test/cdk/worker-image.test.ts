import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { WORKER_NODE_OPTIONS } from '../../shared/contracts/wiring.ts'
import { readDockerfile } from './support/worker-tree.ts'

const text = readFileSync('bind-worker/Dockerfile', 'utf8')
const { instructions, uid, gid, environment } = readDockerfile(text)

describe('the image of the worker', () => {
  it('is built without running anything, on any machine for any processor', () => {
    expect(new Set(instructions)).toEqual(new Set(['FROM', 'COPY', 'USER', 'WORKDIR', 'ENV', 'ENTRYPOINT']))
  })

  it('runs node as process 1, and as nobody', () => {
    expect(text).toContain('ENTRYPOINT ["/usr/local/bin/node", "index.mjs"]')
    expect(Math.min(uid, gid)).toBeGreaterThan(0)
  })

  it('gives node the options of every worker', () => {
    expect(environment.NODE_OPTIONS).toBe(`--enable-source-maps ${WORKER_NODE_OPTIONS}`)
  })

  it('takes of the image of Node.js the program and no npm', () => {
    const copied = text.split('\n').filter((line) => line.startsWith('COPY'))
    expect(copied).toEqual([
      'COPY --from=node /usr/local/bin/node /usr/local/bin/node',
      'COPY worker/ /worker/',
    ])
  })
})
