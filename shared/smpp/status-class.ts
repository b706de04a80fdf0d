/**
 * What a command_status means for the message that got it: one table for SMPP 3.4 §5.1.3 and for the vendor values
 * Indian gateways are known to use (0x400 to 0x4FF, facts F). Routes override classes where a gateway differs.
 */

/**
 * `permanent`: the same message will be refused again. `throttled`: the bind pauses, the message goes first.
 * `queueFull`: a few more tries, last in line. `transient`: try again later, until it expires. `fatal`: the bind is
 * in no state to submit; it is opened anew.
 */
export type StatusClass = 'ok' | 'permanent' | 'throttled' | 'queueFull' | 'transient' | 'fatal'

export interface StatusMeaning {
  status: number
  /** The name in SMPP 3.4, or what the vendor calls it. */
  name: string
  class: StatusClass
  /** For a report: what happened, and what to do when somebody can do something. */
  sentence: string
}

type Row = readonly [status: number, name: string, statusClass: StatusClass, sentence: string]

/** The vendor documents 0x409 to 0x412 together. */
const SENDER_OR_TEMPLATE = 'The sender header or the template is not registered with the gateway.'

const ROWS: readonly Row[] = [
  [0x00, 'ESME_ROK', 'ok', 'Accepted.'],
  [0x01, 'ESME_RINVMSGLEN', 'permanent', 'The message is longer than the gateway takes.'],
  [0x02, 'ESME_RINVCMDLEN', 'permanent', 'The gateway could not read the request: its length is wrong.'],
  [0x03, 'ESME_RINVCMDID', 'permanent', 'The gateway does not know this kind of request.'],
  [0x04, 'ESME_RINVBNDSTS', 'fatal', 'The connection is not bound for sending.'],
  [0x05, 'ESME_RALYBND', 'fatal', 'The account has as many connections as it may have already.'],
  [0x06, 'ESME_RINVPRTFLG', 'permanent', 'The priority is not one the gateway knows.'],
  [0x07, 'ESME_RINVREGDLVFLG', 'permanent', 'The gateway does not take the request for a delivery receipt.'],
  [0x08, 'ESME_RSYSERR', 'transient', 'The gateway has a fault of its own.'],
  [0x0a, 'ESME_RINVSRCADR', 'permanent', 'The sender header is not allowed on this route.'],
  [0x0b, 'ESME_RINVDSTADR', 'permanent', 'The number is not one the gateway can reach.'],
  [0x0c, 'ESME_RINVMSGID', 'permanent', 'The gateway does not know the message id.'],
  [0x0d, 'ESME_RBINDFAIL', 'fatal', 'The gateway refused the connection without saying why.'],
  [0x0e, 'ESME_RINVPASWD', 'fatal', 'The password of the SMPP account is wrong.'],
  [0x0f, 'ESME_RINVSYSID', 'fatal', 'The gateway does not know the system id of the SMPP account.'],
  [0x11, 'ESME_RCANCELFAIL', 'permanent', 'The message could not be cancelled.'],
  [0x13, 'ESME_RREPLACEFAIL', 'permanent', 'The message could not be replaced.'],
  [0x14, 'ESME_RMSGQFUL', 'queueFull', 'The queue of the gateway is full.'],
  [0x15, 'ESME_RINVSERTYP', 'permanent', 'The service type is not one the gateway knows.'],
  [0x33, 'ESME_RINVNUMDESTS', 'permanent', 'The number of destinations is wrong.'],
  [0x34, 'ESME_RINVDLNAME', 'permanent', 'The distribution list is not known.'],
  [0x40, 'ESME_RINVDESTFLAG', 'permanent', 'The destination is neither a number nor a list.'],
  [0x42, 'ESME_RINVSUBREP', 'permanent', 'The gateway does not replace earlier messages.'],
  [0x43, 'ESME_RINVESMCLASS', 'permanent', 'The gateway does not take this form of long message.'],
  [0x44, 'ESME_RCNTSUBDL', 'permanent', 'The gateway does not send to distribution lists.'],
  [
    0x45,
    'ESME_RSUBMITFAIL',
    'permanent',
    'Refused at submit; on Indian gateways: DLT TLVs missing or wrong. Check entity id, template id and header.',
  ],
  [0x48, 'ESME_RINVSRCTON', 'permanent', 'The type of the sender header (TON) is wrong for this route.'],
  [0x49, 'ESME_RINVSRCNPI', 'permanent', 'The plan of the sender header (NPI) is wrong for this route.'],
  [0x50, 'ESME_RINVDSTTON', 'permanent', 'The type of the number (TON) is wrong for this route.'],
  [0x51, 'ESME_RINVDSTNPI', 'permanent', 'The plan of the number (NPI) is wrong for this route.'],
  [0x53, 'ESME_RINVSYSTYP', 'fatal', 'The system type of the SMPP account is wrong.'],
  [0x54, 'ESME_RINVREPFLAG', 'permanent', 'The replace_if_present flag is wrong.'],
  [0x55, 'ESME_RINVNUMMSGS', 'permanent', 'The number of messages is wrong.'],
  [0x58, 'ESME_RTHROTTLED', 'throttled', 'More messages per second than the account may send.'],
  [0x61, 'ESME_RINVSCHED', 'permanent', 'The scheduled delivery time is wrong.'],
  [0x62, 'ESME_RINVEXPIRY', 'permanent', 'The gateway does not take this validity period.'],
  [0x63, 'ESME_RINVDFTMSGID', 'permanent', 'The predefined message is not known.'],
  [0x64, 'ESME_RX_T_APPN', 'transient', 'The receiving side has a passing fault.'],
  [0x65, 'ESME_RX_P_APPN', 'permanent', 'The receiving side has a lasting fault.'],
  [0x66, 'ESME_RX_R_APPN', 'permanent', 'The receiving side rejected the message.'],
  [0x67, 'ESME_RQUERYFAIL', 'permanent', 'The query failed.'],
  [0xc0, 'ESME_RINVOPTPARSTREAM', 'permanent', 'The optional parameters cannot be read.'],
  [0xc1, 'ESME_ROPTPARNOTALLWD', 'permanent', 'The gateway does not allow one of the TLVs.'],
  [0xc2, 'ESME_RINVPARLEN', 'permanent', 'One of the TLVs has a wrong length.'],
  [0xc3, 'ESME_RMISSINGOPTPARAM', 'permanent', 'A TLV the gateway expects is missing; check the DLT TLVs.'],
  [0xc4, 'ESME_RINVOPTPARAMVAL', 'permanent', 'The value of a TLV is wrong; check the DLT ids.'],
  [0xfe, 'ESME_RDELIVERYFAILURE', 'permanent', 'The message could not be delivered.'],
  [0xff, 'ESME_RUNKNOWNERR', 'transient', 'The gateway failed without saying why.'],

  [0x401, 'VENDOR_NO_CREDIT', 'transient', 'The account at the gateway has no credit left: top it up.'],
  [0x404, 'VENDOR_SPAM', 'permanent', 'The gateway takes the text for spam.'],
  [0x405, 'VENDOR_LENGTH', 'permanent', 'The message is longer than the gateway takes.'],
  [0x406, 'VENDOR_UDH_LENGTH', 'permanent', 'The gateway does not take this user data header.'],
  [0x407, 'VENDOR_EMPTY', 'permanent', 'The message is empty.'],
  [0x408, 'VENDOR_DND', 'permanent', 'The subscriber is registered as not to be disturbed (DND).'],
  [0x409, 'VENDOR_SOURCE', 'permanent', SENDER_OR_TEMPLATE],
  [0x410, 'VENDOR_TEMPLATE', 'permanent', SENDER_OR_TEMPLATE],
  [0x411, 'VENDOR_DUPLICATE', 'permanent', 'The gateway takes the message for a duplicate.'],
  [0x412, 'VENDOR_TEMPLATE', 'permanent', SENDER_OR_TEMPLATE],
]

