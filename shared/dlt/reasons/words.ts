/**
 * Reasons as words: in panels of gateways, in the `err` of some receipts, and as the word of a receipt itself. Case,
 * dashes, spaces, underscores and the operators' `EC_` make no difference.
 */
import type { ReasonSlug } from './catalogue.ts'
import type { CodesByReason } from './reason.ts'

export const WORDS_SOURCE =
  'names of the 6xx codes; support.nopaperforms.com 9889062789785; messaging.kaleyra.com 3000091772; SMPP 3.4 Appendix B'

/** As `normalisedWord` writes them. */
export const WORDS: CodesByReason<ReasonSlug> = {
  entity_unknown: 'ENTITY-NOT-FOUND ENTITY-NOT-REGISTERED',
  entity_inactive: 'ENTITY-INACTIVE',
  entity_blacklisted: 'ENTITY-BLACKLISTED ENTITY-BLOCKED-BY-DLT',
  entity_id_wrong: 'INVALID-ENTITY-ID TLV-PEID-NOT-FOUND TAG-PE-ID-ABSENT',
  telemarketer_not_linked: 'ENTITY-ID-NOT-ALLOWED-FOR-TM TELEMARKETER-NOT-ALLOWED-FOR-ENTITY',
  telemarketer_unknown: 'TELEMARKETER-NOT-REGISTERED TELEMARKETER-NOT-FOUND',
  telemarketer_inactive: 'TELEMARKETER-INACTIVE',
  telemarketer_blacklisted: 'TELEMARKETER-BLACKLISTED',
  chain_missing: 'PE-TM-HASH-NOT-RECEIVED TAG-TM-ID-ABSENT',
  chain_unregistered: 'PE-TM-HASH-NOT-REGISTERED',
  chain_inactive: 'PE-TM-HASH-INACTIVE',
  chain_blacklisted: 'PE-TM-HASH-BLACKLISTED',
  chain_suspended: 'PE-TM-HASH-SUSPENDED',
  header_unknown: 'HEADER-NOT-FOUND SNDR-NT-REG SENDER-ID-NOT-FOUND',
  header_inactive: 'HEADER-INACTIVE SNDR-INACTVE',
  header_blacklisted: 'HEADER-BLACKLISTED SENDER-BLOCKED-BY-DLT',
  header_not_of_entity: 'PEID-NOT-MATCHED-WITH-HEADER SENDER-NOT-MATCHED SNDR-NT-MTCH',
  header_suspended:
    'HEADER-SUSPENDED-DUE-TO-VALIDITY HEADER-SUSPENDED-DUE-TO-USAGE HEADER-SUSPENDED-DUE-TO-CUSTOMER',
  header_released: 'HEADER-IN-FREEPOOL',
  template_unknown: 'TEMPLATE-NOT-FOUND TL-NT-FOUND',
  template_inactive: 'TEMPLATE-INACTIVE TL-INACTIVE',
  template_blacklisted: 'TEMPLATE-BLACKLISTED TEMPLATE-BLOCKED-BY-DLT TL-BLKLST',
  template_suspended: 'TEMPLATE-SUSPENDED-DUE-TO-USAGE TEMPLATE-SUSPENDED-DUE-TO-CUSTOMER',
  template_not_of_entity: 'TEMPLATE-NOT-REGISTERED-TO-ENTITY',
  template_id_wrong:
    'INVALID-TEMPLATE INVALID-TEMPLATE-ID TL-ID-INVLD ERROR-IDENTIFYING-TEMPLATE TLV-TMPID-NOT-FOUND TAG-TEMPLATE-ID-ABSENT',
  // By its name the header is unknown; panels explain it as not registered for this template.
  header_not_linked: 'HEADER-NOT-REGISTERED HEADER-NOT-REGISTERED-FOR-TEMPLATE SDR-TL-MSMAT',
  template_mismatch: 'TEMPLATE-NOT-MATCHED INV-TEMPLATE-MATCH TL-NT-MTCHD',
  variable_too_long:
    'TEMPLATE-VARIABLE-EXCEEDED TEMPLATE-VARIABLE-EXCEEDED-MAX-LENGTH TEMPLATE-FAILED-ON-DYNAMIC-PART TL-LMT-EXCED',
  cta_not_whitelisted: 'CTA-NOT-WHITELISTED',
  category_mismatch: 'INVALID-TEMPLATE-TYPE PROMOTIONAL-TEMPLATE-USED-ON-OTHERS-HEADER',
  account_type_mismatch: 'HEADER-AND-ACCOUNTTYPE-MISMATCH',
  multipart_incomplete: 'REJECTED-MULTIPART CONTENT-MULTIPART-INCOMPLETE-BY-DLT FAILED-TO-ASSEMBLE-PDUS',
  promo_hours: 'INVALID-PROMO-TIME TIME-OUT-PROM',
  dnd: 'NDNC-REJECTED DND-REJECTED DND NDNC DNDNUMB DNDNUMBER PREFERENCE-NOT-MATCHED PRFT-NT-MTCH SE-CATEGORY-BLOCK',
  consent_missing: 'CONSENT-FAILED',
  consent_ended: 'OPT-OUT OPTOUT-REJ OUTPUT-REJ',
  scrubbing_failed: 'SCRUBBING-FAILED',
  scrubbing_timeout: 'DLT-SCRUBBING-TIMEOUT',

  subscriber_absent: 'ABSENT-SUB MOB-OFF',
  subscriber_unknown: 'INVALID-SUB INV-NUMBER INVALID-NUM',
  subscriber_busy: 'HANDSET-BUSY',
  subscriber_barred: 'BARRED',
  handset_full: 'MEMEXEC MESSAGE-INBOX-FULL',
  handset_fault: 'HANDSET-ERR',
  network_fault: 'NET-ERR',
  number_blocked: 'BLACKLIST BWLISTS SERIES-BLK SERIES-BLOCK',
  spam: 'SPAM',
  no_credit: 'NO-CREDITS',

  expired: 'EXPIRED',
  deleted: 'DELETED',
  skipped: 'SKIPPED',
  undelivered: 'UNDELIV UNDELIVERED UNDELIVERABLE FAILED',
  rejected: 'REJECTD REJECTED NACK',
}

/** Words of ours in the ledger, exactly as they stand there. */
export const OWN_WORDS: CodesByReason<ReasonSlug> = {
  not_sent: 'not_sent',
  multipart_cut: 'multipart_cut',
  poison_batch: 'poison_batch',
  not_encodable: 'not_encodable',
  suppression_list: 'list',
}

/** `EC_Template not matched` → `TEMPLATE-NOT-MATCHED`. */
export function normalisedWord(word: string): string {
  return word
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .replace(/^EC-/, '')
}
