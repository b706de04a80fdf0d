/** A set of positions as its runs: ascending, disjoint, both ends included, flat: `[first, last, first, last…]`. */
export type Runs = number[]

/** Adds `[first, last]`, where `first` is not before that of the run added last. */
export function addRun(runs: Runs, first: number, last: number): void {
  const top = runs.length - 1
  if (top > 0 && first <= runs[top]! + 1) {
    if (last > runs[top]!) runs[top] = last
  } else {
    runs.push(first, last)
  }
}

export function includes(runs: Runs, position: number): boolean {
  let low = 0
  let high = runs.length >> 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (runs[2 * middle + 1]! < position) low = middle + 1
    else high = middle
  }
  return 2 * low < runs.length && runs[2 * low]! <= position
}

/**
 * Index of the first of ascending `numbers`, from index `from` on, that is not below `least`; their length when all are
 * below. Takes steps that double, so that what lies near is found soon.
 */
export function firstAtLeast(numbers: readonly number[], least: number, from = 0): number {
  let low = from
  let high = from
  for (let step = 1; high < numbers.length && numbers[high]! < least; step *= 2) {
    low = high + 1
    high += step
  }
  if (high > numbers.length) high = numbers.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
