/** Pages of a listing, and where it goes on: a text that callers hand back unread. */
import { z } from '@hono/zod-openapi'
import { InvalidInput } from '../../shared/errors.ts'

/** The answer with a page of a listing, called `name` in the API's description. */
export const pageOf = <Item extends z.ZodType>(item: Item, name: string) =>
  z
    .object({
      items: z.array(item),
      next: z.string().nullable().meta({ description: 'The cursor of the next page; null after the last.' }),
    })
    .openapi(name)

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
