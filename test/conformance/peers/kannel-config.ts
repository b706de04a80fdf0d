/** The configuration of bearerbox and smsbox: one transceiver to our simulator, everything on loopback. */

export interface KannelPorts {
  smsc: number
  admin: number
  smsbox: number
  sendsms: number
  /** Where it reports receipts and messages of subscribers. */
  callbacks: number
}

export const KANNEL_USER = { name: 'tester', password: 'secret' }
export const ESME_ACCOUNT = { systemId: 'kannel', password: 'secret' }
export const WINDOW_MAX = 20

/** Kannel separates groups by empty lines and needs every comment on a line of its own. */
export function kannelConfig({ smsc, admin, smsbox, sendsms, callbacks }: KannelPorts): string {
  return `group = core
admin-port = ${admin}
admin-interface = 127.0.0.1
admin-password = unused
smsbox-port = ${smsbox}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = *.*.*.*
dlr-storage = internal

group = smsc
smsc = smpp
smsc-id = simulator
host = 127.0.0.1
port = ${smsc}
transceiver-mode = true
smsc-username = ${ESME_ACCOUNT.systemId}
smsc-password = ${ESME_ACCOUNT.password}
system-type = ""
interface-version = 34
enquire-link-interval = 1
max-pending-submits = ${WINDOW_MAX}

${tlv('dlt_entity', 0x1400)}
${tlv('dlt_template', 0x1401)}
group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = ${sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = ${KANNEL_USER.name}
password = ${KANNEL_USER.password}
concatenation = true
max-messages = 10

group = sms-service
keyword = default
catch-all = true
max-messages = 0
get-url = "http://127.0.0.1:${callbacks}/mo?from=%p&to=%P&text=%a"
`
}

const tlv = (name: string, tag: number): string => `group = smpp-tlv
name = ${name}
tag = 0x${tag.toString(16)}
type = octetstring
length = 32
smsc-id = simulator
`
