import { InvalidInput } from '../../errors.ts'

export type ExportFault =
  | 'file_empty'
  | 'file_binary'
  | 'file_encoding'
  | 'workbook_unreadable'
  | 'workbook_too_large'
  | 'columns_unknown'
  | 'columns_repeated'
  | 'too_many_rows'

/** Thrown when a portal's export cannot be used as a whole; nothing of it is imported. */
export class ExportRefused extends InvalidInput {
  declare readonly code: ExportFault

  constructor(code: ExportFault, message: string, options: { cause?: unknown } = {}) {
    super(code, message, options)
  }
}
