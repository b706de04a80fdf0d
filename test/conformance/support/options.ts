import { parseArgs } from 'node:util'

/** What `run.sh` tells a peer: where it may write, and where what was installed for it lies. */
export interface PeerOptions {
  /** Emptied after the run. */
  folder: string
  /** Kept between runs. */
  cache: string
}

export function peerOptions(argv = process.argv.slice(2)): PeerOptions {
  const { values } = parseArgs({
    args: argv,
    options: {
      folder: { type: 'string' },
      cache: { type: 'string' },
    },
  })
  const { folder, cache } = values
  if (folder === undefined || cache === undefined) throw new Error('run it through npm run test:conformance')
  return { folder, cache }
}
