/** Faults of connections. Some last, the others happen at once. */
import { z } from 'zod'
import { TARGET, WHOSE } from './chance.ts'
import { Milliseconds } from './latency.ts'

/** What connections suffer while it lasts. */
export const ConnectionFault = z.discriminatedUnion('fault', [
  /**
   * Half-open TCP: the connections open at that moment are neither read nor written any more, nor closed. They come
   * back to life when it ends; new ones are not concerned.
   */
  z.strictObject({ fault: z.literal('half-open'), ...TARGET }),
  /**
   * A slow reader: after each read it reads nothing for `pauseMs`, or nothing at all when not told, so the peer's TCP
   * window goes to zero. It still writes. New connections are not concerned.
   */
  z.strictObject({ fault: z.literal('slow-reader'), pauseMs: Milliseconds.optional(), ...TARGET }),
  /** Never answers enquire_link. */
  z.strictObject({ fault: z.literal('ignore-enquire'), ...WHOSE }),
])
export type ConnectionFault = z.infer<typeof ConnectionFault>

/** What happens to connections at once. */
export const ConnectionStrike = z.discriminatedUnion('fault', [
  /** Closes connections without a word: orderly, or with a TCP reset. */
  z.strictObject({
    fault: z.literal('disconnect'),
    how: z.enum(['close', 'reset']).default('close'),
    ...TARGET,
  }),
  /** Writes the first half of the next PDU it would send, and closes. */
  z.strictObject({ fault: z.literal('cut-mid-pdu'), ...TARGET }),
  /** Closes all connections and refuses new ones for a while. */
  z.strictObject({ fault: z.literal('restart'), downMs: Milliseconds.default(1_000) }),
  /** Sends unbind. */
  z.strictObject({ fault: z.literal('unbind'), ...TARGET }),
  /** Sends random octets. */
  z.strictObject({
    fault: z.literal('garbage'),
    octets: z.number().int().min(1).max(10_000_000).default(64),
    ...TARGET,
  }),
  /** Sends an enquire_link (16 octets) whose command_length says otherwise. */
  z.strictObject({
    fault: z.literal('wrong-length'),
    length: z.number().int().min(0).max(0xffff_ffff).default(8),
    ...TARGET,
  }),
  /** Sends a deliver_sm far longer than any may be. */
  z.strictObject({
    fault: z.literal('oversized'),
    octets: z.number().int().min(17).max(10_000_000).default(100_000),
    ...TARGET,
  }),
  /** Sends a deliver_sm of the right length whose body ends in the middle of a field. */
  z.strictObject({ fault: z.literal('malformed'), ...TARGET }),
])
export type ConnectionStrike = z.infer<typeof ConnectionStrike>
