/** `items` in runs of at most `size`. */
export function chunked<T>(items: readonly T[], size: number): T[][] {
  const chunks: T[][] = []
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size))
  return chunks
}

/** Works through `items`, at most `limit` at a time; the first failure is thrown once all that began have ended. */
export async function eachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < items.length) await work(items[next++] as T)
  }
  const lanes = Array.from({ length: Math.min(limit, items.length) }, lane)
  const failed = (await Promise.allSettled(lanes)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
