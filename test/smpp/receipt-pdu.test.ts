import { describe, expect, it } from 'vitest'
import { decodePdu, encodePdu, type PduFields } from '../../shared/smpp/codec.ts'
import { receiptOf, receiptText } from '../../shared/smpp/receipt-pdu.ts'
import { concatUdh } from '../../shared/sms/udh.ts'

const LINE =
  'id:abc1 sub:001 dlvrd:001 submit date:2601011200 done date:2601011201 stat:DELIVRD err:000 text:hi'
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

const receiptIn = (command: string, fields: PduFields) => receiptOf(decodePdu(encodePdu(command, fields)))

describe('receiptOf', () => {
  it('reads the receipt of a deliver_sm from short_message', () => {
    const receipt = receiptIn('deliver_sm', { esm_class: 4, short_message: Buffer.from(LINE) })
    expect(receipt).toMatchObject({ isReceipt: true, id: 'abc1', stat: 'DELIVRD', final: true })
  })

  it('reads it from message_payload, in UTF-16 too', () => {
    for (const octets of [Buffer.from(LINE), utf16be(LINE)]) {
      const receipt = receiptIn('deliver_sm', { esm_class: 4, data_coding: 8, message_payload: octets })
      expect(receipt).toMatchObject({ id: 'abc1', text: 'hi' })
    }
  })

  it('reads it from a data_sm', () => {
    expect(receiptIn('data_sm', { esm_class: 4, message_payload: Buffer.from(LINE) }).id).toBe('abc1')
  })

  it('reads it behind a user data header', () => {
    const octets = Buffer.concat([concatUdh(1, 2, 1, 8), Buffer.from(LINE)])
    expect(receiptIn('deliver_sm', { esm_class: 0x44, short_message: octets })).toMatchObject({
      id: 'abc1',
      final: true,
    })
  })

  it('survives a user data header that is longer than the message', () => {
    const receipt = receiptIn('deliver_sm', { esm_class: 0x44, short_message: Buffer.from([200, 1, 2]) })
    expect(receipt.isReceipt).toBe(false)
  })

  it('takes id, state and error from TLVs alone, with and without NUL', () => {
    for (const id of ['9F3', '9F3\0']) {
      const receipt = receiptIn('deliver_sm', {
        esm_class: 4,
        receipted_message_id: Buffer.from(id),
        message_state: 5,
        network_error_code: Buffer.from([3, 0x02, 0x79]),
      })
      expect(receipt).toMatchObject({ isReceipt: true, id: '9F3', stat: 'UNDELIV', err: '633', final: true })
    }
  })

  it.each(['STOP', 'my id: 4711 please', 'यह एक संदेश है'])(
    'knows %j for a message from a subscriber',
    (text) => {
      const ascii = /^[\x20-\x7e]*$/.test(text)
      const receipt = receiptIn('deliver_sm', {
        esm_class: 0,
        data_coding: ascii ? 0 : 8,
        short_message: ascii ? Buffer.from(text) : utf16be(text),
      })
      expect(receipt).toMatchObject({ isReceipt: false, id: null, final: false })
    },
  )
})

describe('receiptText', () => {
  it('goes by data_coding only when the octets look like no receipt at all', () => {
    expect(receiptText(utf16be('नमस्ते'), 8)).toBe('नमस्ते')
    expect(receiptText(Buffer.from('hello'), 0)).toBe('hello')
    expect(receiptText(Buffer.from(LINE), 8)).toBe(LINE)
    expect(receiptText(utf16be(LINE), 0)).toBe(LINE)
  })

  it('reads octets of odd length labelled UCS-2', () => {
    expect(receiptText(Buffer.from('abc'), 8)).toContain('�')
    expect(receiptText(Buffer.alloc(0), 8)).toBe('')
  })
})
