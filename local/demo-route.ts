import { RouteConfig } from '../shared/contracts/route.ts'
import type { DialectName } from '../shared/dlt/reasons/dialects.ts'
import { CERTIFICATE_NAME } from './certificate.ts'
import { DEMO_POOL, DEMO_ROUTE } from './seed/demo-tenant.ts'

/** The account the worker binds with: system_id ≤ 15, password ≤ 8 characters (SMPP 3.4 §4.1.1). */
export interface SmscAccount {
  systemId: string
  password: string
}

/** The SMSC of the demo route. */
export interface SmscAddress {
  host: string
  port: number
  /** PEM to trust, `system` for public certificates, null for plain TCP. */
  tls: { ca: string } | 'system' | null
  /** How it numbers its errors, where that is known. */
  dialect?: DialectName
}

/** The variable in which the worker finds the account. */
export const SMSC_SECRET = 'DEMO_SMSC_ACCOUNT'

export const SIMULATOR_ACCOUNT: SmscAccount = { systemId: 'demo', password: 'demo1234' }

export function demoRoute(
  smsc: SmscAddress,
  options: { tps: number; binds: number; window: number },
): RouteConfig {
  const { host, port, tls, dialect } = smsc
  return RouteConfig.parse({
    id: DEMO_ROUTE,
    pool: DEMO_POOL,
    host,
    port,
    secret: `env:${SMSC_SECRET}`,
    tls: tls !== null,
    allowPlaintext: tls === null,
    ...(dialect !== undefined && { dialect }),
    ...(tls !== null && tls !== 'system' && { tlsCa: tls.ca, tlsServerName: CERTIFICATE_NAME }),
    tps: options.tps,
    binds: options.binds,
    window: { min: Math.min(10, options.window), max: options.window },
  })
}
