/** Rows as real lists contain them here and there: some stop at the check, some only at the operator. */

/** The columns of a demo file. */
export type Row = [mobile: string, name: string, order: string]

/** Of a recipient with this number, 10 digits. What becomes of each depends on the template; nothing here says it. */
export const ODD_ROWS: readonly ((mobile: string) => Row)[] = [
  () => ['12345', 'Short Number', '101'],
  (mobile) => [mobile, 'Asha', mobile],
  () => ['', 'No Number', '102'],
  (mobile) => [mobile, 'meera.in', '103'],
  () => ['9.19877E+11', 'From Excel', '104'],
  (mobile) => [mobile, '+91 98765 43210', '107'],
  () => ['5550001234', 'No Mobile', '105'],
  (mobile) => [mobile, 'Customer Relations And Accounts Department', '106'],
  (mobile) => [mobile, 'Vikram', 'A-1047'],
  (mobile) => [mobile, '', '108'],
  (mobile) => [mobile, 'asha@example.com', '109'],
  (mobile) => [mobile, 'Joseph\u0007', '110'],
  (mobile) => [mobile, 'https://example.com/o', '111'],
]
