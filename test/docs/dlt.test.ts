import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DOCUMENT, generated, SECTIONS } from './dlt.ts'

const text = readFileSync(DOCUMENT, 'utf8')

describe('docs/dlt.md', () => {
  it('has its tables as they are generated: run npm run docs:dlt', () => {
    expect(generated(text)).toBe(text)
  })

  it('has codes, reason, who, resend and source of what is refused most', () => {
    expect(text).toMatch(
      /^\| `template_mismatch` \| The text differs .* \| sender: template \| once it is fixed \|/m,
    )
    expect(SECTIONS.codes()).toMatch(/^\| `template_mismatch` \| 633, 666 \| 429 \| 5307 \| 120 \| {2}\|$/m)
    expect(SECTIONS.dialects()).toMatch(/^\| `kaleyra` \| {2}\| 0x400–0x777 \| `dnd_or_blacklisted` \|/m)
    expect(SECTIONS.words()).toMatch(/^\| `header_unknown` \| .*`SNDR-NT-REG`/m)
  })
})
