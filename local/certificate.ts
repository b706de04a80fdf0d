import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import type { EpochMs } from '../shared/ids.ts'

export interface Certificate {
  /** PEM; the certificate is its own authority, so clients trust it by name and no other. */
  cert: string
  key: string
}

/** The name clients ask for (TLS server names cannot be addresses). */
export const CERTIFICATE_NAME = 'localhost'

const YEAR_MS = 365 * 86_400_000
/** Made anew when it would end within this. */
const SPARE_MS = 7 * 86_400_000

/** The certificate of the simulator on this machine: kept in `directory`, made at first start; null keeps nothing. */
export async function localCertificate(directory: string | null, now: EpochMs): Promise<Certificate> {
  if (directory === null) return makeCertificate(now)
  const certFile = join(directory, 'smsc.cert.pem')
  const keyFile = join(directory, 'smsc.key.pem')
  if (existsSync(certFile) && existsSync(keyFile)) {
    const kept = { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
    if (Date.parse(new X509Certificate(kept.cert).validTo) > now + SPARE_MS) return kept
  }
  const made = await makeCertificate(now)
  mkdirSync(directory, { recursive: true })
  writeFileSync(certFile, made.cert)
  writeFileSync(keyFile, made.key, { mode: 0o600 })
  return made
}

async function makeCertificate(now: EpochMs): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: CERTIFICATE_NAME }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - 60_000),
    notAfterDate: new Date(now + YEAR_MS),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: CERTIFICATE_NAME },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { cert: made.cert, key: made.private }
}
