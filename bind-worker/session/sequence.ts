/** Sequence numbers run from 1 to this and start again (SMPP 3.4 §3.2, §5.1.4). */
export const MAX_SEQUENCE = 0x7fff_ffff

/** The sequence number after `previous`, passing over those a response may still come for. */
export function nextSequence(previous: number, isTaken: (sequence: number) => boolean): number {
  let sequence = previous
  do {
    sequence = sequence >= MAX_SEQUENCE ? 1 : sequence + 1
  } while (isTaken(sequence))
  return sequence
}
