import { FileRefused } from '../shared/csv/errors.ts'
import { readList } from '../shared/suppression/read-list.ts'
import { SuppressionSet } from '../shared/suppression/suppression-set.ts'
import { InputError } from './command.ts'
import { readBytes } from './input.ts'
import { complain } from './output.ts'

/**
 * The numbers of a file given with `--suppress`. Rows that are no number are complained about: whoever meant one would
 * be sent to.
 * @throws InputError when the file cannot be used.
 */
export async function suppressionFile(file: string): Promise<SuppressionSet> {
  try {
    const { numbers, counts } = await readList(readBytes(file), {})
    const first = counts.firstInvalid[0]
    if (first) {
      complain(
        `--suppress ${file}: ${counts.invalid} rows are no number; line ${first.line}: ${first.message}`,
      )
    }
    return new SuppressionSet(numbers)
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error
    throw new InputError(`--suppress ${file}: ${error.message}`, error)
  }
}
