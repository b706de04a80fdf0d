/** Refusals by the DLT check for what a message says, when it was sent and to whom. */
import type { Fix, Reason, Resend } from './reason.ts'

const CAMPAIGN: Fix = { who: 'sender', where: 'campaign' }
const TEMPLATE: Fix = { who: 'sender', where: 'template' }
const CONSENT: Fix = { who: 'subscriber', where: 'consent' }

function refusal(fix: Fix, sentence: string, resend: Resend, source = 'facts A9'): Reason {
  return { sentence, fix, resend, dlt: true, source }
}

export const CONTENT_REASONS = {
  template_mismatch: refusal(
    TEMPLATE,
    'The text differs from the registered template. Every character counts outside the variables: quotes, double ' +
      'spaces, line ends, a full stop at the end.',
    'after_fix',
    'facts A9, B1',
  ),
  variable_too_long: refusal(
    CAMPAIGN,
    'A value filled into a variable is longer than the operator allows (30 characters, 40 for alphanumeric ones), ' +
      'or not of the kind the variable is registered for.',
    'after_fix',
    'facts A7, A9',
  ),
  cta_not_whitelisted: refusal(
    TEMPLATE,
    'The text holds a link, phone number or e-mail address that is not on your whitelist at the DLT portal. ' +
      'Whitelist it there, in the very form the message has.',
    'after_fix',
    'facts A8',
  ),
  cta_blocked: refusal(
    TEMPLATE,
    'A link in the text is on your whitelist at the DLT portal, but blacklisted or no longer active there.',
    'after_fix',
    'facts A8',
  ),
  category_mismatch: refusal(
    TEMPLATE,
    'Template and sender header are not registered for the same kind of traffic (promotional, service or ' +
      'transactional), or the message was sent as another kind.',
    'after_fix',
  ),
  account_type_mismatch: refusal(
    { who: 'gateway', where: 'route' },
    'The account at the gateway is for another kind of traffic (promotional or transactional) than the message.',
    'after_fix',
  ),
  multipart_incomplete: refusal(
    { who: 'gateway', where: 'route' },
    'The operator did not get all parts of a long message together, and cannot check a message it has not whole.',
    'after_fix',
    'facts A9, B7',
  ),
  promo_hours: refusal(
    CAMPAIGN,
    'Promotional messages are taken from 10:00 to 21:00 only, and this one arrived outside these hours.',
    'next_sending_hours',
    'facts A1, A9',
  ),

  dnd: refusal(
    CONSENT,
    'The subscriber has asked the operators not to be sent such messages (DND). Only the subscriber can change ' +
      'that, or give you a consent that is recorded on DLT.',
    'no',
  ),
  subscriber_preference: refusal(
    CONSENT,
    'The subscriber takes such messages only on other days or at other hours, and has told the operators so.',
    'no',
  ),
  dnd_or_blacklisted: {
    ...refusal(
      CONSENT,
      'The number is on the list of those who asked not to be disturbed (DND), or on a blacklist of the gateway.',
      'no',
      'facts F',
    ),
    dlt: false,
  },
  consent_missing: refusal(
    CONSENT,
    'No valid consent of the subscriber is recorded on DLT for this sender. It must be there before you send.',
    'after_fix',
  ),
  consent_ended: refusal(
    CONSENT,
    'The subscriber has withdrawn the consent to be sent such messages, or it has expired.',
    'no',
  ),

  scrubbing_failed: refusal(
    { who: 'gateway', where: 'route' },
    'The DLT check of the operator refused the message without saying why. Ask the gateway for the reason.',
    'after_fix',
  ),
  scrubbing_timeout: refusal(
    { who: 'gateway', where: 'route' },
    'The DLT check of the operator did not answer in time. Nothing is wrong with the message.',
    'later',
    'facts A9',
  ),
  dlt_fields_wrong: refusal(
    { who: 'platform', where: 'route' },
    'The gateway refused the message for its DLT fields: entity id, template id or chain is missing or wrong.',
    'after_fix',
    'facts A5; SMPP 3.4 §5.1.3',
  ),
  header_or_template_refused: refusal(
    { who: 'sender', where: 'header' },
    'The sender header or the template is not registered with the gateway. Gateways keep lists of their own.',
    'after_fix',
    'facts F',
  ),
} as const satisfies Record<string, Reason>
