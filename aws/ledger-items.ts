import type { BatchKey, BootId, CampaignId, RouteId } from '../shared/ids.ts'
import type { Claim, ParkReason, Slice, UnplacedReceipt } from '../shared/ledger/facts.ts'
import { countBits } from './claim-rules.ts'
import { SliceTooLarge, UnreadableItem } from './errors.ts'
import { type Item, type Key, key, number, numberOf, padded, text, textOf } from './items.ts'

const CLAIM = 'CLAIM#'
const SUMMARY = 'SUM#'

/** Pages are six digits so that they sort. */
export const pagePk = (campaign: CampaignId, page: number): string => `${campaign}#${padded(page, 6)}`
export const claimKey = (of: BatchKey): Key =>
  key(pagePk(of.campaign, of.page), `${CLAIM}${padded(of.batch, 2)}`)
export const unplacedPk = (route: string, idKey: string): string => `R#${route}#${idKey}`
export const numberPk = (route: RouteId | string, msisdn: string): string => `R#${route}#to#${msisdn}`
export const summaryKey = (campaign: CampaignId, page: number): Key =>
  key(campaign, `${SUMMARY}${padded(page, 6)}`)
export const pageOfSummary = (item: Item): number => Number(textOf(item, 'sk').slice(SUMMARY.length))

/** DynamoDB: 400 KB per item, names and keys included; they take far less than the difference. */
const MAX_SLICE_BYTES = 399 * 1024

const PREFIX = { outcomes: 'OUT#', receipts: 'RCPT#' } as const

/** Claim attributes; `parked` is two of them. */
export function claimAttributes(claim: Claim): Item {
  return {
    state: text(claim.state),
    owner: text(claim.owner),
    gen: number(claim.gen),
    crashes: number(claim.crashes),
    leaseUntil: number(claim.leaseUntil),
    reserved: text(claim.reserved),
    bits: number(countBits(claim.reserved)),
    lineHash: text(claim.lineHash),
    ...(claim.parked
      ? { parkReason: text(claim.parked.reason), notBefore: number(claim.parked.notBefore) }
      : {}),
  }
}

export const isClaim = (item: Item): boolean => textOf(item, 'sk').startsWith(CLAIM)

export function claimOf(item: Item, of: Omit<BatchKey, 'batch'>): Claim {
  const reason = item.parkReason?.S as ParkReason | undefined
  return {
    campaign: of.campaign,
    page: of.page,
    batch: Number(textOf(item, 'sk').slice(CLAIM.length)),
    state: textOf(item, 'state') as Claim['state'],
    owner: textOf(item, 'owner') as BootId,
    gen: numberOf(item, 'gen'),
    crashes: numberOf(item, 'crashes'),
    leaseUntil: numberOf(item, 'leaseUntil'),
    reserved: textOf(item, 'reserved'),
    lineHash: textOf(item, 'lineHash'),
    parked: reason ? { reason, notBefore: numberOf(item, 'notBefore') } : null,
  }
}

/** @throws SliceTooLarge when the rows do not fit into one item. */
export function sliceItem(slice: Slice): Item {
  const rows = JSON.stringify({ v: 1, rows: slice.rows })
  const bytes = Buffer.byteLength(rows)
  const sk = `${PREFIX[slice.kind]}${slice.owner}#${padded(slice.n, 6)}`
  if (bytes > MAX_SLICE_BYTES) {
    throw new SliceTooLarge(
      `Slice ${sk} of ${pagePk(slice.campaign, slice.page)} has ${bytes} bytes; an item holds ${MAX_SLICE_BYTES}.`,
    )
  }
  return { ...key(pagePk(slice.campaign, slice.page), sk), data: text(rows) }
}

/** The slice in an item; null when the item is none. @throws UnreadableItem */
export function sliceOf(item: Item, campaign: CampaignId, page: number): Slice | null {
  const sk = textOf(item, 'sk')
  const kind = sk.startsWith(PREFIX.outcomes)
    ? 'outcomes'
    : sk.startsWith(PREFIX.receipts)
      ? 'receipts'
      : null
  if (!kind) return null
  const lastHash = sk.lastIndexOf('#')
  const owner = sk.slice(PREFIX[kind].length, lastHash)
  const data = JSON.parse(textOf(item, 'data')) as { v: number; rows: [] }
  if (data.v !== 1) throw new UnreadableItem(`Slice ${sk} has version ${data.v}; this program reads 1.`)
  return { campaign, page, owner, n: Number(sk.slice(lastHash + 1)), kind, rows: data.rows }
}

/** A receipt nobody could place, under its id: one item per class, of which the later arrival stays. */
export function unplacedItem(receipt: UnplacedReceipt): Item {
  return {
    ...key(unplacedPk(receipt.route, receipt.idKey), receipt.class),
    arrivedAt: number(receipt.arrivedAt),
    data: text(JSON.stringify(receipt)),
  }
}

/** When the latest receipt kept aside on a route arrived: who has a cheap look at it need not look for each id. */
export const lastUnplacedKey = (route: string): Key => key(`R#${route}`, 'last')

/** The same receipt under the number, so that it can be listed; times have 15 digits so that they sort. */
export function arrivalItem(receipt: UnplacedReceipt): Item {
  return {
    ...key(numberPk(receipt.route, receipt.msisdn), `${padded(receipt.arrivedAt, 15)}#${receipt.idKey}`),
    data: text(JSON.stringify(receipt)),
  }
}

export const receiptOf = (item: Item): UnplacedReceipt => JSON.parse(textOf(item, 'data')) as UnplacedReceipt
