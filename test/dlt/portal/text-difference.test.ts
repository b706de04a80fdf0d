import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeDifference, firstDifference } from '../../../shared/dlt/portal/text-difference.ts'

describe('the first difference of two texts', () => {
  it.each([
    {
      ...{ registered: 'Dear {#var#}, it’s ready', exported: "Dear {#var#}, it's ready" },
      says: "at character 17 it has ’ (U+2019, right single quotation mark), the export ' (U+0027)",
    },
    {
      ...{ registered: 'Dear {#var#}', exported: 'Dear {#var#}.' },
      says: 'at character 13 it has nothing more, the export . (U+002E)',
    },
    {
      ...{ registered: '😀 a b', exported: '😀 a' },
      says: 'at character 4 it has (U+0020, space), the export nothing more',
    },
  ])('is told in a sentence: $says', ({ registered, exported, says }) => {
    expect(describeDifference(firstDifference(registered, exported)!)).toBe(says)
  })

  it('comes with what stands around it', () => {
    const long = 'x'.repeat(50)
    expect(firstDifference(`${long}a${long}`, `${long}b`)).toMatchObject({
      character: 51,
      registered: {
        found: { character: 'a', codePoint: 'U+0061' },
        excerpt: `${'x'.repeat(20)}a${'x'.repeat(19)}`,
      },
      exported: { excerpt: `${'x'.repeat(20)}b` },
    })
  })

  it('is none between line ends of two kinds', () => {
    expect(firstDifference('a\r\nb\rc', 'a\nb\nc')).toBeNull()
  })

  it('stands where everything before is the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '’', '😀') })
    fc.assert(
      fc.property(text, text, (registered, exported) => {
        const difference = firstDifference(registered, exported)
        expect(difference === null).toBe(registered === exported)
        if (difference === null) return
        const [ours, theirs, at] = [[...registered], [...exported], difference.character - 1]
        expect(ours.slice(0, at)).toEqual(theirs.slice(0, at))
        expect(ours[at]).not.toBe(theirs[at])
      }),
    )
  })
})