const TABLE: ReadonlyMap<number, StatusMeaning> = new Map(
  ROWS.map(([status, name, statusClass, sentence]) => [
    status,
    { status, name, class: statusClass, sentence },
  ]),
)

const hex = (status: number) => `0x${status.toString(16).toUpperCase().padStart(8, '0')}`

/**
 * The meaning of a command_status. A value nobody knows is permanent: sending again what was refused for an unknown
 * reason is how accounts get blocked.
 *
 * @param overrides class by status in decimal, from the route's configuration.
 */
export function classify(
  status: number,
  overrides: Readonly<Record<string, StatusClass>> = {},
): StatusMeaning {
  const meaning = TABLE.get(status) ?? unknownStatus(status)
  const override = Object.hasOwn(overrides, String(status)) ? overrides[String(status)] : undefined
  return override ? { ...meaning, class: override } : meaning
}

/** What can be said of a value that neither SMPP 3.4 nor, of the vendor values, the table knows. */
export function unknownStatus(status: number): StatusMeaning {
  const vendor = status >= 0x400 && status <= 0x4ff
  return {
    status,
    name: vendor ? 'VENDOR' : 'RESERVED',
    class: 'permanent',
    sentence: `The gateway answered ${hex(status)}, which ${vendor ? 'only its vendor defines' : 'SMPP 3.4 does not define'}.`,
  }
}
