/** Digits by which two ways of writing a number are compared: 10 in India, with or without 91 or 0 before them. */
const COMPARED_DIGITS = 10

/** Whether a receipt names the handset a message was sent to; `unknown` when it names none that can be compared. */
export type Agreement = 'same' | 'another' | 'unknown'

/** Some gateways mask the number of a receipt, or leave it out: that says nothing. */
export function numberAgreement(inReceipt: string, sentTo: string): Agreement {
  const digits = inReceipt.replace(/^\+/, '')
  if (!/^\d{10,}$/.test(digits)) return 'unknown'
  return digits.slice(-COMPARED_DIGITS) === sentTo.slice(-COMPARED_DIGITS) ? 'same' : 'another'
}
