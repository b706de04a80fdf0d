import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReceipt, type Receipt, type ReceiptInput, receiptKind } from '../../shared/smpp/receipt.ts'
import { parseReceiptDate } from '../../shared/smpp/receipt-date.ts'
import { receiptText } from '../../shared/smpp/receipt-pdu.ts'
import { classOfStat } from '../../shared/smpp/states.ts'

type Expected = Record<string, string | boolean | null>
interface Sample {
  n: number
  raw: string
  raw_hex?: string
  data_coding?: number
  esm_class?: number
  tlvs?: NonNullable<ReceiptInput['tlvs']>
  expected: Expected
  acceptable_alternatives?: Expected[]
  notes?: string
  tags: string[]
}
const { samples, esm_class_cases, stat_vocabulary } = JSON.parse(
  readFileSync(new URL('vectors/receipts.json', import.meta.url), 'utf8'),
) as {
  samples: Sample[]
  esm_class_cases: { esm_class: string; final_receipt: boolean | null; note: string }[]
  stat_vocabulary: Record<string, string>
}

/** The receipt in the words of the samples. */
function inSampleWords(receipt: Receipt): Expected {
  const reading = (date: string | null) => (date === null ? null : isoMinutes(date))
  return {
    is_receipt: receipt.isReceipt,
    id: receipt.id,
    sub: receipt.sub,
    dlvrd: receipt.dlvrd,
    submit_date: receipt.submitDate,
    done_date: receipt.doneDate,
    stat: receipt.stat,
    err: receipt.err,
    text: receipt.text,
    submit_date_parsed: reading(receipt.submitDate),
    done_date_parsed: reading(receipt.doneDate),
  }
}

function isoMinutes(text: string): string | null {
  const t = parseReceiptDate(text)
  if (!t) return null
  const two = (n: number) => String(n).padStart(2, '0')
  const seconds = t.second === null ? '' : `:${two(t.second)}`
  return `${t.year}-${two(t.month)}-${two(t.day)}T${two(t.hour)}:${two(t.minute)}${seconds}`
}

/** The rule "TLV receipted_message_id beats the text's id" over what a sample's text alone would give. */
const expectedOf = ({ expected, tlvs }: Sample): Expected =>
  tlvs?.receipted_message_id ? { ...expected, id: tlvs.receipted_message_id } : expected

const inputOf = (sample: Sample): ReceiptInput => ({
  text: sample.raw,
  ...(sample.tlvs && { tlvs: sample.tlvs }),
  ...(sample.esm_class !== undefined && { esmClass: sample.esm_class }),
})

function expectSample(sample: Sample, actual: Receipt): void {
  const words = inSampleWords(actual)
  const candidates = [{}, ...(sample.acceptable_alternatives ?? [])].map((alternative) => {
    const wanted: Expected = { ...expectedOf(sample), ...alternative }
    return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== '*'))
  })
  const fits = candidates.some((wanted) => Object.entries(wanted).every(([key, v]) => words[key] === v))
  if (!fits) expect(words).toMatchObject(candidates[0]!)
}

describe('receipts met in the wild', () => {
  it.each(samples.map((sample) => [sample.n, sample.raw.slice(0, 60), sample] as const))(
    'sample %i: %s',
    (_n, _raw, sample) => expectSample(sample, parseReceipt(inputOf(sample))),
  )

  it.each(samples.filter((s) => s.raw_hex).map((s) => [s.n, s] as const))(
    'sample %i reads the same from its octets, whatever data_coding claims',
    (_n, sample) => {
      const octets = Buffer.from(sample.raw_hex!, 'hex')
      for (const dataCoding of [0, 3, 8]) {
        expectSample(sample, parseReceipt({ ...inputOf(sample), text: receiptText(octets, dataCoding) }))
      }
    },
  )

  it('reads 8-bit receipts that are labelled UCS-2', () => {
    const lying = samples.filter((s) => s.tags.includes('dcs-lies'))
    expect(lying.length).toBeGreaterThan(0)
    for (const sample of lying) {
      const text = receiptText(Buffer.from(sample.raw, 'latin1'), 8)
      expectSample(sample, parseReceipt({ ...inputOf(sample), text }))
    }
  })
})

describe('what esm_class says', () => {
  it.each(esm_class_cases.filter((c) => c.final_receipt !== null))(
    '$esm_class ($note) is a final receipt: $final_receipt',
    ({ esm_class, final_receipt }) => {
      expect(receiptKind(Number(esm_class)) === 'receipt').toBe(final_receipt)
    },
  )

  it('never calls an intermediate notification final, whatever its state', () => {
    const receipt = parseReceipt({ text: 'id:7 stat:DELIVRD err:000', esmClass: 0x20 })
    expect(receipt).toMatchObject({ isReceipt: true, stat: 'DELIVRD', final: false })
  })

  it('takes a receipt whose esm_class bits the gateway forgot', () => {
    expect(parseReceipt({ text: 'id:7 stat:DELIVRD err:000', esmClass: 0 })).toMatchObject({
      isReceipt: true,
      final: true,
    })
  })

  it.each(['id: 42', 'my id:5 sub:2 please', 'STOP', 'stat:DELIVRD?'])(
    'takes %j for a message from a subscriber when no bit says receipt',
    (text) => {
      expect(parseReceipt({ text, esmClass: 0 })).toMatchObject({ isReceipt: false, id: null, stat: null })
    },
  )
})

