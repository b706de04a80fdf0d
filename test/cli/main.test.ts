import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../cli/commands.ts'
import { dakghar, MAIN } from './dakghar.ts'

const commands = Object.keys(COMMANDS)

describe('dakghar', () => {
  it('runs on the Node this project pins', () => {
    expect(process.versions.node.split('.')[0]).toBe('24')
  })

  it('can be executed as it stands, for npx', () => {
    expect(() => accessSync(MAIN, constants.X_OK)).not.toThrow()
  })

  it.each([['help'], ['--help'], ['-h']])('lists its commands with %s', async (flag) => {
    const { exitCode, stdout } = await dakghar([flag])
    expect(exitCode).toBe(0)
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'))
  })

  it.each(commands)('explains %s, with "help", --help and -h alike', async (command) => {
    const [help, long, short] = await Promise.all([
      dakghar(['help', command]),
      dakghar([command, '--help']),
      dakghar([command, '-h']),
    ])
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toMatch(new RegExp(`^Usage: dakghar ${command}`))
    expect(long.stdout).toBe(help.stdout)
    expect(short.stdout).toBe(help.stdout)
  })

  it.each(commands)('explains every option of %s', async (name) => {
    const { command } = await COMMANDS[name]!.load()
    const missing = Object.keys(command.options).filter((option) => !command.help.includes(`--${option} `))
    expect(missing).toEqual([])
  })

  it('without a command prints help to stderr and exits with 2', async () => {
    expect(await dakghar([])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('Usage: dakghar COMMAND'),
    })
  })

  it.each([
    { args: ['fly'], says: 'there is no command "fly"\nSee dakghar help.' },
    { args: ['constructor'], says: 'there is no command "constructor"\nSee dakghar help.' },
    { args: ['segments', '--fast'], says: "Unknown option '--fast'\nSee dakghar help segments." },
    { args: ['segments', '--reference-bits'], says: 'argument missing\nSee dakghar help segments.' },
    { args: ['receipt', 'a', 'b'], says: 'one file at a time, got 2\nSee dakghar help receipt.' },
  ])('exits with 2 on $args', async ({ args, says }) => {
    const { exitCode, stdout, stderr } = await dakghar(args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(says)
    expect(stderr).not.toContain('    at ')
  })

  it.each([
    { file: 'no-such-file', says: 'cannot read no-such-file: there is no such file' },
    { file: 'test', says: 'cannot read test: it is a directory' },
  ])('exits with 1 when $file cannot be read', async ({ file, says }) => {
    const { exitCode, stderr } = await dakghar(['segments', file])
    expect(exitCode).toBe(1)
    expect(stderr).toBe(`dakghar: ${says}\n`)
  })

  it('ends quietly when its reader has seen enough', () => {
    const script = `yes '"x"' | head -n 400000 | "$0" "$1" segments --json | head -n 1`
    const { stdout, stderr } = spawnSync('sh', ['-c', script, process.execPath, MAIN], { encoding: 'utf8' })
    expect(stdout).toBe('{"encoding":"GSM7","units":1,"segments":1,"parts":["x"]}\n')
    expect(stderr).toBe('')
  })
})
