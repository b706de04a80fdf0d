import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'
import { afterEach, describe, expect, it } from 'vitest'
import { RawEsme } from './raw-esme.ts'

const MAIN = new URL('../../simulator/main.ts', import.meta.url).pathname
const OPTIONS = { accounts: [{ systemId: 'demo', password: 'secret' }], receiptDelayMs: { min: 0, max: 0 } }

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

interface Running {
  child: ChildProcess
  lines: Interface
  port: number
  ask(request: unknown): Promise<Record<string, unknown>>
}

async function run(args: string[], env: Record<string, string> = {}): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout! })
  const nextLine = async () => JSON.parse((await once(lines, 'line'))[0] as string)
  const { port } = await nextLine()
  return {
    child,
    lines,
    port,
    ask(request) {
      const answer = nextLine()
      child.stdin!.write(`${typeof request === 'string' ? request : JSON.stringify(request)}\n`)
      return answer
    },
  }
}

describe('the simulator as a process', () => {
  it('tells the truth line by line, and closes on SIGTERM', async () => {
    const smsc = await run(['--options', JSON.stringify(OPTIONS)])
    const esme = await RawEsme.connect({ port: smsc.port })
    await esme.bind()
    await esme.submit()
    await esme.next((pdu) => pdu.command === 'deliver_sm')
    await esme.request('enquire_link') // behind the acknowledgement
    expect(await smsc.ask({ cmd: 'truth', id: 7 })).toMatchObject({
      id: 7,
      truth: { submitted: 1, receipts: { acked: 1 } },
    })
    expect(await smsc.ask({ cmd: 'messages' })).toEqual({
      messages: [{ to: '919876543210', source: 'DAKGHR', text: 'hello', parts: 1, complete: true }],
    })
    expect(await smsc.ask({ cmd: 'mo', from: '919876543210', to: '56767', text: 'STOP' })).toEqual({
      acknowledged: true,
    })
    smsc.child.kill('SIGTERM')
    expect(await once(smsc.child, 'exit')).toEqual([0, null])
    await esme.until(() => esme.closed)
    expect(esme.received.at(-1)).toMatchObject({ command: 'unbind' })
  })

  it('takes its options from the environment, and cuts connections when asked', async () => {
    const smsc = await run([], { DAKGHAR_SIMULATOR: JSON.stringify(OPTIONS) })
    const esme = await RawEsme.connect({ port: smsc.port })
    await esme.bind()
    expect(await smsc.ask({ cmd: 'disconnect' })).toEqual({ disconnected: 1 })
    await esme.until(() => esme.closed)
  })

  it.each(['nonsense', '{"cmd":"dance"}', '[]', ''])(
    'answers %j with an error and lives on',
    async (line) => {
      const smsc = await run(['--options', JSON.stringify(OPTIONS)])
      expect(await smsc.ask(line)).toMatchObject({ error: expect.stringContaining('not a request') })
      expect(await smsc.ask({ cmd: 'truth' })).toMatchObject({ truth: { submitted: 0 } })
    },
  )

  it('ends when the process that started it closes its stdin', async () => {
    const smsc = await run(['--options', JSON.stringify(OPTIONS)])
    smsc.child.stdin!.end()
    expect(await once(smsc.child, 'exit')).toEqual([0, null])
  })

  it('says on stderr what is wrong with its options', async () => {
    const child = spawn(process.execPath, [MAIN, '--options', '{"accounts":[]}'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    let stderr = ''
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk
    })
    expect(await once(child, 'close')).toEqual([1, null])
    expect(stderr).toContain('accounts')
  })
})
