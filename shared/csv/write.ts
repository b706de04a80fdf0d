/** Text as one CSV record, RFC 4180: quoted where it must be, ended by CRLF. */
export function csvRecord(fields: readonly string[]): string {
  return `${fields.map(csvField).join(',')}\r\n`
}

const NEEDS_QUOTES = /[",;\t|\r\n]|^\s|\s$/

/** The other delimiters are quoted too: spreadsheets of some countries split at them. */
function csvField(value: string): string {
  if (!NEEDS_QUOTES.test(value)) return value
  return `"${value.replaceAll('"', '""')}"`
}

/** Makes Excel read the file as UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff'
