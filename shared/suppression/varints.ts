/** Integers up to 2^53 as varints: seven bits an octet, low ones first, the high bit says that more follow. */

const MAX_OCTETS = 8
const MORE = 0x80
/** Integers below this are written and read with the machine's own arithmetic. */
const SMALL = 2 ** 31

/** Writes at most `count` integers. */
export function varintWriter(count: number): { write: (value: number) => void; written: () => Uint8Array } {
  const octets = new Uint8Array(MAX_OCTETS * count)
  let length = 0
  const write = (value: number): void => {
    let rest = value
    for (; rest >= SMALL; rest = Math.floor(rest / MORE)) octets[length++] = (rest % MORE) | MORE
    for (; rest >= MORE; rest >>= 7) octets[length++] = (rest & 0x7f) | MORE
    octets[length++] = rest
  }
  return { write, written: () => octets.slice(0, length) }
}

/** `damaged` makes what is thrown when the octets end within an integer. */
export function varintReader(
  octets: Uint8Array,
  damaged: (what: string) => Error,
): { read: () => number; octetsLeft: () => number } {
  let at = 0
  const read = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= MORE) {
      const octet = octets[at++]
      if (octet === undefined) throw damaged('it ends in the middle')
      value += (octet & 0x7f) * scale
      if (octet < MORE) return value
    }
  }
  return { read, octetsLeft: () => octets.length - at }
}
