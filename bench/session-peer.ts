/** The other end of `bench/session.ts`: answers as fast as octets can be copied, so that the session is what is measured. */
import { type AddressInfo, createServer } from 'node:net'
import { encodePdu } from '../shared/smpp/codec.ts'
import { PduFramer } from '../shared/smpp/framing.ts'
import { ANSWERED_AT_ONCE, numbered, SUBMIT_SM } from './peer.ts'

const withReceipts = process.argv.includes('--receipts')

const submitResp = encodePdu('submit_sm_resp', { message_id: '0a1b2c3d4e5f6071' })
const receipt = encodePdu('deliver_sm', {
  source_addr: '919876543210',
  destination_addr: 'GCMDIA',
  esm_class: 4,
  data_coding: 0,
  short_message: Buffer.from(
    'id:0a1b2c3d4e5f6071 sub:001 dlvrd:001 submit date:2606231030 done date:2606231031 stat:DELIVRD err:000',
  ),
})

const server = createServer({ noDelay: true }, (socket) => {
  const framer = new PduFramer()
  let receiptSequence = 0
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    const answers: Buffer[] = []
    for (const pdu of framer.push(chunk)) {
      const commandId = pdu.readUInt32BE(4)
      const response = commandId === SUBMIT_SM ? submitResp : ANSWERED_AT_ONCE[commandId]
      if (!response) continue
      answers.push(numbered(response, pdu.readUInt32BE(12)))
      if (withReceipts && commandId === SUBMIT_SM) answers.push(numbered(receipt, ++receiptSequence))
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())
