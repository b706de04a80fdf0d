import fc from 'fast-check'

const BASIC = 'abcXYZ 0189.,:@£$¥èÇ\n\rΔΩÆß¡§¿à'
const EXTENDED = '\f^{}\\[~]|€'

/** One GSM 03.38 character, escapes as likely as others. */
export const gsmCharacter = fc.constantFrom(...BASIC, ...EXTENDED)

/** One well-formed character: GSM, Devanagari with its joiners and marks, or a surrogate pair. */
const anyCharacter = fc.oneof(
  gsmCharacter,
  fc.constantFrom('क', '्', 'ष', 'ि', '\u200d', '’', '—', '₹', 'ç'),
  fc.constantFrom('😀', '🇮', '𝒳', '🙏'),
)

export const gsmText = (maxLength: number) => fc.string({ unit: gsmCharacter, maxLength, size: 'max' })
export const anyText = (maxLength: number) => fc.string({ unit: anyCharacter, maxLength, size: 'max' })
