import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { faultOf } from './commands.ts'
import { shownCommands } from './shell.ts'

const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  // What changed once may be gone by now.
  .filter((file) => file !== '' && file !== 'CHANGELOG.md')

const commandsIn = (file: string) => shownCommands(file, readFileSync(file, 'utf8'))
const OURS = new Set(['npm', 'npx', 'dakghar', 'cdk'])

describe('the documents', () => {
  it.each(documents)('show only commands and options that are there: %s', async (file) => {
    const faults = await Promise.all(
      commandsIn(file).map(async ({ place, words }) => {
        const fault = await faultOf(words)
        return fault === null ? [] : [`${place}: ${words.join(' ')}: ${fault}`]
      }),
    )
    expect(faults.flat()).toEqual([])
  })

  it.each([
    ['README.md', 15],
    ['docs/operate.md', 12],
    ['cli/README.md', 8],
    ['CONTRIBUTING.md', 5],
  ])('are read: %s shows at least %i commands of ours', (file, count) => {
    const ours = commandsIn(file).filter(({ words }) => OURS.has(words[0]!))
    expect(ours.length).toBeGreaterThanOrEqual(count)
  })

  it('README.md shows every command of the CLI', () => {
    const shown = new Set(commandsIn('README.md').map(({ words }) => words.slice(0, 3).join(' ')))
    expect(Object.keys(COMMANDS).filter((name) => !shown.has(`npx dakghar ${name}`))).toEqual([])
  })
})

describe('a command in a document', () => {
  const faultsIn = async (markdown: string) =>
    Promise.all(shownCommands('x.md', markdown).map(({ words }) => faultOf(words)))

  it.each([
    ['npm run dmo', 'package.json has no script dmo'],
    ['npm tets', 'npm has no command tets'],
    ['npm run demo -- --recipient 5', 'npm run demo has no option --recipient'],
    ['npm run smoke -- --url=https://x --kay K', 'npm run smoke has no option --kay'],
    ['npm run test:chaos -- --sseds 5', 'npm run test:chaos has no option --sseds'],
    ['npm run bench -- ingset', 'there is no bench ingset'],
    ['npm run bench -- ingest --row 5', 'the bench ingest has no option --row'],
    ['npx vitest run test/smss', 'there is no test/smss'],
    ['npx vitset', 'npx has no vitset'],
    ['npx dakghar segmnts', 'dakghar has no command segmnts'],
    ['dakghar keys --tenant a --revok K', 'dakghar keys has no option --revok'],
    ['npx dakghar bootstrap --tenant a -j', 'dakghar bootstrap has no option -j'],
    ['npx cdk bootstarp', 'cdk has no command bootstarp, or nobody used it yet'],
    ['npm run deploy -- -c stage=test', 'the stack has no context stage=test'],
    ['npm run deploy -- -c stgae=dev', 'the stack has no context stgae=dev'],
    ['npm run deploy -- --output-file x', 'cdk has no option --output-file'],
  ])('that is misspelt is found: %s', async (command, fault) => {
    expect(await faultsIn(`\`${command}\``)).toEqual([fault])
    expect(await faultsIn(`\`\`\`\n${command}\n\`\`\``)).toEqual([fault])
  })

  it('is read as a shell reads it, with explanations and usage brackets left out', () => {
    const text = [
      '```sh',
      'X=1 npm run a -- [--b C] \\',
      "  --d 'e f'   not --this   # nor --that",
      `cat x | npx y "z \\" w" && npm test    all`,
      '```',
      'and `npm ci`, not npm install.',
    ].join('\n')
    expect(shownCommands('x.md', text)).toEqual([
      { place: 'x.md:2', words: ['X=1', 'npm', 'run', 'a', '--', '--b', 'C', '--d', 'e f'] },
      { place: 'x.md:4', words: ['cat', 'x'] },
      { place: 'x.md:4', words: ['npx', 'y', 'z \\" w'] },
      { place: 'x.md:4', words: ['npm', 'test'] },
      { place: 'x.md:6', words: ['npm', 'ci'] },
    ])
  })
})
