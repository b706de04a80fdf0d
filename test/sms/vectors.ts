import { readFileSync } from 'node:fs'

/** What a text must become; `split` is null where a text is refused, a sentence where parts are too many to list. */
export interface SegmentVector {
  name: string
  text?: string
  text_escaped: string
  encoding: 'GSM7' | 'UCS2' | null
  data_coding?: 0 | 8
  units: number | null
  segments: number | null
  split?: { text: string; units: number }[] | string
  segments_with_16bit_reference?: number
  first_octets_hex?: string
}

interface Vectors {
  gsm_default_alphabet: { code: string; char: string; codepoint: string }[]
  gsm_extension_table: { code: string; char: string; codepoint: string }[]
  octet_vectors: { text: string; gsm_unpacked_hex: string }[]
  ucs2_octet_vectors: { text: string; hex: string }[]
  udh_vectors: { reference: number; total: number; part: number; udh: string }[]
  not_gsm_but_often_believed: string[]
  vectors: SegmentVector[]
}

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('./vectors/segments.json', import.meta.url), 'utf8'),
)
