/**
 * The child's side: tells the parent that the process is ready, and stops it on SIGTERM, SIGINT or the parent's end,
 * whichever comes first.
 */
export function runUntilAsked(ready: Record<string, unknown>, stop: () => Promise<void>): void {
  let stopping = false
  const end = () => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
  process.once('disconnect', end)
  process.send?.({ kind: 'started', ...ready })
}
