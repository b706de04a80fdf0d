/** What a principal entity has whitelisted at the portal (facts A8), and whether a CTA is among it. */
import { z } from 'zod'
import type { Cta } from './scan.ts'

/** Without flags: the API's document takes the expressions as they are. */
const StaticUrl = z
  .string()
  .max(300)
  .regex(
    /^(?:[Hh][Tt]{2}[Pp][Ss]?:\/\/|[Ww]{3}\.)[^\s?]+$/,
    'must begin with http://, https:// or www. and hold no ?',
  )
const DynamicUrl = z
  .string()
  .max(300)
  .regex(
    /^(?:[Hh][Tt]{2}[Pp][Ss]?:\/\/|[Ww]{3}\.)[^\s?]+\?$/,
    'must begin with http://, https:// or www. and end in its first ?',
  )
const ShortUrl = z
  .string()
  .max(300)
  .regex(/^https:\/\/[^\s/?]+\/[A-Za-z]{3,6}\/$/, 'must be https://DOMAIN/HEADER/')

/** Portals refuse addresses that are numbers (facts A8). */
const notAnAddress = (url: string): boolean => !isIpAddress(splitUrl(url).host)
const NAMES_ONLY = 'must name a domain, not an IP address'

export const CtaWhitelist = z.strictObject({
  urls: z.array(
    z.discriminatedUnion('kind', [
      /** The URL as it is. */
      z.strictObject({ kind: z.literal('static'), url: StaticUrl.refine(notAnAddress, NAMES_ONLY) }),
      /** Registered up to its `?`: what comes behind may be anything, the path may not. */
      z.strictObject({ kind: z.literal('dynamic'), url: DynamicUrl.refine(notAnAddress, NAMES_ONLY) }),
      /** `https://dom/HEADER/`: links with one segment behind, in messages under that header only. */
      z.strictObject({ kind: z.literal('short'), url: ShortUrl.refine(notAnAddress, NAMES_ONLY) }),
    ]),
  ),
  /** Mobile, landline, toll-free, 140 and 160 series, with or without 91 or 0. */
  numbers: z.array(z.string().regex(/^\+?[\d -]{8,18}$/, 'must be a telephone number')),
  emails: z.array(z.email()),
})
export type CtaWhitelist = z.infer<typeof CtaWhitelist>
type UrlEntry = CtaWhitelist['urls'][number]

/** `entry` as it is registered; `reason` goes on from the CTA. */
export type WhitelistAnswer = { ok: true; entry: string } | { ok: false; reason: string }

/** `goesOn`: a variable follows directly, so the URL may end in anything. */
export type PlacedCta = Pick<Cta, 'kind' | 'text'> & { goesOn?: boolean }

/** Whether operators let the CTA pass in a message under `header`. */
export function isWhitelisted(cta: PlacedCta, whitelist: CtaWhitelist, header: string): WhitelistAnswer {
  switch (cta.kind) {
    case 'url':
      return isUrlWhitelisted(cta, whitelist.urls, header)
    case 'phone':
      return among(whitelist.numbers, cta.text, bareNumber)
    case 'email':
      return among(whitelist.emails, cta.text, (email) => email.toLowerCase())
  }
}

function among(entries: readonly string[], text: string, bare: (text: string) => string): WhitelistAnswer {
  const entry = entries.find((known) => bare(known) === bare(text))
  return entry === undefined ? { ok: false, reason: 'is not whitelisted' } : { ok: true, entry }
}

/** Without separators, +91, 91 of twelve digits, 0 of eleven. */
function bareNumber(text: string): string {
  const digits = text.replace(/\D/g, '')
  if (digits.length === 12 && digits.startsWith('91')) return digits.slice(2)
  return digits.length === 11 && digits.startsWith('0') ? digits.slice(1) : digits
}

interface SplitUrl {
  /** `https://`, `http://`, or '' for `www.` and bare domains. */
  scheme: string
  host: string
  /** From the first slash, question mark or hash on; with case. */
  rest: string
}

function splitUrl(url: string): SplitUrl {
  const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)?([^/?#]*)(.*)$/is.exec(url)!
  return { scheme: scheme.toLowerCase(), host: host.toLowerCase(), rest }
}

const isIpAddress = (host: string): boolean => /^[\d.]+(?::\d+)?$/.test(host) || host.startsWith('[')

function isUrlWhitelisted(cta: PlacedCta, entries: readonly UrlEntry[], header: string): WhitelistAnswer {
  const url = splitUrl(cta.text)
  if (isIpAddress(url.host)) return { ok: false, reason: 'is an IP address, which no portal whitelists' }
  const ofHost = entries.filter((entry) => splitUrl(entry.url).host === url.host)
  if (ofHost.length === 0) return { ok: false, reason: `is not whitelisted: nothing of ${url.host} is` }
  const reasons: string[] = []
  for (const entry of ofHost) {
    const reason = faultFor(entry, url, cta.goesOn === true, header)
    if (reason === null) return { ok: true, entry: entry.url }
    reasons.push(reason)
  }
  return { ok: false, reason: `is not whitelisted: ${[...new Set(reasons)].slice(0, 3).join('; ')}` }
}

/** Why `url` is not what the entry registers; null when it is. The host is the entry's. */
function faultFor(entry: UrlEntry, url: SplitUrl, goesOn: boolean, header: string): string | null {
  const registered = splitUrl(entry.url)
  if (registered.scheme !== url.scheme)
    return `${entry.url} is registered with ${registered.scheme || 'no scheme'}`
  switch (entry.kind) {
    case 'static':
      if (goesOn) return `${entry.url} is static, and a variable follows`
      return registered.rest === url.rest ? null : `${entry.url} has another path`
    case 'dynamic':
      if (url.rest.startsWith(registered.rest)) return null
      return `${entry.url} is dynamic only behind its question mark`
    case 'short': {
      const owner = registered.rest.slice(1, -1)
      if (owner !== header) return `${entry.url} is for header ${owner}, this message leaves under ${header}`
      const code = url.rest.startsWith(registered.rest) ? url.rest.slice(registered.rest.length) : null
      const isCode = code !== null && /^[^/?#]*$/.test(code) && (goesOn || code !== '')
      return isCode ? null : `${entry.url} takes one segment behind it`
    }
  }
}
