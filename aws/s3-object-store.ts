import { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { EpochMs } from '../shared/ids.ts'
import type { ObjectStore } from '../shared/ports.ts'

/** S3: parts of a multipart upload have at least 5 MiB, the last one excepted. */
const PART_BYTES = 5 * 1024 * 1024
const PARTS_AT_ONCE = 4
const DEFAULT_TYPE = 'application/octet-stream'

export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client
  readonly #bucket: string

  constructor(options: { client: S3Client; bucket: string }) {
    this.#client = options.client
    this.#bucket = options.bucket
  }

  async put(key: string, body: string | Uint8Array, options: { contentType?: string } = {}): Promise<void> {
    await this.#client.send(
      new PutObjectCommand({
        ...this.#at(key),
        Body: body,
        ContentType: options.contentType ?? DEFAULT_TYPE,
      }),
    )
  }

  async putStream(
    key: string,
    body: AsyncIterable<Uint8Array | string>,
    options: { contentType?: string } = {},
  ): Promise<void> {
    const upload = new Upload({
      client: this.#client,
      params: {
        ...this.#at(key),
        // Bytes, not characters: a part is cut by its bytes.
        Body: Readable.from(bytesOf(body), { objectMode: false }),
        ContentType: options.contentType ?? DEFAULT_TYPE,
      },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
    })
    await upload.done()
  }

  async get(key: string): Promise<Buffer | null> {
    const answer = await orNull(this.#client.send(new GetObjectCommand(this.#at(key))))
    if (!answer?.Body) return null
    const bytes = await answer.Body.transformToByteArray()
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  async getStream(key: string): Promise<{ bytes: number; body: AsyncIterable<Uint8Array> } | null> {
    const answer = await orNull(this.#client.send(new GetObjectCommand(this.#at(key))))
    if (!answer?.Body) return null
    return { bytes: answer.ContentLength ?? 0, body: answer.Body as AsyncIterable<Uint8Array> }
  }

  async head(key: string): Promise<{ bytes: number; modifiedAt: EpochMs } | null> {
    const answer = await orNull(this.#client.send(new HeadObjectCommand(this.#at(key))))
    return answer && { bytes: answer.ContentLength ?? 0, modifiedAt: answer.LastModified?.getTime() ?? 0 }
  }

  async presignPost(key: string, options: { maxBytes: number; expiresSeconds: number }) {
    return createPresignedPost(this.#client, {
      ...this.#at(key),
      Conditions: [['content-length-range', 0, options.maxBytes]],
      Expires: options.expiresSeconds,
    })
  }

  async presignGet(key: string, options: { expiresSeconds: number; fileName: string }): Promise<string> {
    const command = new GetObjectCommand({
      ...this.#at(key),
      // RFC 6266 with RFC 8187: any script in a file name, nothing that could end the header.
      ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(options.fileName)}`,
    })
    return getSignedUrl(this.#client, command, { expiresIn: options.expiresSeconds })
  }

  #at(key: string) {
    return { Bucket: this.#bucket, Key: key }
  }
}

async function* bytesOf(body: AsyncIterable<Uint8Array | string>): AsyncIterable<Uint8Array> {
  for await (const chunk of body) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

/** HEAD answers NotFound, GET NoSuchKey. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (['NoSuchKey', 'NotFound'].includes((error as Error).name)) return null
    throw error
  }
}
