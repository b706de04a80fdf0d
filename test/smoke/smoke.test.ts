import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LONG_TEMPLATE, SHORT_TEMPLATE } from '../../local/seed/demo-tenant.ts'
import { smokeArguments } from '../../smoke/arguments.ts'
import { type TestPlatform, testPlatform } from '../end-to-end/platform.fixture.ts'
import { until } from '../support/until.ts'

async function smoke(
  ...args: string[]
): Promise<{ exitCode: number | null; lines: string[]; stderr: string }> {
  const child = spawn(process.execPath, ['smoke/main.ts', ...args])
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { exitCode, lines: stdout.trimEnd().split('\n'), stderr }
}

describe('npm run smoke', () => {
  let platform: TestPlatform
  beforeAll(async () => {
    platform = await testPlatform({
      timingScale: 0.1,
      simulator: { outcomes: { DELIVRD: 1 }, receiptDelayMs: { min: 0, max: 100 } },
    })
    await until(async () => (await platform.api('GET', '/v1/routes')).body.items[0]?.state === 'up')
  })
  afterAll(() => platform?.stop())

  const reach = () => ['--url', `${platform.url}/`, '--key', platform.key]
  const one = (template: string, ...values: string[]) => [
    ...['--to', '98765 43210', '--template', template],
    ...values.flatMap((value) => ['--value', value]),
  ]

  it('says that all is well, sends one message and sees its receipt, as often as it is asked', async () => {
    const message = one(SHORT_TEMPLATE.id, 'Asha, "A"', 'A-17')
    for (const _ of ['once', 'again']) {
      const { exitCode, lines } = await smoke(...reach(), ...message)
      expect(lines).toEqual([
        'ok    the API answers',
        expect.stringMatching(/^ok {4}the key is valid: tenant demo, Demo Stores .* 12 paise a segment$/),
        expect.stringMatching(/^ok {4}route demo: (\d+) of \1 binds bound$/),
        'ok    lane otp leaves through pool demo: demo',
        'ok    lane service leaves through pool demo: demo',
        'ok    lane promotional leaves through pool demo: demo',
        'ok    3 templates are registered',
        expect.stringMatching(/^ok {4}message \S+ to 98765 43210: delivered$/),
        'All is well.',
      ])
      expect(exitCode).toBe(0)
    }
    const sent = platform.smscEvents().filter(({ event }) => event === 'submit_sm')
    expect(sent).toMatchObject([
      { to: '919876543210', text: expect.stringContaining('Dear Asha, "A", your order A-17 ') },
      { to: '919876543210' },
    ])
  })

  it('says why a message was not sent', async () => {
    const { exitCode, lines } = await smoke(...reach(), ...one(LONG_TEMPLATE.id, 'Asha', 'seventeen'))
    expect(exitCode).toBe(1)
    expect(lines.slice(-2)).toEqual([
      expect.stringMatching(
        /^FAIL {2}nothing was sent to 98765 43210: campaign \S+ is draft; .* takes digits only$/,
      ),
      '1 of these must be put right.',
    ])
  })

  it('wants a value for each variable', async () => {
    const { lines } = await smoke(...reach(), ...one(SHORT_TEMPLATE.id, 'Asha'))
    expect(lines.at(-2)).toMatch(/^FAIL .* has 2 variables: give --value 2 times, in their order$/)
  })

  it('looks no further when the key is not valid', async () => {
    const { exitCode, lines } = await smoke('--url', platform.url, '--key', 'dk_wrong')
    expect(exitCode).toBe(1)
    expect(lines).toEqual([
      'ok    the API answers',
      expect.stringMatching(/^FAIL {2}GET \S+\/v1\/entity answered 401: unauthorised, /),
      '1 of these must be put right.',
    ])
  })

  it('fails when the worker is gone, and sends nothing then', async () => {
    await platform.killWorker('SIGKILL')
    await until(async () => (await platform.api('GET', '/v1/routes')).body.items[0]?.state === 'down')
    const { exitCode, lines } = await smoke(...reach(), ...one(SHORT_TEMPLATE.id, 'Asha', 'A-17'))
    expect(exitCode).toBe(1)
    expect(lines).toContain(
      'FAIL  route demo: 0 of 0 binds bound; nothing is bound: see "bind down" in docs/operate.md',
    )
    expect(lines).toContain('note  nothing was sent: it would not have arrived')
  })

  it('says that nobody answers there', async () => {
    const { exitCode, lines } = await smoke('--url', 'http://127.0.0.1:1', '--key', 'dk_x')
    expect(exitCode).toBe(1)
    expect(lines[0]).toMatch(/^FAIL {2}GET http:\/\/127\.0\.0\.1:1\/v1\/health: no answer \(.+\)$/)
  })

  it('exits with 2 on a wrong command line', async () => {
    const { exitCode, stderr } = await smoke('--url', 'ftp://example')
    expect(exitCode).toBe(2)
    expect(stderr).toBe('--url must be an http URL\n--key is missing\nSee npm run smoke -- --help.\n')
  })
})

describe('its arguments', () => {
  it.each([
    [['--to', '1'], '--to goes with --template'],
    [['--wait', 'long'], '--wait must be seconds'],
    [['--fast'], "Unknown option '--fast'"],
  ])('%j are refused', (args, says) => {
    expect(() => smokeArguments(['--url', 'http://x', '--key', 'dk_x', ...args])).toThrow(says)
  })
})