describe('what counts when sources disagree', () => {
  it('lets the TLV id beat the one in the text', () => {
    const receipt = parseReceipt({ text: 'id:111 stat:DELIVRD', tlvs: { receipted_message_id: '6f' } })
    expect(receipt.id).toBe('6f')
  })

  it('lets a message_state of SMPP 3.4 beat a text that says something else', () => {
    expect(parseReceipt({ text: 'id:1 stat:DELIVRD', tlvs: { message_state: 6 } })).toMatchObject({
      stat: 'ACCEPTD',
      final: false,
    })
  })

  it('keeps the word of the gateway when the TLV agrees with it', () => {
    expect(parseReceipt({ text: 'id:1 stat:DELIVERED', tlvs: { message_state: 2 } }).stat).toBe('DELIVERED')
  })

  it('believes a message_state outside SMPP 3.4 only when the text has none', () => {
    expect(parseReceipt({ text: 'id:1 stat:UNKNOWN', tlvs: { message_state: 9 } }).stat).toBe('UNKNOWN')
    expect(parseReceipt({ text: '', tlvs: { receipted_message_id: '1', message_state: 9 } }).stat).toBe(
      'SKIPPED',
    )
  })

  it('takes the error from the text first, then from network_error_code in either form', () => {
    const err = (text: string, hex: string) =>
      parseReceipt({ text, tlvs: { message_state: 5, network_error_code_hex: hex } }).err
    expect(err('id:1 err:0633', '030001')).toBe('0633')
    expect(err('', '030279')).toBe('633')
    expect(err('', '303637')).toBe('067')
    expect(err('', '0302')).toBeNull()
  })

  it('keeps the first id, and never takes one out of the text a user wrote', () => {
    expect(parseReceipt({ text: 'id:1 id:2 stat:DELIVRD text:id:3' }).id).toBe('1')
    expect(parseReceipt({ text: 'sub:001 stat:DELIVRD err:000 text:your id:3' }).id).toBeNull()
  })

  it('fills from behind text: only what was absent before it', () => {
    expect(parseReceipt({ text: 'id:1 err:001 text:x stat:EXPIRED err:999' })).toMatchObject({
      stat: 'EXPIRED',
      err: '001',
      text: 'x stat:EXPIRED err:999',
    })
  })

  it('finds a state written without its key', () => {
    expect(parseReceipt({ text: 'id:1 done date:2601011201 DELIVRD err:000 Text:' }).stat).toBe('DELIVRD')
    expect(parseReceipt({ text: 'id:1 EXPIRED stat:DELIVRD' }).stat).toBe('DELIVRD')
  })

  it('reads fields glued with commas', () => {
    expect(parseReceipt({ text: 'id:1,sub:001,stat:UNDELIV,err:067,text:a,b' })).toMatchObject({
      id: '1',
      sub: '001',
      stat: 'UNDELIV',
      err: '067',
      text: 'a,b',
    })
  })
})

describe('the form of Appendix B', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 14 })
  const word = fc.string({ unit: fc.constantFrom(...'09azAZ_-'), minLength: 1, maxLength: 40 })
  const tail = fc.oneof(
    fc.constant(''),
    fc.string({ unit: 'binary' }).map((text) => ` text:${text}`),
    fc.constantFrom(' Text:id:9 stat:EXPIRED', ' text:', ' text:a\nb\0', ' err:1', ', text:x', ' ', '\0\0'),
  )
  const receipt = fc
    .tuple(word, digits, digits, digits, digits, fc.constantFrom('DELIVRD', 'EXPIRED', 'ODD'), digits, tail)
    .map(
      ([id, sub, dlvrd, submitted, done, stat, err, rest]) =>
        `id:${id} sub:${sub} dlvrd:${dlvrd} submit date:${submitted} done date:${done} stat:${stat} err:${err}${rest}`,
    )

  // A blank before it is enough to have the keys looked for one by one.
  it('is read as the same fields in any other order would be', () => {
    fc.assert(
      fc.property(receipt, (text) => {
        expect(parseReceipt({ text })).toEqual(parseReceipt({ text: ` ${text}` }))
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('the vocabulary', () => {
  it.each(Object.entries(stat_vocabulary))('%s is %s', (word, meaning) => {
    const expected = meaning.startsWith('NOT final') ? 'not final' : meaning.split(/[ (]/)[0]
    const statClass = classOfStat(word)
    if (expected === 'not') expect(['interim', 'unknown']).toContain(statClass)
    else if (expected === 'not final') expect(statClass).toBe('interim')
    else expect(statClass).toBe(expected!.split('/')[0])
  })
})

describe('hostile input', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.constantFrom('id:', 'stat:', 'text:', 'submit date:', ' ', ',', '\0', '2024-01-01', 'x'))
      .map((a) => a.join('')),
  )

  it('never makes it throw', () => {
    fc.assert(
      fc.property(anything, fc.option(fc.nat(255), { nil: undefined }), (text, esmClass) => {
        const receipt = parseReceipt(esmClass === undefined ? { text } : { text, esmClass })
        expect(typeof receipt.isReceipt).toBe('boolean')
        parseReceiptDate(text)
      }),
    )
  })

  // Quadratic behaviour would take minutes on these and run into the test's timeout; linear takes milliseconds.
  it.each([
    'id:,',
    'id: ',
    'submit ',
    ' ',
    'stat',
    'done    date   ',
    'text:',
    'a',
    '0',
    'submit date:2024-01-01 ',
  ])('reads 2 MiB of %j in linear time', (unit) => {
    const text = unit.repeat(Math.ceil((2 << 20) / unit.length))
    expect(parseReceipt({ text, esmClass: 4 })).toBeDefined()
    expect(parseReceiptDate(text)).toBeNull()
  })
})
