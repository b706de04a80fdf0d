import { decodeGsm7 } from '../../shared/sms/gsm7.ts'
import { decodeUcs2 } from '../../shared/sms/ucs2.ts'

/** The text of a message somebody sent, by its data_coding (SMPP 3.4 §5.2.19); alphabets we do not know as latin-1. */
export function mobileOriginatedText(octets: Buffer, dataCoding: number): string {
  switch (dataCoding) {
    case 0:
      return decodeGsm7(octets)
    case 8:
      return decodeUcs2(octets)
    default:
      return octets.toString('latin1')
  }
}
