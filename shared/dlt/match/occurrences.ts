/** Characters of a text as code points: what lengths of variables and positions count. */
export type Points = Uint32Array

/** The first `limit` characters of `text`. */
export function pointsOf(text: string, limit = Number.POSITIVE_INFINITY): Points {
  const points = new Uint32Array(Math.min(text.length, limit))
  let count = 0
  for (let index = 0; index < text.length && count < points.length; index++) {
    const point = text.codePointAt(index)!
    points[count++] = point
    if (point > 0xffff) index++
  }
  return points.subarray(0, count)
}

export function standsAt(fixed: Points, points: Points, at: number): boolean {
  if (at < 0 || at + fixed.length > points.length) return false
  for (let i = 0; i < fixed.length; i++) if (points[at + i] !== fixed[i]) return false
  return true
}

/** By length of a matched prefix: its longest proper prefix that is also its suffix (Knuth, Morris, Pratt). */
export function bordersOf(fixed: Points): Int32Array {
  const borders = new Int32Array(fixed.length + 1)
  borders[0] = -1
  let border = -1
  for (let i = 0; i < fixed.length; i++) {
    while (border >= 0 && fixed[border] !== fixed[i]) border = borders[border]!
    borders[i + 1] = ++border
  }
  return borders
}

/** Where a fixed text stands in a text, found from left to right and only as far as asked: each character read once. */
export class Occurrences {
  /** Where it begins, ascending. */
  readonly at: number[] = []
  readonly #fixed: Points
  readonly #borders: Int32Array
  readonly #points: Points
  #read: number
  #matched = 0

  /** Looks from `from` on. `borders` are those of `fixed`. */
  constructor(fixed: Points, borders: Int32Array, points: Points, from: number) {
    this.#fixed = fixed
    this.#borders = borders
    this.#points = points
    this.#read = from
  }

  /** Completes `at` with all that begin at or before `last`. */
  findUpTo(last: number): void {
    const fixed = this.#fixed
    const points = this.#points
    if (fixed.length === 0) {
      while (this.#read <= last && this.#read <= points.length) this.at.push(this.#read++)
      return
    }
    const end = Math.min(last + fixed.length, points.length)
    while (this.#read < end) {
      const point = points[this.#read++]
      while (this.#matched >= 0 && fixed[this.#matched] !== point)
        this.#matched = this.#borders[this.#matched]!
      if (++this.#matched < fixed.length) continue
      this.at.push(this.#read - fixed.length)
      this.#matched = this.#borders[this.#matched]!
    }
  }
}
