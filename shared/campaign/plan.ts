/**
 * The plan of a campaign as it lies in the object store, and how it is read. A plan is immutable: pages of 50 batches
 * of at most 100 recipients, with the shape of each page beside it, an index by number, and a manifest written last.
 */
import { z } from 'zod'
import { PlanLine } from '../contracts/dispatch.ts'
import { CampaignId, type Msisdn } from '../ids.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from './plan-size.ts'
import { CheckNumbers, PlanSummary } from './record.ts'

/** A million rows with long texts stay below; more would not be compiled within a Lambda's 15 minutes. */
export const MAX_UPLOAD_BYTES = 512 * 1024 * 1024

/** How many parts each message has, by batch: what settling must know of a page, at a hundredth of its size. */
export const PageShape = z.object({
  v: z.literal(1),
  page: z.number().int().min(0),
  batches: z.array(z.array(z.number().int().min(1).max(255)).min(1).max(BATCH_RECIPIENTS)).max(PAGE_BATCHES),
})
export type PageShape = z.infer<typeof PageShape>

/** What a complete check found: makes a repeated one short, and the plan readable without the registry. */
export const PlanManifest = z.object({
  v: z.literal(1),
  campaign: CampaignId,
  plan: PlanSummary,
  numbers: CheckNumbers,
})
export type PlanManifest = z.infer<typeof PlanManifest>

/** The lines of a page as they stand: what travels to the worker and is hashed. */
export function pageLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

/** @throws ZodError or SyntaxError when the text is not a page. */
export function readPage(text: string): PlanLine[] {
  return pageLines(text).map((line) => PlanLine.parse(JSON.parse(line)))
}

/** @throws ZodError or SyntaxError when the text is not a shape. */
export function readShape(text: string): PageShape {
  return PageShape.parse(JSON.parse(text))
}

/** @throws ZodError or SyntaxError when the text is not a manifest. */
export function readManifest(text: string): PlanManifest {
  return PlanManifest.parse(JSON.parse(text))
}

/** Where a recipient's message is in a plan. */
export interface PlanPlace {
  page: number
  batch: number
  i: number
}

/** Looks a number up in the index shard it belongs to; null when it is not in the plan. */
export function findInIndex(text: string, msisdn: Msisdn): PlanPlace | null {
  const start = text.startsWith(`${msisdn},`) ? 0 : text.indexOf(`\n${msisdn},`) + 1
  if (start === 0 && !text.startsWith(`${msisdn},`)) return null
  const end = text.indexOf('\n', start)
  const [, page, batch, i] = text.slice(start, end).split(',').map(Number)
  return { page: page!, batch: batch!, i: i! }
}
