/** One claim, one SQS message: small enough to be sent within a lease, large enough to make both cheap. */
export const BATCH_RECIPIENTS = 100
/** One partition of the ledger, one summary. */
export const PAGE_BATCHES = 50
