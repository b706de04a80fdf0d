import { readFileSync } from 'node:fs'

/** A text that an operator refuses for its template, and the place where it does. */
export interface MismatchVector {
  name: string
  template: string
  text: string
  /** In UTF-16 code units from 0. */
  position: number
  /** The template's character there, null at its end. */
  expected: string | null
  found: string | null
}

export const { vectors }: { vectors: MismatchVector[] } = JSON.parse(
  readFileSync(new URL('../vectors/mismatches.json', import.meta.url), 'utf8'),
)
