/** What a subscriber's message says about being sent messages: its first word, by this table. */

/**
 * Words people and handsets send to be left alone, and to be written to again; capitals, without dashes and marks. Hindi
 * in its spellings with and without nukta and anusvara, and as it is typed in Latin letters. Words that begin ordinary
 * answers are left out: "cancel my order", "end of month", "yes".
 */
const WORDS = {
  stop: [
    ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'UNSUB', 'OPTOUT', 'QUIT', 'BLOCK'],
    ...['ROKO', 'ROKEN', 'BAND', 'रोको', 'रोकें', 'रोकिए', 'बंद', 'बन्द', 'स्टॉप', 'स्टाप'],
  ],
  start: [
    ...['START', 'UNSTOP', 'SUBSCRIBE', 'OPTIN', 'RESUME'],
    ...['SHURU', 'CHALU', 'शुरू', 'शुरु', 'चालू', 'चालु', 'स्टार्ट'],
  ],
} as const

export type Keyword = keyof typeof WORDS

const MEANINGS: ReadonlyMap<string, Keyword> = new Map(
  Object.entries(WORDS).flatMap(([keyword, words]) =>
    words.map((word): [string, Keyword] => [word, keyword as Keyword]),
  ),
)

/** A word with its vowel signs; dashes within it do not end it. */
const FIRST_WORD = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\p{Pd}]*/u
const INVISIBLE = /\p{Cf}/gu
const DASHES = /\p{Pd}/gu

/**
 * The keyword a text begins with, null when it is an ordinary message.
 *
 * @example keywordOf(' Stop. ') // 'stop'
 */
export function keywordOf(text: string): Keyword | null {
  const visible = text.normalize('NFC').replace(INVISIBLE, '')
  const word = FIRST_WORD.exec(visible)?.[0].replace(DASHES, '').toUpperCase()
  return (word !== undefined && MEANINGS.get(word)) || null
}
