import { generate } from 'selfsigned'
import type { Certificate } from '../../local/certificate.ts'

/** A self-signed certificate for these names, its own authority. */
export async function certificateFor(
  names: { dns?: string; ip?: string },
  options: { notAfterDate?: Date; notBeforeDate?: Date } = {},
): Promise<Certificate> {
  const altNames = [
    ...(names.dns ? [{ type: 2 as const, value: names.dns }] : []),
    ...(names.ip ? [{ type: 7 as const, ip: names.ip }] : []),
  ]
  const made = await generate([{ name: 'commonName', value: names.dns ?? names.ip ?? 'smsc' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames },
    ],
    ...options,
  })
  return { key: made.private, cert: made.cert }
}
