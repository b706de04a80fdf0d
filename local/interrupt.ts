/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm. What comes later than this is another one. */
const ECHO_MS = 1_000

/** Resolves at the first SIGINT or SIGTERM. A second one, by a human who will not wait, ends the process at once. */
export function untilInterrupted(): Promise<void> {
  let firstAtMs: number | null = null
  return new Promise((resolve) => {
    const interrupted = () => {
      firstAtMs ??= performance.now()
      if (performance.now() - firstAtMs > ECHO_MS) process.exit(130)
      resolve()
    }
    process.on('SIGINT', interrupted)
    process.on('SIGTERM', interrupted)
  })
}
