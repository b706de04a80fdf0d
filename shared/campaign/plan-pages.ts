/**
 * Messages → batches → pages, as JSON in UTF-8. Deterministic: the same rows give the same bytes, so a check that was
 * killed and starts again overwrites what it wrote with itself. The JSON is put together by hand, in the key order of
 * {@link PlanLine}: serialising an object for every message would take as long as all the rest.
 */
import { MAX_LINE_BYTES, type PlanLine } from '../contracts/dispatch.ts'
import type { Msisdn } from '../ids.ts'
import type { ComposedMessage } from './plan-message.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from './plan-size.ts'

/** What all lines of a plan have in common. */
export type PlanHead = Pick<PlanLine, 'campaign' | 'plan' | 'lane' | 'header' | 'entity' | 'template'>

export interface PlanPage {
  page: number
  recipients: number
  /** Plan lines in UTF-8, each ended by a line feed. */
  lines: Uint8Array
  /** JSON of {@link PageShape}. */
  shape: string
}

const LINE_END = ']}\n'
/** The start of a message's JSON up to its number, with the comma before it; by index in the batch. */
const MESSAGE_STARTS = Array.from(
  { length: BATCH_RECIPIENTS },
  (_, i) => `${i === 0 ? '' : ','}{"i":${i},"to":"`,
)
const AFTER_NUMBER = '",'
/** All of a message but {@link ComposedMessage.jsonEnd}, at most: a number has up to 15 digits (ITU-T E.164). */
const MESSAGE_START_BYTES = MESSAGE_STARTS.at(-1)!.length + 15 + AFTER_NUMBER.length

function lineStart(head: PlanHead, page: number, batch: number): string {
  const { campaign, plan, lane, header, entity, template } = head
  const common = JSON.stringify({ v: 1, campaign, plan, page, batch, lane, header, entity, template })
  return `${common.slice(0, -1)},"messages":[`
}

/** Room for messages in a line, frames included; the same for every line, whatever its number. */
function messagesRoomBytes(head: PlanHead): number {
  return MAX_LINE_BYTES - Buffer.byteLength(lineStart(head, 999_999, PAGE_BATCHES - 1)) - LINE_END.length
}

/** Longest JSON of one message that a line can hold. */
export function maxMessageJsonBytes(head: PlanHead): number {
  return messagesRoomBytes(head) - MESSAGE_START_BYTES
}

/** Packs recipients, in the order of the file, into batches and pages. */
export class PagePacker {
  /** Ordinal of the first recipient of each batch of the plan. */
  readonly batchStarts: number[] = []
  readonly #head: PlanHead
  readonly #roomBytes: number
  readonly #text = new PageText()
  #recipients = 0
  #page: OpenPage = { page: 0, recipients: 0, shapes: [] }
  #batch: OpenBatch = { bytes: 0, parts: [] }

  constructor(head: PlanHead) {
    this.#head = head
    this.#roomBytes = messagesRoomBytes(head)
  }

  /** Adds the next recipient; answers the page before it, when that is full. */
  add(to: Msisdn, message: ComposedMessage): PlanPage | null {
    const bytes = MESSAGE_START_BYTES + message.jsonEndBytes
    const isFull =
      this.#batch.parts.length === BATCH_RECIPIENTS || this.#batch.bytes + bytes > this.#roomBytes
    const page = isFull ? this.#closeBatch() : null
    const i = this.#batch.parts.length
    if (i === 0) this.#openBatch()
    this.#text.add(MESSAGE_STARTS[i]! + to + AFTER_NUMBER + message.jsonEnd, message.dataCoding === 8)
    this.#batch.parts.push(message.segments)
    this.#batch.bytes += bytes
    this.#recipients++
    return page
  }

  /** The last page; null when nobody was added. */
  finish(): PlanPage | null {
    if (this.#batch.parts.length === 0) return null
    return this.#closeBatch() ?? this.#closePage()
  }

  #openBatch(): void {
    this.batchStarts.push(this.#recipients)
    this.#text.add(lineStart(this.#head, this.#page.page, this.#page.shapes.length), false)
  }

  #closeBatch(): PlanPage | null {
    this.#text.add(LINE_END, false)
    this.#text.encode()
    this.#page.shapes.push(JSON.stringify(this.#batch.parts))
    this.#page.recipients += this.#batch.parts.length
    this.#batch = { bytes: 0, parts: [] }
    return this.#page.shapes.length === PAGE_BATCHES ? this.#closePage() : null
  }

  #closePage(): PlanPage {
    const { page, recipients, shapes } = this.#page
    this.#page = { page: page + 1, recipients: 0, shapes: [] }
    const shape = `{"v":1,"page":${page},"batches":[${shapes.join(',')}]}`
    return { page, recipients, lines: this.#text.take(), shape }
  }
}

interface OpenPage {
  page: number
  recipients: number
  /** JSON of the parts of each closed batch. */
  shapes: string[]
}

interface OpenBatch {
  /** What its messages take. */
  bytes: number
  /** Segments of each of its messages. */
  parts: number[]
}

/**
 * The text of a page as it grows. It is encoded run by run: text of one-byte characters is copied as it is, so messages
 * in other scripts, which V8 keeps as UTF-16, are runs of their own.
 */
class PageText {
  readonly #bytes = Buffer.allocUnsafe(PAGE_BATCHES * (MAX_LINE_BYTES + LINE_END.length))
  #length = 0
  #run = ''

  add(text: string, isUnicode: boolean): void {
    if (isUnicode) this.encode()
    this.#run += text
    if (isUnicode) this.encode()
  }

  encode(): void {
    this.#length += this.#bytes.write(this.#run, this.#length)
    this.#run = ''
  }

  /** The page's bytes; the next page starts empty. */
  take(): Uint8Array {
    const page = new Uint8Array(this.#bytes.subarray(0, this.#length))
    this.#length = 0
    return page
  }
}
