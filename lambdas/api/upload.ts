import { z } from '@hono/zod-openapi'
import { MAX_UPLOAD_BYTES } from '../../shared/campaign/plan.ts'
import type { CampaignRecord } from '../../shared/campaign/record.ts'
import type { Clock, ObjectStore } from '../../shared/ports.ts'
import { Instant, iso } from './responses.ts'

const UPLOAD_EXPIRES_SECONDS = 3_600

export const UploadForm = z
  .object({
    url: z.string(),
    fields: z.record(z.string(), z.string()).meta({ description: 'Form fields to send before the file.' }),
    maxBytes: z.int(),
    expiresAt: Instant,
    curl: z.string().meta({ description: 'A line for a shell: the same as a command.' }),
  })
  .openapi('UploadForm')

/** A form that any HTTP client may post a CSV with, the file last. */
export async function uploadForm(
  deps: { objects: Pick<ObjectStore, 'presignPost'>; clock: Pick<Clock, 'now'> },
  { uploadKey }: Pick<CampaignRecord, 'uploadKey'>,
  maxBytes = MAX_UPLOAD_BYTES,
): Promise<z.infer<typeof UploadForm>> {
  const expiresAt = iso(deps.clock.now() + UPLOAD_EXPIRES_SECONDS * 1_000)
  const { url, fields } = await deps.objects.presignPost(uploadKey, {
    maxBytes,
    expiresSeconds: UPLOAD_EXPIRES_SECONDS,
  })
  return { url, fields, maxBytes, expiresAt, curl: curlLine(url, fields) }
}

/** S3 ignores every field that comes after the file. */
function curlLine(url: string, fields: Readonly<Record<string, string>>): string {
  const forms = Object.entries(fields).map(([name, value]) => `--form-string ${quoted(`${name}=${value}`)}`)
  return ['curl --fail-with-body', ...forms, "-F 'file=@recipients.csv'", quoted(url)].join(' ')
}

/** One word for a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
