import { vi } from 'vitest'
import { Session } from '../../../bind-worker/session/session.ts'
import type { SessionOptions } from '../../../bind-worker/session/session-contract.ts'
import { connectSocket } from '../../../bind-worker/session/socket-transport.ts'
import { encodePdu } from '../../../shared/smpp/codec.ts'
import { CREDENTIALS, Recorder, sessionOptions } from './factories.ts'
import { type Script, ScriptedSmsc } from './scripted-smsc.ts'

export interface Opened extends AsyncDisposable {
  smsc: ScriptedSmsc
  session: Session<string>
  seen: Recorder
}

/** A session over a real socket to an SMSC with this script, connected and not bound. */
export async function openSession(
  script: Script = {},
  options: Partial<SessionOptions> = {},
): Promise<Opened> {
  const smsc = await ScriptedSmsc.listen(script)
  const transport = await connectSocket(
    { host: '127.0.0.1', port: smsc.port, tls: false },
    { timeoutMs: 20_000, signal: new AbortController().signal },
  )
  const seen = new Recorder()
  const session = new Session(transport, sessionOptions(options), seen)
  return {
    smsc,
    session,
    seen,
    async [Symbol.asyncDispose]() {
      session.destroy()
      await smsc[Symbol.asyncDispose]()
    },
  }
}

export async function boundSession(
  script: Script = {},
  options: Partial<SessionOptions> = {},
): Promise<Opened> {
  const opened = await openSession(script, options)
  const result = await opened.session.bind(CREDENTIALS)
  if (!result.ok) throw new Error(`not bound: ${result.message}`)
  return opened
}

/** Waits until the assertion holds. */
export const eventually = (assertion: () => void): Promise<void> =>
  vi.waitFor(assertion, { timeout: 20_000, interval: 2 })

export const submitSm = (text = 'hello'): Buffer =>
  encodePdu('submit_sm', {
    source_addr: 'GCMDIA',
    destination_addr: '919876543210',
    data_coding: 0,
    short_message: Buffer.from(text),
  })
