import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path && existsSync(path))
const packageJson = JSON.parse(readFileSync('package.json', 'utf8'))

describe('house rules', () => {
  it('opens every top-level folder with a README', () => {
    const folders = readdirSync('.').filter(
      (name) =>
        !name.startsWith('.') &&
        name !== 'node_modules' &&
        statSync(name).isDirectory() &&
        tracked.some((path) => path.startsWith(`${name}/`)),
    )
    expect(folders.filter((folder) => !existsSync(`${folder}/README.md`))).toEqual([])
  })

  it('pins every dependency to an exact version', () => {
    const { dependencies, devDependencies, optionalDependencies } = packageJson
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(String(version)),
    )
    expect(loose).toEqual([])
  })

  it('keeps registry addresses out of the lockfile', () => {
    expect(readFileSync('package-lock.json', 'utf8')).not.toMatch(/"resolved":\s*"http/)
  })

  it('locks the packages of every platform, also those that are not installed here', () => {
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
    const missing = Object.values<{ optionalDependencies?: object }>(packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
    expect(missing).toEqual([])
  })

  it('names every dependency in docs/dependencies.md, with its reason', () => {
    const text = readFileSync('docs/dependencies.md', 'utf8')
    const { dependencies, devDependencies, optionalDependencies } = packageJson
    const missing = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      (name) => !text.includes(`\`${name}\``),
    )
    expect(missing).toEqual([])
  })

  it('links only to files that exist', () => {
    const broken = tracked
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) => {
        const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : ''
        return [...readFileSync(path, 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
          .map((match) => match[1]!)
          .filter((target) => !existsSync(folder + target))
          .map((target) => `${path} → ${target}`)
      })
    expect(broken).toEqual([])
  })
})
