import { setTimeout as sleep } from 'node:timers/promises'
import { Child } from './child.ts'

/** dumpcap drops what the kernel has not handed over when it is told to stop; the kernel does so ten times a second. */
const HAND_OVER_MS = 500

/** Wireshark's dumpcap listening on the loopback interface to everything a peer and we say to each other. */
export class Capture {
  readonly file: string
  readonly #dumpcap: Child

  private constructor(file: string, dumpcap: Child) {
    this.file = file
    this.#dumpcap = dumpcap
  }

  /** @throws when dumpcap may not capture; with what it said. */
  static async start(file: string): Promise<Capture> {
    // The buffer holds a whole run, so that nothing is lost while two cores are busy with the peers.
    const args = ['-q', '-i', 'lo', '-B', '64', '-f', 'tcp', '-w', file]
    // It says that it is capturing before it does; the file's name it tells once the interface is open.
    return new Capture(file, await Child.start({ command: 'dumpcap', args, ready: /^File: /m }))
  }

  async stop(): Promise<void> {
    await sleep(HAND_OVER_MS)
    await this.#dumpcap.stop('SIGINT')
  }
}
