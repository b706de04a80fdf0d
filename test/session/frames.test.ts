import { describe, expect, test } from 'vitest'
import {
  COMMAND,
  deliveryResp,
  headerPdu,
  isMessage,
  messageIdOf,
  setSequence,
} from '../../bind-worker/session/frames.ts'
import { decodePdu, encodePdu } from '../../shared/smpp/codec.ts'

const submitSmResp = (body: Buffer): Buffer => {
  const pdu = Buffer.concat([headerPdu(COMMAND.submitSmResp, 0, 1), body])
  pdu.writeUInt32BE(pdu.length, 0)
  return pdu
}

describe('PDUs laid by hand', () => {
  test.each([
    ['enquire_link', COMMAND.enquireLink],
    ['enquire_link_resp', COMMAND.enquireLinkResp],
    ['unbind', COMMAND.unbind],
    ['unbind_resp', COMMAND.unbindResp],
    ['generic_nack', COMMAND.genericNack],
  ])('%s has the octets the codec gives', (command, id) => {
    const fields = { sequence_number: 0x1234_5678, command_status: 3 }
    expect(headerPdu(id, 3, 0x1234_5678)).toEqual(encodePdu(command, fields))
  })

  test.each([
    ['deliver_sm_resp', COMMAND.deliverSm],
    ['data_sm_resp', COMMAND.dataSm],
  ])('%s has the octets the codec gives', (command, id) => {
    expect(deliveryResp(id, 0, 9)).toEqual(encodePdu(command, { sequence_number: 9, message_id: '' }))
  })

  test('a refused delivery keeps its empty message_id', () => {
    expect(decodePdu(deliveryResp(COMMAND.deliverSm, 0x64, 9))).toMatchObject({
      command: 'deliver_sm_resp',
      command_status: 0x64,
      message_id: '',
    })
  })

  test('the sequence number of an encoded PDU can be set', () => {
    const pdu = encodePdu('submit_sm', { short_message: Buffer.from('x'), data_coding: 0 })
    setSequence(pdu, 77)
    expect(decodePdu(pdu).sequence_number).toBe(77)
  })

  test('enquire_link and its response are no messages', () => {
    expect(isMessage(headerPdu(COMMAND.enquireLink, 0, 1))).toBe(false)
    expect(isMessage(headerPdu(COMMAND.enquireLinkResp, 0, 1))).toBe(false)
    expect(isMessage(headerPdu(COMMAND.submitSmResp, 0, 1))).toBe(true)
  })
})

describe('the message_id of a submit_sm_resp', () => {
  test.each([
    ['as the codec writes it', encodePdu('submit_sm_resp', { message_id: 'Ab-0012' }), 'Ab-0012'],
    ['without its NUL', submitSmResp(Buffer.from('4711')), '4711'],
    ['with TLVs behind it', submitSmResp(Buffer.from('4711\0\x14\x20\0\x01x')), '4711'],
    ['empty', submitSmResp(Buffer.from('\0')), null],
    ['in a response without body', headerPdu(COMMAND.submitSmResp, 0, 1), null],
  ])('is read %s', (_, pdu, expected) => {
    expect(messageIdOf(pdu)).toBe(expected)
  })

  test('is cut when a gateway fills the PDU with it', () => {
    expect(messageIdOf(submitSmResp(Buffer.alloc(60_000, 'x')))).toHaveLength(256)
  })
})
