/**
 * The octets above ASCII that Windows-1252 has for typography, as a spreadsheet's plain "CSV" writes curly quotes and
 * dashes. Other octets above ASCII stand for other letters in other encodings, so they are not guessed at.
 */
const TYPOGRAPHY: ReadonlyMap<number, string> = new Map([
  [0x80, '€'],
  [0x82, '‚'],
  [0x84, '„'],
  [0x85, '…'],
  [0x8b, '‹'],
  [0x91, '‘'],
  [0x92, '’'],
  [0x93, '“'],
  [0x94, '”'],
  [0x95, '•'],
  [0x96, '–'],
  [0x97, '—'],
  [0x99, '™'],
  [0x9b, '›'],
  [0xa0, '\u00a0'],
])

/** The text, or the index of the first octet that may mean anything. */
export function readWindows1252(bytes: Buffer): { ok: true; text: string } | { ok: false; index: number } {
  const index = bytes.findIndex((octet) => octet >= 0x80 && !TYPOGRAPHY.has(octet))
  if (index !== -1) return { ok: false, index }
  const text = bytes.toString('latin1').replace(/[\x80-\xa0]/g, (c) => TYPOGRAPHY.get(c.charCodeAt(0))!)
  return { ok: true, text }
}
