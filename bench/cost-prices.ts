/** What AWS asks, and what an amount of use comes to. Pure, but for reading `prices.json`. */
import { z } from 'zod'
import file from './prices.json' with { type: 'json' }

const Price = z.object({
  service: z.string(),
  /** For so many units: as the source gives it. */
  usd: z.number().positive(),
  per: z.number().positive(),
  unit: z.string(),
  source: z.url(),
  /** When somebody last read this figure at its source; null is from memory. */
  seen: z.string().nullable(),
})

export type PriceName = keyof typeof file.prices

/** How much was used of what is billed, in the units of `prices.json`. */
export type Usage = Partial<Record<PriceName, number>>

const PRICES = z.record(z.string(), Price).parse(file.prices) as Record<PriceName, z.infer<typeof Price>>

export const PRICES_OF = `list prices of ${file.region} as of ${file.asOf}`

/** USD by service, in the order of the price list; services that come to nothing are left out. */
export function billOf(usage: Usage): Map<string, number> {
  const bill = new Map<string, number>()
  for (const [name, { service, usd, per }] of Object.entries(PRICES)) {
    const quantity = usage[name as PriceName] ?? 0
    if (quantity > 0) bill.set(service, (bill.get(service) ?? 0) + (quantity * usd) / per)
  }
  return bill
}

/** USD. */
export const totalOf = (usage: Usage): number =>
  [...billOf(usage).values()].reduce((sum, usd) => sum + usd, 0)

export function times(usage: Usage, factor: number): Usage {
  return Object.fromEntries(Object.entries(usage).map(([name, quantity]) => [name, quantity * factor]))
}

export function plus(...usages: readonly Usage[]): Usage {
  const sum: Usage = {}
  for (const usage of usages)
    for (const [name, quantity] of Object.entries(usage)) add(sum, name as PriceName, quantity)
  return sum
}

export function add(usage: Usage, name: PriceName, quantity: number): void {
  usage[name] = (usage[name] ?? 0) + quantity
}
