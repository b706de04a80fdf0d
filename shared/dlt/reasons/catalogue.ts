/** Every reason a message can fail for, once. Codes, words and dialects only point here. */
import { CONTENT_REASONS } from './content-reasons.ts'
import { DELIVERY_REASONS } from './delivery-reasons.ts'
import { OWN_REASONS } from './own-reasons.ts'
import type { Reason } from './reason.ts'
import { REGISTRY_REASONS } from './registry-reasons.ts'

const ALL = { ...REGISTRY_REASONS, ...CONTENT_REASONS, ...DELIVERY_REASONS, ...OWN_REASONS }

/** Stable: programs may depend on it. Reasons are added, never renamed. */
export type ReasonSlug = keyof typeof ALL

export const REASONS: Readonly<Record<ReasonSlug, Reason>> = ALL
export const REASON_SLUGS = Object.keys(REASONS) as [ReasonSlug, ...ReasonSlug[]]
