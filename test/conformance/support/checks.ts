/** The checks of a peer, one a line as in the Test Anything Protocol: `ok - name`, `not ok - name`, `# remark`. */

/** Says whether something holds, with what was found. A check that does not hold makes the process fail at its end. */
export function check(name: string, holds: boolean, found: unknown): void {
  const detail = typeof found === 'string' ? found : JSON.stringify(found)
  console.log(`${holds ? 'ok' : 'not ok'} - ${name} (${detail})`)
  if (!holds) process.exitCode = 1
}

export function checkEqual(name: string, found: unknown, expected: unknown): void {
  const [foundText, expectedText] = [JSON.stringify(found), JSON.stringify(expected)]
  const holds = foundText === expectedText
  check(name, holds, holds ? `${foundText}` : `${foundText}, expected ${expectedText}`)
}

/** A rule over many things: holds when some were seen and none is wrong. */
export function checkEvery(name: string, seen: number, wrong: readonly string[]): void {
  const found = wrong.length > 0 ? `${wrong.length} of ${seen} wrong, first ${wrong[0]}` : `${seen} seen`
  check(name, seen > 0 && wrong.length === 0, found)
}

/** What is worth knowing about a peer and proves nothing about us. */
export function remark(text: string): void {
  console.log(`# ${text}`)
}
