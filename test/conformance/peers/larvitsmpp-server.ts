/**
 * An SMSC out of the npm package larvitsmpp, in a process of its own. It answers the parts of a long message when it
 * has them all, sends a receipt for each, and keeps asking whether the link is alive. Prints `listening`, then one JSON line for every message it has read.
 *
 *     node larvitsmpp-server.ts FOLDER-OF-NODE_MODULES PORT
 */
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The part of the package's API this uses. */
interface LarvitSms {
  smsId: string
  from: string
  to: string
  message: string
  dlr: boolean
  pduObjs: readonly unknown[]
  sendResp(status: string, then: (error: Error | null) => void): void
  sendDlr(state: string): void
}
interface LarvitSession {
  on(event: 'sms', handle: (sms: LarvitSms) => void): void
  on(event: 'login' | 'close', handle: () => void): void
  send(pdu: { cmdName: string }): void
}
type Credentials = (systemId: string, password: string, then: (error: null, isRight: boolean) => void) => void
interface Larvit {
  server(
    options: { host: string; port: number; checkuserpass: Credentials },
    onSession: (error: Error | null, session: LarvitSession) => void,
  ): void
}

/** What becomes of a message, by the last digit of its number. */
const UNDELIVERABLE_DIGIT = '7'
const ENQUIRE_EVERY_MS = 400

const [folder = '', port] = process.argv.slice(2)
const larvitsmpp: Larvit = createRequire(join(folder, '/'))('larvitsmpp')

larvitsmpp.server(
  {
    host: '127.0.0.1',
    port: Number(port),
    checkuserpass: (systemId, password, then) => then(null, systemId === 'larvit' && password === 'secret'),
  },
  (_error, session) => {
    session.on('sms', accept)
    session.on('login', () => keepAsking(session))
  },
)
console.log('listening')

function keepAsking(session: LarvitSession): void {
  const timer = setInterval(() => session.send({ cmdName: 'enquire_link' }), ENQUIRE_EVERY_MS)
  session.on('close', () => clearInterval(timer))
}

function accept(sms: LarvitSms): void {
  const { from, to, message, dlr } = sms
  console.log(JSON.stringify({ from, to, message, dlr, parts: sms.pduObjs.length }))
  sms.sendResp('ESME_ROK', () => {
    const state = to.endsWith(UNDELIVERABLE_DIGIT) ? 'UNDELIVERABLE' : 'DELIVERED'
    // The package answers part n with the id `<id>-n` and knows receipts of whole messages only.
    const ids = sms.pduObjs.length > 1 ? sms.pduObjs.map((_, n) => `${sms.smsId}-${n + 1}`) : [sms.smsId]
    for (const smsId of ids) {
      sms.smsId = smsId
      sms.sendDlr(state)
    }
  })
}
