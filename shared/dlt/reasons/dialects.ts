/**
 * What single gateways write otherwise (facts F). A dialect is read before the families, because its numbers overlap
 * with theirs: 408 is a blocked header in the 4xx family and DND at Route Mobile. A route names its gateway's dialect;
 * without one nothing here applies, as taking one gateway's 027 for another's would explain it wrongly.
 */
import type { ReasonSlug } from './catalogue.ts'
import type { CodesByReason } from './reason.ts'

export interface Dialect {
  title: string
  source: string
  /** Numbers in the `err` of receipts. */
  errors: CodesByReason<ReasonSlug>
  /** Values of command_status outside SMPP 3.4, in decimal. */
  statuses: CodesByReason<ReasonSlug>
}

export const DIALECTS = {
  default: { title: 'no gateway in particular', source: 'facts A9', errors: {}, statuses: {} },
  kaleyra: {
    title: 'Kaleyra',
    source: 'kaleyra.freshdesk.com 3000091797; facts F',
    errors: {
      subscriber_unknown: '1 15',
      subscriber_absent: '3 10 13',
      handset_fault: '4 7',
      subscriber_barred: '5 14 20',
      sms_unsupported: '6',
      network_fault: '8 11-12 17 19',
      handset_full: '9',
      subscriber_busy: '16',
      number_blocked: '18',
      expired: '21',
      template_mismatch: '23',
      header_not_linked: '24',
      template_unknown: '25',
      variable_too_long: '26',
      template_blacklisted: '27',
      template_inactive: '28',
      header_unknown: '29',
      header_inactive: '30',
      header_not_of_entity: '31',
      template_id_wrong: '32',
    },
    // The range is known, not which of them is DND and which a blacklist.
    statuses: { dnd_or_blacklisted: '1024-1911' },
  },
  'route-mobile': {
    title: 'Route Mobile',
    source: 'facts F',
    errors: { undelivered: '1', expired: '27', dnd: '408', duplicate: '411' },
    statuses: {
      no_credit: '1025',
      spam: '1028',
      message_too_long: '1029',
      long_message_refused: '1030',
      message_empty: '1031',
      dnd: '1032',
      header_or_template_refused: '1033 1040 1042',
      duplicate: '1041',
    },
  },
} as const satisfies Record<string, Dialect>

export type DialectName = keyof typeof DIALECTS
export const DIALECT_NAMES = Object.keys(DIALECTS) as [DialectName, ...DialectName[]]
