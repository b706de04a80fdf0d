/** The parts of a multipart/form-data body: a file, and JSON in a field beside it. */
import type { z } from 'zod'
import { InvalidInput } from '../../shared/errors.ts'
import { FILE_TOO_LARGE, MAX_FILE_BYTES } from './body.ts'
import { faultsOf } from './faults.ts'

/** @throws InvalidInput `file_too_large` */
export function mustFit(file: File): void {
  if (file.size > MAX_FILE_BYTES) throw new InvalidInput('file_too_large', FILE_TOO_LARGE)
}

/**
 * What the field `name` holds as JSON.
 * @throws InvalidInput `invalid_json`; InvalidRequest with every way in which it breaks the schema.
 */
export function jsonField<Schema extends z.ZodType>(
  name: string,
  text: string,
  schema: Schema,
): z.output<Schema> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InvalidInput('invalid_json', `form.${name} is not JSON: ${(error as SyntaxError).message}`)
  }
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw faultsOf(`form.${name}`, parsed.error)
  return parsed.data
}
