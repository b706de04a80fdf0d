/** The other end of `bench/session.ts`: answers as fast as octets can be copied, so that the session is what is measured. */
import { type AddressInfo, createServer } from 'node:net'
import { encodePdu } from '../shared/smpp/codec.ts'
import { PduFramer } from '../shared/smpp/framing.ts'

const SUBMIT_SM = 0x04
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
const FIXED: Record<number, Buffer> = {
  9: encodePdu('bind_transceiver_resp', { system_id: 'bench' }),
  21: encodePdu('enquire_link_resp'),
  6: encodePdu('unbind_resp'),
}

const server = createServer({ noDelay: true }, (socket) => {
  const framer = new PduFramer()
  let receiptSequence = 0
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    const answers: Buffer[] = []
    for (const pdu of framer.push(chunk)) {
      const commandId = pdu.readUInt32BE(4)
      const response = commandId === SUBMIT_SM ? submitResp : FIXED[commandId]
      if (!response) continue
      answers.push(numbered(response, pdu.readUInt32BE(12)))
      if (withReceipts && commandId === SUBMIT_SM) answers.push(numbered(receipt, ++receiptSequence))
    }
    if (answers.length > 0) socket.write(Buffer.concat(answers))
  })
})
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit())

function numbered(pdu: Buffer, sequence: number): Buffer {
  const copy = Buffer.from(pdu)
  copy.writeUInt32BE(sequence, 12)
  return copy
}
