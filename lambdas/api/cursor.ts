/** Where a listing goes on, as a text that callers hand back unread. */
import type { z } from 'zod'
import { InvalidInput } from '../../shared/errors.ts'

export const encodeCursor = (position: unknown): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** @throws InvalidInput `invalid_cursor` when the text is none of ours. */
export function decodeCursor<Schema extends z.ZodType>(cursor: string, schema: Schema): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch (cause) {
    throw new InvalidInput(
      'invalid_cursor',
      'query.cursor: is not one of this listing: take it from "next" of the page before, unchanged',
      { cause },
    )
  }
}
