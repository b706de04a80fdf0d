import { z } from 'zod'
import type { Random } from './random.ts'

export const Milliseconds = z.number().min(0).max(86_400_000)

/** How long something takes, as a distribution. */
export const Latency = z.union([
  /** Always the same. */
  z.strictObject({ fixedMs: Milliseconds }),
  /** Anything in between, equally likely. */
  z
    .strictObject({ min: Milliseconds, max: Milliseconds })
    .refine((range) => range.min <= range.max, { message: 'min must not exceed max' }),
  /** A few values by weight. */
  z.strictObject({
    mix: z
      .array(z.strictObject({ ms: Milliseconds, weight: z.number().min(0) }))
      .refine((parts) => parts.some((part) => part.weight > 0), {
        message: 'at least one part of the mix needs a weight above 0',
      }),
  }),
  /** Log-normal: half take less than the median; with a sigma of 1 one in twenty takes five times as long. */
  z.strictObject({
    medianMs: Milliseconds,
    sigma: z.number().min(0).max(5).default(1),
    capMs: Milliseconds.default(60_000),
  }),
  /** Pareto, the heavy tail: never less than the floor, and the smaller alpha the worse; below 1 it has no mean. */
  z.strictObject({
    floorMs: Milliseconds,
    alpha: z.number().min(0.1).max(10).default(1.2),
    capMs: Milliseconds.default(60_000),
  }),
])
export type Latency = z.infer<typeof Latency>

/** What a gateway at its busiest hour looks like: four in five answers at once, one in twenty after a second. */
export const BUSY_HOUR: Latency = {
  mix: [
    { ms: 10, weight: 80 },
    { ms: 100, weight: 15 },
    { ms: 1_000, weight: 5 },
  ],
}

/** One value of the distribution, in milliseconds. */
export function drawLatencyMs(latency: Latency, random: Random): number {
  if ('fixedMs' in latency) return latency.fixedMs
  if ('min' in latency) return latency.min + (latency.max - latency.min) * random()
  if ('mix' in latency) return drawMix(latency.mix, random())
  if ('medianMs' in latency)
    return Math.min(latency.capMs, latency.medianMs * Math.exp(latency.sigma * normal(random)))
  return Math.min(latency.capMs, latency.floorMs * (1 - random()) ** (-1 / latency.alpha))
}

function drawMix(mix: readonly { ms: number; weight: number }[], at: number): number {
  let left = at * mix.reduce((sum, { weight }) => sum + weight, 0)
  for (const { ms, weight } of mix) {
    if (left < weight) return ms
    left -= weight
  }
  return mix.at(-1)!.ms
}

/** Standard normal, by Box and Muller. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
