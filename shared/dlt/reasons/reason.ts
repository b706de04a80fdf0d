/** What is said of every way a message can fail: the words of the catalogue, and the shape of its entries. */

/** Who has to act. */
export const FIXERS = {
  sender: 'the principal entity: whoever runs the campaign',
  gateway: 'the gateway or operator the route leads to',
  subscriber: 'the recipient',
  platform: 'whoever operates this installation',
} as const
export type Fixer = keyof typeof FIXERS

/** What the act is done to, and with it where. */
export const PLACES = {
  campaign: 'the campaign: its rows, its values, its time',
  template: 'the template at the DLT portal',
  header: 'the sender header at the DLT portal',
  entity: "the principal entity's registration at the DLT portal",
  chain: 'the PE-TM chain, at the DLT portal and on the route',
  consent: "the subscriber's consent on DLT",
  subscriber: 'the handset or the subscription',
  route: 'the route: its configuration, or the account behind it',
  platform: 'this installation',
} as const
export type Place = keyof typeof PLACES

/**
 * Whether sending the same message again can help. DLT refusals are never sent again as they are, nor over another
 * route, as every route is scrubbed against the same registry; the two exceptions are the promotional hours and a
 * chain the operator does not take (facts A9).
 */
export const RESENDS = {
  no: 'no',
  after_fix: 'once it is fixed',
  next_sending_hours: 'in the next sending hours',
  later: 'later, as it is',
  other_chain: 'once it is fixed, or over a route with another chain',
} as const
export type Resend = keyof typeof RESENDS

export interface Fix {
  who: Fixer
  where: Place
}

export interface Reason {
  /** One or two plain sentences: what happened, and what to do when somebody can do something. */
  sentence: string
  fix: Fix
  resend: Resend
  /** Whether the DLT check refused the message: what a campaign that sees many of should stop for. */
  dlt: boolean
  /** Where it was read: an entry of docs/facts.md, a specification, or this repository. */
  source: string
}

/** Codes (or words) by the reason they stand for, separated by spaces; `600-603` is a range. */
export type CodesByReason<Slug extends string> = Readonly<Partial<Record<Slug, string>>>

/** The codes of such a list, one by one, as they are written there. */
export function codesIn(list: string): string[] {
  return list.split(' ').flatMap((item) => {
    const range = /^(\d+)-(\d+)$/.exec(item)
    if (!range) return [item]
    const [from, to] = [Number(range[1]), Number(range[2])]
    return Array.from({ length: to - from + 1 }, (_, i) => String(from + i))
  })
}

/** The lists turned around: code → reason. */
export function reasonByCode<Slug extends string>(codes: CodesByReason<Slug>): ReadonlyMap<string, Slug> {
  const entries = Object.entries(codes) as [Slug, string][]
  return new Map(entries.flatMap(([slug, list]) => codesIn(list).map((code) => [code, slug] as const)))
}
