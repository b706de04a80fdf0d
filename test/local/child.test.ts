import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Child } from '../../local/process/child.ts'
import { Processes } from '../../local/process/processes.ts'
import { until } from '../support/until.ts'

const sleeper = (argv: string[] = [], onLine?: (name: string, line: string) => void) =>
  new Child({
    name: 'sleeper',
    module: 'test/local/programs/sleeper.ts',
    argv,
    env: {},
    ...(onLine && { onLine }),
  })
const FAILING = { name: 'failing', module: 'test/local/programs/failing.ts', env: {} }

/** Signal 0 only asks whether the process is there. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('a process of the platform', () => {
  it('says when it is ready, answers, and stops with its own exit code', async () => {
    const lines: string[] = []
    const child = sleeper([], (_, line) => lines.push(line))
    expect(await child.started()).toMatchObject({ pid: expect.any(Number) })
    expect(await child.firstLine()).toBe('first line')
    expect(await child.ask({ say: 'hello' })).toMatchObject({ said: 'hello' })
    expect(await child.stop(60_000)).toEqual({ code: 7, signal: null })
    expect(lines.sort()).toEqual(['first line', 'on stderr'])
  })

  it('is killed when it does not stop in time', async () => {
    const child = sleeper(['stubborn'])
    await child.started()
    expect(await child.stop(50)).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('fails with what it last printed when it ends before it is ready', async () => {
    const child = new Child(FAILING)
    await expect(child.started()).rejects.toThrow(/"failing" ended by itself \(exit code 3\).*no such table/s)
  })

  it.each(['obedient', 'stubborn'])('dies with its parent, however that ended: %s', async (manner) => {
    const program = fileURLToPath(new URL('./programs/parent.ts', import.meta.url))
    const parent = spawn(process.execPath, [program, manner], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface({ input: parent.stdout }), 'line')
    const pid = Number(line)
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    await until(() => !isAlive(pid))
  })
})

describe('the processes of a platform', () => {
  it('report the one that ended by itself', async () => {
    const processes = new Processes()
    processes.start(FAILING)
    await expect(processes.failed).rejects.toThrow('"failing" ended by itself')
    await processes.stop()
  })

  it('stop in order: those that bring work, those that finish it, those the others need', async () => {
    const ended: string[] = []
    const processes = new Processes()
    for (const name of ['emulators', 'bind-worker', 'simulator', 'api', 'functions']) {
      const child = processes.start({ name, module: 'test/local/programs/sleeper.ts', env: {} })
      await child.started()
      child.exited.then(() => ended.push(name))
    }
    await processes.stop()
    expect(ended.slice(0, 2).sort()).toEqual(['api', 'functions'])
    expect(ended.slice(2)).toEqual(['bind-worker', 'simulator', 'emulators'])
  })
})
