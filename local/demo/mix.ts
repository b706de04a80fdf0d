/** What the demo sends: three campaigns at the same time, short, long and Hindi, with the rows real lists contain. Pure. */
import { DEMO_VARIABLES, HINDI_TEMPLATE, LONG_TEMPLATE, SHORT_TEMPLATE } from '../seed/demo-tenant.ts'

export interface DemoCampaign {
  name: string
  templateId: string
  mapping: { to: string; variables: string[] }
  csv: string
  /** What the check must find. */
  expected: { accepted: number; invalid: number; duplicates: number }
}

const SHARES = [
  {
    name: 'Short',
    template: SHORT_TEMPLATE,
    share: 0.5,
    firstNumber: 9_810_000_000,
    names: ['Asha', 'Vikram', 'Meera'],
  },
  {
    name: 'Long',
    template: LONG_TEMPLATE,
    share: 0.25,
    firstNumber: 9_820_000_000,
    names: ['Farhan', 'Lakshmi', 'Joseph'],
  },
  {
    name: 'Hindi',
    template: HINDI_TEMPLATE,
    share: 0.25,
    firstNumber: 9_830_000_000,
    names: ['आशा', 'विक्रम', 'मीरा'],
  },
]

/** Every so many good rows one that is refused and one that repeats the number before it. */
const BAD_EVERY = 100
const DUPLICATE_EVERY = 80

const BAD_ROWS = [
  '12345,Short Number,A1',
  ',No Number,A2',
  '9.19877E+11,From Excel,A3',
  '5550001234,No Mobile,A4',
]

/** `recipients` good rows in all; the first campaign takes what does not divide. */
export function demoMix(recipients: number): DemoCampaign[] {
  const counts = SHARES.map(({ share }) => Math.floor(recipients * share))
  counts[0]! += recipients - counts.reduce((sum, count) => sum + count, 0)
  return SHARES.map((share, n) => campaignOf(share, counts[n]!)).filter(
    ({ expected }) => expected.accepted > 0,
  )
}

function campaignOf(
  { name, template, firstNumber, names }: (typeof SHARES)[number],
  count: number,
): DemoCampaign {
  const rows = [['mobile', ...DEMO_VARIABLES].join(',')]
  const expected = { accepted: count, invalid: 0, duplicates: 0 }
  for (let n = 0; n < count; n++) {
    const row = `${numberForm(firstNumber + n, n)},${names[n % names.length]},${100_000 + n}`
    rows.push(row)
    if (n % BAD_EVERY === 0) rows.push(BAD_ROWS[expected.invalid++ % BAD_ROWS.length]!)
    if (n % DUPLICATE_EVERY === 0) {
      rows.push(`${firstNumber + n},Again,${n}`)
      expected.duplicates++
    }
  }
  return {
    name: `Demo: ${name}`,
    templateId: template.id,
    mapping: { to: 'mobile', variables: [...DEMO_VARIABLES] },
    csv: `${rows.join('\r\n')}\r\n`,
    expected,
  }
}

/** The ways people write the same kind of number. */
function numberForm(number: number, n: number): string {
  const digits = String(number)
  switch (n % 4) {
    case 0:
      return digits
    case 1:
      return `91${digits}`
    case 2:
      return `+91 ${digits.slice(0, 5)} ${digits.slice(5)}`
    default:
      return `0${digits}`
  }
}
