/** Large enough for what a bind writes in one turn, small enough to waste little on a bind that writes seldom. */
const SLAB_OCTETS = 64 * 1024

/**
 * Collects small writes into one. At thousands of PDUs a second a system call each is what costs; copying some 200
 * octets is not. Slabs are filled once from front to back, so what was taken never changes under the socket.
 */
export class WriteBatch {
  #slab: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0
  /** What was filled before the present slab and is not taken yet. */
  #full: Buffer[] = []
  #octets = 0

  get octets(): number {
    return this.#octets
  }

  /** Takes a copy. */
  push(octets: Buffer): void {
    if (this.#slab.length - this.#end < octets.length) this.#nextSlab(octets.length)
    this.#slab.set(octets, this.#end)
    this.#end += octets.length
    this.#octets += octets.length
  }

  /** Everything pushed since the last time, in order, in as few Buffers as there are slabs. */
  take(): Buffer[] {
    const taken = this.#full
    if (this.#end > this.#start) taken.push(this.#slab.subarray(this.#start, this.#end))
    this.#start = this.#end
    this.#full = []
    this.#octets = 0
    return taken
  }

  #nextSlab(atLeast: number): void {
    if (this.#end > this.#start) this.#full.push(this.#slab.subarray(this.#start, this.#end))
    this.#slab = Buffer.allocUnsafeSlow(Math.max(SLAB_OCTETS, atLeast))
    this.#start = 0
    this.#end = 0
  }
}
