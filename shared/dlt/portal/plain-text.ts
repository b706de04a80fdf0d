import { decodeHTMLStrict } from 'entities/decode'

/** Written with or without a real line end behind it, as programs that turn one into the other leave it there. */
const BREAK = /<br\s*\/?>\n?/gi

/**
 * The text of a template as it was registered, out of the HTML that portals export it as (facts A10): `<br/>` and every
 * kind of line end → `\n`, `&amp;` → `&`. No template is lost by it, as portals register no `<` (facts B3). Spaces stay,
 * also at the ends: operators compare them.
 */
export function plainText(cell: string): string {
  return decodeHTMLStrict(cell).replace(/\r\n?/g, '\n').replace(BREAK, '\n')
}
