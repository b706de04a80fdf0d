import type { Lane } from '../contracts/route.ts'

/**
 * Whether a tenant's suppression list holds for messages of this lane. It does not for `otp`, the lane of category
 * transactional alone: those are the bank's one-time passwords, which DLT lets through whatever the subscriber's
 * preferences say (facts A3), and whoever asked for one is locked out without it. Service and government messages pass
 * DLT as freely, but what a tenant's own customers have asked it to stop, it stops.
 */
export const suppressionApplies = (lane: Lane): boolean => lane !== 'otp'
