/**
 * Writes a plan while the upload is being read. Page by page as they fill, rejected rows as they come, then the index,
 * and the manifest last: what has no manifest does not count, and a retry writes every key again, to the same bytes.
 */
import type { PlanManifest } from '../../shared/campaign/plan.ts'
import { indexShards } from '../../shared/campaign/plan-index.ts'
import {
  duplicatesKey,
  indexShardKey,
  invalidKey,
  manifestKey,
  pageKey,
  shapeKey,
  suppressedKey,
} from '../../shared/campaign/plan-keys.ts'
import type { ComposedMessage } from '../../shared/campaign/plan-message.ts'
import { PagePacker, type PlanHead, type PlanPage } from '../../shared/campaign/plan-pages.ts'
import type { PlanSummary } from '../../shared/campaign/record.ts'
import type { NumberTable } from '../../shared/csv/dedupe.ts'
import type { RecipientChunk } from '../../shared/csv/recipients.ts'
import type { RejectedRowsFormat } from '../../shared/csv/rejected-rows.ts'
import type { ObjectStore } from '../../shared/ports.ts'
import { BoundedWrites } from './bounded-writes.ts'
import { StreamedObject } from './streamed-object.ts'

/** A page of 5,000 recipients is about 1 MB, so this bounds memory as well. */
const WRITES_IN_FLIGHT = 8
const JSON_LINES = 'application/jsonl'
const JSON_TEXT = 'application/json'
const CSV = 'text/csv; charset=utf-8'

export class PlanWriter {
  readonly #objects: ObjectStore
  readonly #head: PlanHead
  readonly #packer: PagePacker
  readonly #rejected: RejectedRowsFormat
  readonly #invalid: StreamedObject
  readonly #duplicates: StreamedObject
  readonly #suppressed: StreamedObject
  readonly #writes = new BoundedWrites(WRITES_IN_FLIGHT)
  readonly #recipientsPerPage: number[] = []

  constructor(objects: ObjectStore, head: PlanHead, rejected: RejectedRowsFormat) {
    const { campaign, plan } = head
    this.#objects = objects
    this.#head = head
    this.#packer = new PagePacker(head)
    this.#rejected = rejected
    this.#invalid = new StreamedObject(objects, invalidKey(campaign, plan), CSV)
    this.#duplicates = new StreamedObject(objects, duplicatesKey(campaign, plan), CSV)
    this.#suppressed = new StreamedObject(objects, suppressedKey(campaign, plan), CSV)
  }

  async start(): Promise<void> {
    for (const file of this.#files) await file.write(this.#rejected.start)
  }

  async add(chunk: RecipientChunk<ComposedMessage>): Promise<void> {
    for (const { msisdn, message } of chunk.accepted) {
      const page = this.#packer.add(msisdn, message)
      if (page !== null) await this.#writePage(page)
    }
    if (chunk.refused.length > 0) {
      await this.#invalid.write(chunk.refused.map((row) => this.#rejected.invalid(row)).join(''))
    }
    if (chunk.duplicates.length > 0) {
      await this.#duplicates.write(chunk.duplicates.map((row) => this.#rejected.duplicate(row)).join(''))
    }
    if (chunk.suppressed.length > 0) {
      await this.#suppressed.write(chunk.suppressed.map((row) => this.#rejected.suppressed(row)).join(''))
    }
  }

  /** Everything but the manifest. */
  async finish(
    numbers: NumberTable,
    { segments, fileHash }: Pick<PlanSummary, 'segments' | 'fileHash'>,
  ): Promise<PlanSummary> {
    const { campaign, plan } = this.#head
    const last = this.#packer.finish()
    if (last !== null) await this.#writePage(last)
    for (const { shard, lines } of indexShards(numbers, this.#packer.batchStarts)) {
      await this.#put(indexShardKey(campaign, plan, shard), lines, CSV)
    }
    await Promise.all([this.#writes.drain(), ...this.#files.map((file) => file.end())])
    return {
      id: plan,
      pages: this.#recipientsPerPage.length,
      batches: this.#packer.batchStarts.length,
      recipients: numbers.size,
      segments,
      fileHash,
      recipientsPerPage: this.#recipientsPerPage,
    }
  }

  async complete(manifest: PlanManifest): Promise<void> {
    const key = manifestKey(this.#head.campaign, this.#head.plan)
    await this.#objects.put(key, JSON.stringify(manifest), { contentType: JSON_TEXT })
  }

  /** Lets go of everything; what was written stays and does not count. */
  async abort(reason: Error): Promise<void> {
    await Promise.allSettled([this.#writes.drain(), ...this.#files.map((file) => file.abort(reason))])
  }

  get #files(): StreamedObject[] {
    return [this.#invalid, this.#duplicates, this.#suppressed]
  }

  async #writePage({ page, recipients, lines, shape }: PlanPage): Promise<void> {
    const { campaign, plan } = this.#head
    this.#recipientsPerPage.push(recipients)
    await this.#put(pageKey(campaign, plan, page), lines, JSON_LINES)
    await this.#put(shapeKey(campaign, plan, page), shape, JSON_TEXT)
  }

  #put(key: string, body: string | Uint8Array, contentType: string): Promise<void> {
    return this.#writes.start(() => this.#objects.put(key, body, { contentType }))
  }
}
