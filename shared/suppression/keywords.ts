/** What a subscriber's message says about being sent messages, by this table. */

/**
 * Words people and handsets send to be left alone, and to be written to again; capitals, without dashes and marks. Hindi
 * in its spellings with and without nukta and anusvara, and as it is typed in Latin letters.
 *
 * `begin` are those that count whatever follows. `alone` begin ordinary messages as well (`BLOCK 1234` to a bank for a
 * card, `RESUME attached`, `बंद क्यों है`; `START DND` even says the opposite) and count only as the whole message: in doubt
 * a number that was silenced stays so. Words that are ordinary answers by themselves are in neither: "cancel", "end", "yes".
 */
const WORDS = {
  stop: {
    begin: [
      ...['STOP', 'STOPALL', 'UNSUBSCRIBE', 'UNSUB', 'OPTOUT'],
      ...['ROKO', 'ROKEN', 'रोको', 'रोकें', 'रोकिए', 'स्टॉप', 'स्टाप'],
    ],
    alone: [
      ...['QUIT', 'BLOCK', 'OPT OUT', 'BAND', 'BAND KARO', 'BAND KAREN'],
      ...['बंद', 'बन्द', 'बंद करो', 'बन्द करो', 'बंद करें', 'बन्द करें'],
    ],
  },
  start: {
    begin: ['UNSTOP', 'OPTIN'],
    alone: [
      ...['START', 'SUBSCRIBE', 'RESUME', 'OPT IN', 'SHURU', 'CHALU', 'SHURU KARO', 'CHALU KARO'],
      ...['शुरू', 'शुरु', 'शुरू करो', 'शुरू करें', 'चालू', 'चालु', 'चालू करो', 'चालू करें', 'स्टार्ट'],
    ],
  },
} as const

export type Keyword = keyof typeof WORDS

const meaningsOf = (place: 'begin' | 'alone'): ReadonlyMap<string, Keyword> =>
  new Map(
    Object.entries(WORDS).flatMap(([keyword, words]) =>
      words[place].map((word): [string, Keyword] => [word, keyword as Keyword]),
    ),
  )
const BEGINNING = meaningsOf('begin')
const ALONE = meaningsOf('alone')

/** A word with its vowel signs; dashes within it do not end it. */
const WORD = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}\p{Pd}]*/gu
const INVISIBLE = /\p{Cf}/gu
const DASHES = /\p{Pd}/gu

/**
 * The keyword a text is, or begins with; null when it is an ordinary message.
 *
 * @example keywordOf(' Stop. ') // 'stop'
 * @example keywordOf('BLOCK 1234') // null
 */
export function keywordOf(text: string): Keyword | null {
  const visible = text.normalize('NFC').replace(INVISIBLE, '')
  const words = (visible.match(WORD) ?? []).map((word) => word.replace(DASHES, '').toUpperCase())
  return BEGINNING.get(words[0] ?? '') ?? ALONE.get(words.join(' ')) ?? null
}
