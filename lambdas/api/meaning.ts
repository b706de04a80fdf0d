/** Reason codes of the ledger in plain words. */
import { classify } from '../../shared/smpp/status-class.ts'

/** Words of ours: why a message ended without the gateway having a say. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  not_sent: 'Not sent before its validity ended.',
  multipart_cut:
    'The connection was lost after some parts of the message were sent; the others were not sent.',
  poison_batch:
    'Workers stopped again and again while sending its batch, which was set aside for a human to look at.',
  not_encodable: 'The message could not be written as a PDU: a fault of the platform, please report it.',
  list: 'The number is on the suppression list.',
}

/** Receipt words of SMPP 3.4 Appendix B that end a message without an error code. */
const STAT_WORDS: Readonly<Record<string, string>> = {
  EXPIRED: 'The validity of the message ended before the handset could be reached.',
  DELETED: 'The message was deleted at the operator.',
  UNDELIV: 'The operator could not deliver the message.',
  REJECTD: 'The operator rejected the message.',
  SKIPPED: 'The operator skipped the message.',
}

/** A sentence for `smpp:<status>`, `stat:<word>`, `err:<code>` or a word of ours; unknown ones as they came. */
export function meaningOf(code: string): string {
  const [kind, value = ''] = code.split(/:(.*)/s)
  switch (kind) {
    case 'smpp':
      return classify(Number(value)).sentence
    case 'stat':
      return STAT_WORDS[value.toUpperCase()] ?? `The receipt says ${value}.`
    case 'err':
      return `The operator's error code ${value}.`
    default:
      return OWN_WORDS[code] ?? code
  }
}
