/** What happened, in order: so that a violation can be told with the history of its message. */
export interface Entry {
  atMs: number
  who: string
  what: string
  /** `campaign#page#batch` or a number, when the entry is about one. */
  about: string | null
}

export class Journal {
  readonly entries: Entry[] = []
  /** Everything any part of the platform logged, as text. */
  readonly logLines: string[] = []
  readonly #startMs = performance.now()

  nowMs(): number {
    return performance.now() - this.#startMs
  }

  add(who: string, what: string, about: string | null = null): void {
    this.entries.push({ atMs: this.nowMs(), who, what, about })
  }

  log(who: string, line: string): void {
    this.logLines.push(line)
    this.add(who, line)
  }

  /** What is about one of these things, and every fault, in order. */
  history(about: ReadonlySet<string>): string[] {
    return this.entries
      .filter((entry) => entry.who === 'fault' || (entry.about !== null && about.has(entry.about)))
      .map(({ atMs, who, what }) => `${atMs.toFixed(0).padStart(6)} ms  ${who.padEnd(10)} ${what}`)
  }
}
