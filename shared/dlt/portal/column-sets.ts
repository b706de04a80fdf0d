/**
 * The columns of the exports DLT portals and gateways give, as data. Names are compared by letters and digits alone,
 * without case: `TEMPLATE_ID`, `Template Id` and `template-id` are one.
 */

/** What an import takes from a row. */
export const EXPORT_FIELDS = ['id', 'name', 'text', 'header', 'category', 'status', 'consentId'] as const
export type ExportField = (typeof EXPORT_FIELDS)[number]

/** The names a field's column may have, the one preferred first. */
export type ColumnNames = Readonly<Partial<Record<ExportField, readonly string[]>>>

/** The column of each field as the caller names it. */
export type ColumnMapping = Readonly<Partial<Record<ExportField, string | undefined>>>

export interface ColumnSet {
  title: string
  /** Where it was read. */
  source: string
  /** A file fits when it has a column for each of these… */
  columns: ColumnNames
  /** …and all of these, which hold nothing to import. */
  marks: readonly string[]
}

/** From the particular to the general: the first that fits is taken. */
export const COLUMN_SETS = {
  jio: {
    title: 'Jio and Fast2SMS, AllApprovedContentTemplate.xlsx',
    source: 'facts A10',
    columns: {
      id: ['TEMPLATE_ID'],
      name: ['TEMPLATE_NAME'],
      text: ['TEMPLATE_CONTENT'],
      header: ['HEADER'],
    },
    marks: ['VARIABLE_COUNT'],
  },
  airtel: {
    title: 'Airtel, list of registered templates',
    source: 'facts A10',
    columns: {
      id: ['DLT-ID'],
      name: ['name'],
      text: ['content'],
      header: ['header'],
      category: ['communication-type'],
      status: ['status'],
      consentId: ['consent-DLT-ID'],
    },
    marks: ['created-by'],
  },
  msg91: {
    title: 'MSG91, list of templates',
    source: 'facts A10',
    columns: { id: ['DLT Template ID'], name: ['Template Name'], text: ['Message'] },
    marks: ['Flow ID'],
  },
  form: {
    title: 'any portal, by the names its form gives the fields',
    source: 'facts A10',
    columns: {
      id: ['DLT Template ID', 'Template ID', 'Content Template ID', 'DLT ID'],
      name: ['Template Name', 'Content Template Name', 'Name'],
      text: ['Template Content', 'Content', 'Template Message', 'Message', 'Template Text'],
    },
    marks: [],
  },
} as const satisfies Record<string, ColumnSet>

export type Portal = keyof typeof COLUMN_SETS

/** Looked for in every file that is known, besides what its set names. `Content Type` is T, P, SE or SI where a portal has both. */
export const COMMON_COLUMNS = {
  header: ['Header', 'Headers', 'Header Name', 'Linked Headers', 'Sender ID'],
  category: ['Content Type', 'Communication Type', 'Template Type'],
  status: ['Status', 'Template Status', 'Approval Status'],
  consentId: ['Consent Template ID', 'Consent DLT ID', 'Consent ID'],
} as const satisfies ColumnNames
