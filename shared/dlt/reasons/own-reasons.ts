/** Ends that are words of ours in the ledger: the gateway had no say in them. */
import type { Fix, Reason, Resend } from './reason.ts'

const PLATFORM: Fix = { who: 'platform', where: 'platform' }

function end(fix: Fix, sentence: string, resend: Resend, source: string): Reason {
  return { sentence, fix, resend, dlt: false, source }
}

export const OWN_REASONS = {
  not_sent: end(
    { who: 'sender', where: 'campaign' },
    'Not sent before its validity ended: the campaign had not enough time, or its route was down.',
    'later',
    'shared/ledger/fold.ts',
  ),
  multipart_cut: end(
    PLATFORM,
    'The connection was lost after some parts of the message were sent; the others were not sent.',
    'later',
    'bind-worker/send/sender.ts',
  ),
  poison_batch: end(
    PLATFORM,
    'Workers stopped again and again while sending its batch, which was set aside for a human to look at.',
    'after_fix',
    'bind-worker/intake/taker.ts',
  ),
  not_encodable: end(
    PLATFORM,
    'The message could not be written in the form gateways read: a fault of the platform, please report it.',
    'after_fix',
    'bind-worker/send/sender.ts',
  ),
  suppression_list: end(
    { who: 'subscriber', where: 'consent' },
    'The number is on your suppression list: not sent.',
    'no',
    'bind-worker/intake/taker.ts',
  ),
} as const satisfies Record<string, Reason>
