/**
 * Preloaded into every process of the platform: when the parent is gone, however it went, its pipe closes and the
 * child may say goodbye to nobody but itself. Whatever drains on `disconnect` has this long; then it ends.
 */
const LAST_WORDS_MS = 5_000

process.once('disconnect', () => {
  setTimeout(() => process.exit(1), LAST_WORDS_MS).unref()
  process.kill(process.pid, 'SIGTERM')
})
// Waiting for that must not keep a process alive that has nothing more to do.
process.channel?.unref()
