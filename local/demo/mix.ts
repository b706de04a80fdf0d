/** What the demo sends: three campaigns at the same time, short, long and Hindi, with the rows real lists contain. Pure. */
import { DEMO_VARIABLES, HINDI_TEMPLATE, LONG_TEMPLATE, SHORT_TEMPLATE } from '../seed/demo-tenant.ts'
import { ODD_ROWS, type Row } from './odd-rows.ts'
import { rowJudge } from './row-judge.ts'

type Counts = Record<string, number>

interface Expected {
  /** What the check must find. */
  accepted: number
  duplicates: number
  /** By code. */
  invalid: Counts
  /** Of those accepted, how many the check must warn of, by code. */
  warned: Counts
  /** Of those accepted, how many the operator's check must refuse, by the code of its receipts: `err:642`. */
  scrubbed: Counts
}

export interface DemoCampaign {
  name: string
  templateId: string
  mapping: { to: string; variables: string[] }
  csv: string
  expected: Expected
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

/** Every so many rows one that is odd, and one that repeats the number before it. */
const ODD_EVERY = 50
const DUPLICATE_EVERY = 80

/** `recipients` that the check accepts, over all campaigns; the first campaign takes what does not divide. */
export function demoMix(recipients: number): DemoCampaign[] {
  const counts = SHARES.map(({ share }) => Math.floor(recipients * share))
  counts[0]! += recipients - counts.reduce((sum, count) => sum + count, 0)
  return SHARES.map((_, n) => campaignOf(n, counts[n]!)).filter(({ expected }) => expected.accepted > 0)
}

function campaignOf(campaign: number, recipients: number): DemoCampaign {
  const { name, template, firstNumber, names } = SHARES[campaign]!
  const fateOf = rowJudge(template)
  const rows: Row[] = [['mobile', ...DEMO_VARIABLES]]
  const expected: Expected = { accepted: recipients, duplicates: 0, invalid: {}, warned: {}, scrubbed: {} }
  // Each campaign begins with another odd row, so that small ones show different ones.
  let odd = campaign * Math.floor(ODD_ROWS.length / SHARES.length)
  for (let n = 0; n < recipients; n++) {
    const mobile = String(firstNumber + n)
    let row: Row = [numberForm(mobile, n), names[n % names.length]!, String(100_000 + n)]
    if (n % ODD_EVERY === 0) {
      const oddRow = ODD_ROWS[odd++ % ODD_ROWS.length]!(mobile)
      const fate = fateOf(oddRow)
      if ('invalid' in fate) {
        rows.push(oddRow)
        count(expected.invalid, fate.invalid)
      } else {
        row = oddRow
        for (const code of fate.warnings) count(expected.warned, code)
        if (fate.scrubbed !== null) count(expected.scrubbed, fate.scrubbed)
      }
    }
    rows.push(row)
    if (n % DUPLICATE_EVERY === 0) {
      rows.push([mobile, 'Again', String(n)])
      expected.duplicates++
    }
  }
  return {
    name: `Demo: ${name}`,
    templateId: template.id,
    mapping: { to: 'mobile', variables: [...DEMO_VARIABLES] },
    csv: rows.map((row) => `${row.join(',')}\r\n`).join(''),
    expected,
  }
}

function count(counts: Counts, code: string): void {
  counts[code] = (counts[code] ?? 0) + 1
}

/** The ways people write the same kind of number. */
function numberForm(digits: string, n: number): string {
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
