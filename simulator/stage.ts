import type { Stage } from './faults/strikes.ts'
import type { Listener } from './listener.ts'
import { ExtraReceipt } from './receipt-delivery.ts'
import { plainDialect } from './receipt-pdu.ts'
import type { SessionSet } from './session-set.ts'
import type { Smsc } from './smsc.ts'
import type { TruthLog } from './truth-log.ts'

/** What faults may lay hands on, of a running simulator. */
export function stageOf(parts: {
  smsc: Smsc
  sessions: SessionSet
  listener: Listener
  log: TruthLog
}): Stage {
  const { smsc, sessions, listener, log } = parts
  return {
    sessions,
    restart(downMs) {
      listener.down(downMs)
      sessions.destroyAll()
    },
    sendMo(systemId, { from, to, text }) {
      void smsc.sendMo(systemId, { from, to, text })
    },
    sendOrphan(systemId, receiptId) {
      const reported = {
        receiptId,
        source: 'DAKGHR',
        to: '919876543210',
        at: Date.now(),
        dataCoding: 0,
        octets: '',
      }
      const report = { stat: 'DELIVRD', err: '000', as: 'receipt' } as const
      smsc.deliver(systemId, new ExtraReceipt(reported, report, log, plainDialect('both')))
    },
  }
}
