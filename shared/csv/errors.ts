import { InvalidInput } from '../errors.ts'

export type FileFault =
  | 'file_empty'
  | 'file_binary'
  | 'file_encoding'
  | 'file_unclosed_quote'
  | 'file_no_header'
  | 'file_no_rows'
  | 'file_duplicate_columns'
  | 'file_number_column'
  | 'file_unknown_column'
  | 'file_variable_columns'

/** Thrown while a CSV is read, when the file as a whole cannot be used; nothing of it may be sent. */
export class FileRefused extends InvalidInput {
  declare readonly code: FileFault
  /** Physical line, from 1, where there is one to name. */
  readonly line: number | null

  constructor(code: FileFault, message: string, line: number | null = null) {
    super(code, message)
    this.line = line
  }
}
