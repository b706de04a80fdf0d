/** The rules of DLT, one row each: what breaking it means by default, and where it was read. */

/** The strictest first. `refuse` stops the template, header or row; `warn` is shown; `off` is not looked at. */
export const LEVELS = ['refuse', 'warn', 'off'] as const
export type Level = (typeof LEVELS)[number]

export interface Rule {
  about: 'template' | 'header' | 'id' | 'campaign' | 'value' | 'cta' | 'text'
  level: Exclude<Level, 'off'>
  /** False for what no override can change: a message that breaks it cannot be made, or cannot arrive. */
  overridable: boolean
  says: string
  /** Entries of docs/facts.md, and the regulation behind them where there is one. */
  source: string
}

type About = Rule['about']
const rule = (about: About, level: Rule['level'], says: string, source: string) =>
  ({ about, level, overridable: true, says, source }) as const
const law = (about: About, says: string, source: string) =>
  ({ about, level: 'refuse', overridable: false, says, source }) as const

/** Changes whenever a rule, a level or a limit does; shown beside what was checked by it. */
export const RULES_VERSION = '2026-11-23'

const DIRECTION_2023 = 'TRAI directions of 16 February and 12 May 2023'

export const RULES = {
  template_form: law(
    'template',
    'Variables are {#var#} or a typed tag, in lower case and closed.',
    'facts A7; TRAI direction of 18 November 2025',
  ),
  template_variables_only: rule('template', 'refuse', 'A template has fixed text.', 'facts B3'),
  template_forbidden_character: rule('template', 'refuse', 'No < or > in the fixed text.', 'facts B3'),
  template_double_space: rule(
    'template',
    'warn',
    'No two spaces in a row: portals do not register them, so the text was probably copied wrongly.',
    'facts B2, B3',
  ),
  template_adjacent_variables: rule(
    'template',
    'warn',
    'Variables do not stand side by side or with only spaces and punctuation between. Live templates do.',
    `facts A7; ${DIRECTION_2023}`,
  ),
  template_many_variables: rule(
    'template',
    'warn',
    'Two variables, a third with a reason, more with a justification.',
    `facts A1, A7; ${DIRECTION_2023}`,
  ),
  template_little_fixed_text: rule(
    'template',
    'warn',
    'At least 30 % of the message is fixed text.',
    `facts A1; ${DIRECTION_2023}`,
  ),
  template_service_fixed: rule('template', 'warn', 'A service template has a variable.', 'facts B3'),

  header_affix: law('header', 'The operator adds VM- and -S; the sender never does.', 'facts A2'),
  header_form: rule('header', 'refuse', 'Three to six letters, or six digits.', 'facts A2'),
  header_alphanumeric: rule('header', 'refuse', 'Letters and digits are not mixed.', 'facts A2'),
  header_length: rule('header', 'warn', 'Most operators register exactly six letters.', 'facts A2'),
  header_alphabetic_promotional: rule(
    'header',
    'warn',
    'Promotional headers are six digits; those that were service explicit kept their letters.',
    'facts A1, A2',
  ),
  header_numeric_other: rule('header', 'warn', 'Only promotional headers are digits.', 'facts A2'),

  id_form: law('id', 'Ids of the portal are 12 to 19 decimal digits, kept as text.', 'facts A4'),
  id_excel: law('id', 'An id in scientific notation has lost its last digits.', 'facts A4, A10'),
  id_rounded: rule('id', 'warn', 'A spreadsheet keeps 15 digits and fills up with zeros.', 'facts A4'),

  category_lane: law(
    'campaign',
    'Service explicit counts as promotional and travels in its lane.',
    'facts A1; operator notices of October 2025',
  ),
  promotional_hours: law(
    'campaign',
    'Promotional traffic leaves inside its hours.',
    'facts A1, A3; TCCCPR 2018',
  ),
  consent_missing: rule(
    'campaign',
    'warn',
    'Promotional traffic to subscribers on DND needs a consent template.',
    'facts A3; TCCCPR 2018',
  ),

  value_empty: law('value', 'A variable has at least one character.', 'facts B5'),
  value_too_long: law('value', 'A variable has 30 characters at most, alphanumeric 40.', 'facts A7'),
  value_control_character: law('value', 'A value holds nothing a handset cannot show.', 'Unicode §23'),
  value_character: law(
    'value',
    'A typed variable holds only the characters of its type.',
    'facts A7; TRAI direction of 18 November 2025',
  ),
  value_incomplete: law(
    'value',
    'A URL, an e-mail address, a number to call is a whole one.',
    'facts A7, A8; TRAI direction of 18 November 2025',
  ),
  value_url: rule(
    'value',
    'refuse',
    'No URL in a variable that is not of type url or urlott.',
    'facts A7, A8',
  ),
  value_url_possible: rule('value', 'warn', 'Nothing that may be read as a URL: "paid.in".', 'facts A8'),
  value_email: rule(
    'value',
    'refuse',
    'No e-mail address in a variable that is not of type email.',
    'facts A7, A8',
  ),
  value_phone: rule(
    'value',
    'refuse',
    'No telephone number in a variable that is not of type cbn.',
    'facts A7, A8',
  ),
  value_phone_possible: rule(
    'value',
    'warn',
    'Nothing that may be read as a telephone number: ten digits that are an order number.',
    'facts A8',
  ),

  cta_not_whitelisted: rule(
    'cta',
    'refuse',
    'Every URL, number and e-mail address of a message is whitelisted at the portal.',
    'facts A1, A8; TRAI directions of 12 May 2023 and 20 August 2024',
  ),
  cta_whitelist_unknown: rule(
    'cta',
    'warn',
    'What the portal has whitelisted must be known here to be compared.',
    'facts A8',
  ),

  template_mismatch: law(
    'text',
    'The fixed text is that of the template, character by character.',
    'facts B1',
  ),
} as const satisfies Record<string, Rule>

export type RuleCode = keyof typeof RULES

/** Codes whose level an override may set. */
export type OverridableRule = {
  [Code in RuleCode]: (typeof RULES)[Code]['overridable'] extends false ? never : Code
}[RuleCode]
