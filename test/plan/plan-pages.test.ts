import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pageLines, readPage, readShape } from '../../shared/campaign/plan.ts'
import { messageComposer } from '../../shared/campaign/plan-message.ts'
import { maxMessageJsonBytes } from '../../shared/campaign/plan-pages.ts'
import { BATCH_RECIPIENTS, PAGE_BATCHES } from '../../shared/campaign/plan-size.ts'
import { MAX_LINE_BYTES, PlanLine } from '../../shared/contracts/dispatch.ts'
import { aMessage, aTemplate, head, numberAt, pack, textOfPage } from './plan.factory.ts'

const hello = aMessage('Dear customer, hello')
const times = <T>(count: number, item: T): T[] => Array<T>(count).fill(item)

describe('PagePacker', () => {
  it('writes each batch as a plan line with the keys in the order of the contract', () => {
    const [page] = pack([hello, aMessage('नमस्ते "A"')]).pages
    const line = pageLines(textOfPage(page!))[0]!
    const contract: PlanLine = {
      v: 1,
      campaign: head.campaign,
      plan: head.plan,
      page: 0,
      batch: 0,
      lane: head.lane,
      header: head.header,
      entity: head.entity,
      template: head.template,
      messages: [
        { i: 0, to: numberAt(0), dc: 0, parts: ['Dear customer, hello'] },
        { i: 1, to: numberAt(1), dc: 8, parts: ['नमस्ते "A"'] },
      ],
    }
    expect(line).toBe(JSON.stringify(contract))
    expect(Object.keys(PlanLine.parse(JSON.parse(line)))).toEqual(Object.keys(contract))
  })

  it('closes a batch at a hundred recipients and a page at fifty batches', () => {
    const full = BATCH_RECIPIENTS * PAGE_BATCHES
    const { pages, packer } = pack(times(full + 1, hello))
    expect(pages.map(({ page, recipients }) => [page, recipients])).toEqual([
      [0, full],
      [1, 1],
    ])
    const lines = pages.map((page) => readPage(textOfPage(page)))
    expect(lines[0]!.map(({ batch, messages }) => [batch, messages.length])).toEqual(
      Array.from({ length: PAGE_BATCHES }, (_, batch) => [batch, BATCH_RECIPIENTS]),
    )
    expect(lines[1]).toMatchObject([{ page: 1, batch: 0, messages: [{ i: 0, to: numberAt(full) }] }])
    expect(packer.batchStarts).toHaveLength(PAGE_BATCHES + 1)
  })

  it('answers no page when nobody was added', () => {
    expect(pack([]).pages).toEqual([])
  })

  it('never writes a line longer than an SQS body has room for, and every message once and in order', () => {
    const text = fc.constantFrom(
      'x'.repeat(900),
      'नमस्ते '.repeat(60),
      '👋'.repeat(200),
      'short',
      '\n"\\'.repeat(100),
    )
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 250 }), (texts) => {
        const { pages } = pack(texts.map(aMessage))
        const lines = pages.flatMap((page) => pageLines(textOfPage(page)))
        for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_LINE_BYTES)
        const messages = pages.flatMap((page) => readPage(textOfPage(page))).flatMap((line) => line.messages)
        expect(messages.map(({ to, parts }) => [to, parts.join('')])).toEqual(
          texts.map((sent, n) => [numberAt(n), sent]),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('has room for one message of the size it promises', () => {
    const room = maxMessageJsonBytes(head)
    // Control characters take six bytes each in JSON, so a text of few segments can fill a line.
    const overhead = Buffer.byteLength('"dc":8,"parts":[""]}')
    const compose = (length: number) => messageComposer(aTemplate('\u0001'.repeat(length)), 8, room)([])
    const longest = Math.floor((room - overhead) / 6.05)
    const composed = compose(longest)
    if (!composed.ok) throw new Error(composed.message)
    const { pages } = pack([hello, composed.message, hello])
    const lines = pageLines(textOfPage(pages[0]!))
    expect(lines).toHaveLength(3)
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(MAX_LINE_BYTES)
    expect(compose(longest + 200)).toMatchObject({ ok: false, code: 'message_too_long' })
  })

  it('writes the parts of each message into the shape', () => {
    const { pages } = pack([...times(BATCH_RECIPIENTS, hello), aMessage('x'.repeat(400)), hello])
    expect(readShape(pages[0]!.shape)).toEqual({
      v: 1,
      page: 0,
      batches: [times(BATCH_RECIPIENTS, 1), [3, 1]],
    })
  })
})
