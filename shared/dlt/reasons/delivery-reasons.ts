/** Failures on the way to the handset, and refusals of the gateway that have nothing to do with DLT. */
import type { Fix, Reason, Resend } from './reason.ts'

const SUBSCRIBER: Fix = { who: 'subscriber', where: 'subscriber' }
const CAMPAIGN: Fix = { who: 'sender', where: 'campaign' }
const ROUTE: Fix = { who: 'platform', where: 'route' }
const GATEWAY: Fix = { who: 'gateway', where: 'route' }

const MAP = '3GPP TS 29.002 §17.6.6'
const APPENDIX_B = 'SMPP 3.4 Appendix B'
const COMMAND_STATUS = 'SMPP 3.4 §5.1.3'

function failure(fix: Fix, sentence: string, resend: Resend, source: string): Reason {
  return { sentence, fix, resend, dlt: false, source }
}

export const DELIVERY_REASONS = {
  subscriber_absent: failure(
    SUBSCRIBER,
    'The handset was switched off or out of coverage until the operator gave up.',
    'later',
    MAP,
  ),
  subscriber_unknown: failure(
    CAMPAIGN,
    'The number is not in use, or may not receive. Take it off your list.',
    'no',
    MAP,
  ),
  subscriber_busy: failure(SUBSCRIBER, 'The handset was busy with another message or call.', 'later', MAP),
  subscriber_barred: failure(
    SUBSCRIBER,
    'The subscription does not take this message: incoming messages are barred, or roaming does not allow them.',
    'no',
    MAP,
  ),
  sms_unsupported: failure(
    SUBSCRIBER,
    'The subscription or the handset cannot receive text messages.',
    'no',
    MAP,
  ),
  handset_full: failure(SUBSCRIBER, 'The memory of the handset is full.', 'later', 'facts F'),
  handset_fault: failure(SUBSCRIBER, 'The handset was reached but did not take the message.', 'later', MAP),
  network_fault: failure(
    GATEWAY,
    'A fault in the networks between the gateway and the handset.',
    'later',
    MAP,
  ),
  number_blocked: failure(
    CAMPAIGN,
    'The operator or the gateway has blocked the number, or the series it belongs to.',
    'no',
    'facts C3, F',
  ),

  expired: failure(
    SUBSCRIBER,
    'The validity of the message ended before the handset could be reached.',
    'later',
    APPENDIX_B,
  ),
  deleted: failure(GATEWAY, 'The message was deleted at the operator.', 'no', APPENDIX_B),
  skipped: failure(GATEWAY, 'The operator skipped the message.', 'no', 'SMPP 5.0 §4.7.15'),
  undelivered: failure(
    GATEWAY,
    'The operator could not deliver the message and gave no reason.',
    'later',
    APPENDIX_B,
  ),
  rejected: failure(GATEWAY, 'The operator rejected the message and gave no reason.', 'no', APPENDIX_B),

  number_invalid: failure(CAMPAIGN, 'The number is not one the gateway can reach.', 'no', COMMAND_STATUS),
  header_refused: failure(
    { who: 'sender', where: 'header' },
    'The sender header is not allowed on this route.',
    'after_fix',
    COMMAND_STATUS,
  ),
  message_too_long: failure(
    CAMPAIGN,
    'The message is longer than the gateway takes.',
    'after_fix',
    COMMAND_STATUS,
  ),
  message_empty: failure(CAMPAIGN, 'The message is empty.', 'after_fix', 'facts F'),
  long_message_refused: failure(
    ROUTE,
    'The gateway does not take long messages in the form they are sent in.',
    'after_fix',
    COMMAND_STATUS,
  ),
  spam: failure(CAMPAIGN, 'The gateway takes the text for spam.', 'after_fix', 'facts F'),
  duplicate: failure(
    CAMPAIGN,
    'The gateway takes the message for a repetition of one it had before.',
    'no',
    'facts F',
  ),
  no_credit: failure(
    { who: 'platform', where: 'route' },
    'The account at the gateway has no credit left: top it up.',
    'after_fix',
    'facts F',
  ),
  gateway_busy: failure(
    GATEWAY,
    'The gateway was too busy to take the message, several times.',
    'later',
    COMMAND_STATUS,
  ),
  gateway_fault: failure(GATEWAY, 'The gateway has a fault of its own.', 'later', COMMAND_STATUS),
  gateway_refused: failure(
    ROUTE,
    'The gateway does not take the message in the form it was sent in.',
    'after_fix',
    COMMAND_STATUS,
  ),
  bind_refused: failure(
    ROUTE,
    'The gateway does not let the route send: its connection or its account is in no state to.',
    'later',
    COMMAND_STATUS,
  ),
  unknown_code: failure(
    GATEWAY,
    'The code is not in the catalogue. Ask the gateway what it means, and add it to the overrides of the route.',
    'no',
    'this catalogue',
  ),
} as const satisfies Record<string, Reason>
