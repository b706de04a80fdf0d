import { readMsisdn } from '../../shared/csv/msisdn.ts'
import { InvalidInput } from '../../shared/errors.ts'
import type { Msisdn } from '../../shared/ids.ts'

/** A number in any of the forms an upload may have it. @throws InvalidInput with the code of the row's refusal. */
export function mustBeMsisdn(place: string, text: string): Msisdn {
  const read = readMsisdn(text)
  if (!read.ok) throw new InvalidInput(read.code, `${place}: ${read.message}`)
  return read.msisdn
}
