import type { BindAs } from '../../shared/contracts/records.ts'
import { encodePdu, octetsToText, type Pdu, STATUS } from '../../shared/smpp/codec.ts'

export interface Credentials {
  systemId: string
  password: string
}

/**
 * SMPP 3.4 (§5.2.4). Without it a gateway may silently speak 3.3, which knows no TLVs, and refuse every message for want
 * of its DLT ids.
 */
const INTERFACE_VERSION = 0x34

export function bindRequest(
  bindAs: BindAs,
  credentials: Credentials,
  systemType: string,
  sequence: number,
): Buffer {
  return encodePdu(`bind_${bindAs}`, {
    system_id: credentials.systemId,
    password: credentials.password,
    system_type: systemType,
    interface_version: INTERFACE_VERSION,
    addr_ton: 0,
    addr_npi: 0,
    address_range: '',
    sequence_number: sequence,
  })
}

/**
 * How a bind ended. `wrongCredentials` wants an operator or a rotated secret, `alreadyBound` and `throttled` want time,
 * `refused` is any other status, `noAnswer` the bind timeout, `disconnected` a connection that ended first.
 */
export type BindResult =
  | { ok: true; smscId: string; smscVersion: number | null }
  | { ok: false; why: BindRefusal; status: number | null; message: string }

export type BindRefusal =
  | 'wrongCredentials'
  | 'alreadyBound'
  | 'throttled'
  | 'refused'
  | 'noAnswer'
  | 'disconnected'

/** SMPP 3.4 §5.1.3. 0x0D says only "bind failed"; gateways use it for a wrong password. */
const REFUSALS: ReadonlyMap<number, { why: BindRefusal; message: string }> = new Map([
  [
    0x0d,
    { why: 'wrongCredentials', message: 'bind failed (0x0D): check system_id, password and our address' },
  ],
  [0x0e, { why: 'wrongCredentials', message: 'wrong password (0x0E): check the secret of the route' }],
  [0x0f, { why: 'wrongCredentials', message: 'unknown system_id (0x0F): check the secret of the route' }],
  [0x05, { why: 'alreadyBound', message: 'already bound (0x05): the account allows no more binds at once' }],
  [0x58, { why: 'throttled', message: 'throttled (0x58): the SMSC wants fewer bind attempts' }],
])

export function bindRefusal(status: number): BindResult {
  const known = REFUSALS.get(status)
  if (known) return { ok: false, status, ...known }
  const name = Object.keys(STATUS).find((key) => STATUS[key] === status) ?? 'no status of SMPP 3.4'
  return { ok: false, why: 'refused', status, message: `refused with 0x${hex(status)} (${name})` }
}

export function bindAccepted(response: Pdu): BindResult {
  const version = response.sc_interface_version
  return {
    ok: true,
    smscId: octetsToText(response.system_id) ?? '',
    smscVersion: typeof version === 'number' ? version : null,
  }
}

const hex = (status: number): string => status.toString(16).toUpperCase().padStart(2, '0')
