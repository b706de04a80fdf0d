import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { localCertificate } from '../../local/certificate.ts'

const directory = mkdtempSync(join(tmpdir(), 'dakghar-certificate-'))
afterAll(() => rmSync(directory, { recursive: true }))

const NOW = Date.UTC(2026, 8, 1)
const DAY_MS = 86_400_000

it('is made at first start, for this machine only, and picked up again', async () => {
  const made = await localCertificate(directory, NOW)
  const certificate = new X509Certificate(made.cert)
  expect(certificate.checkHost('localhost')).toBe('localhost')
  expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1')
  expect(certificate.checkHost('smsc.example')).toBeUndefined()
  expect(await localCertificate(directory, NOW + DAY_MS)).toEqual(made)
})

it('is made anew before it ends', async () => {
  const kept = await localCertificate(directory, NOW)
  const renewed = await localCertificate(directory, NOW + 360 * DAY_MS)
  expect(renewed.cert).not.toBe(kept.cert)
  expect(Date.parse(new X509Certificate(renewed.cert).validTo)).toBeGreaterThan(NOW + 700 * DAY_MS)
})

it('keeps its key from other users', () => {
  expect(statSync(join(directory, 'smsc.key.pem')).mode & 0o077).toBe(0)
})
