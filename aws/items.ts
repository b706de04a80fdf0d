import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import type { z } from 'zod'
import type { EpochMs } from '../shared/ids.ts'
import { UnreadableItem } from './errors.ts'
import { TTL_ATTRIBUTE } from './tables.ts'

/** An item as the low-level client wants it: no marshalling in the hot path. */
export type Item = Record<string, AttributeValue>
export type Key = { pk: AttributeValue.SMember; sk: AttributeValue.SMember }

export const text = (value: string): AttributeValue.SMember => ({ S: value })
export const number = (value: number): AttributeValue.NMember => ({ N: String(value) })
export const key = (pk: string, sk: string): Key => ({ pk: text(pk), sk: text(sk) })

/** Attributes sort as text: pages and times are padded so that text order is number order. */
export const padded = (value: number, digits: number): string => String(value).padStart(digits, '0')

export function textOf(item: Item, name: string): string {
  const value = item[name]?.S
  if (value === undefined) throw missing(item, name)
  return value
}

export function numberOf(item: Item, name: string): number {
  const value = item[name]?.N
  if (value === undefined) throw missing(item, name)
  return Number(value)
}

/** A record as one document; {@link docOf} reads it. */
export const docItem = (at: Key, record: object): Item => ({ ...at, doc: text(JSON.stringify(record)) })

/** The JSON in attribute `name`, checked by `schema`. @throws UnreadableItem */
export function docOf<T>(item: Item, name: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(JSON.parse(textOf(item, name)))
  if (!parsed.success) {
    throw new UnreadableItem(`${placeOf(item)}: "${name}" is not what this version writes.`, {
      cause: parsed.error,
    })
  }
  return parsed.data
}

const DAY_MS = 86_400_000

/** Whole days, so that a slice written twice is the same item byte for byte. */
export function ttlAfter(now: EpochMs, days: number): AttributeValue.NMember {
  return number(((Math.floor(now / DAY_MS) + 1 + days) * DAY_MS) / 1000)
}

/** DynamoDB removes items up to days after their ttl; until then they count as absent. */
export function isAlive(item: Item, now: EpochMs): boolean {
  const ttl = item[TTL_ATTRIBUTE]?.N
  return ttl === undefined || Number(ttl) * 1000 > now
}

const placeOf = (item: Item) => `Item ${item.pk?.S ?? '?'} / ${item.sk?.S ?? '?'}`

const missing = (item: Item, name: string) =>
  new UnreadableItem(`${placeOf(item)} lacks "${name}": is this table another application's?`)
