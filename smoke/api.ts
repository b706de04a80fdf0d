import { z } from 'zod'
import { DakgharError } from '../shared/errors.ts'

/** Longer than the longest answer takes: a long poll of 20 s. */
const ANSWER_TIMEOUT_MS = 30_000

/** Thrown when a call brings no answer, or not the one expected; the message says what to look at. */
export class CallFailed extends DakgharError {
  constructor(message: string, cause?: unknown) {
    super('call_failed', message, { cause })
  }
}

/** RFC 9457, as the API answers every refusal. */
const Problem = z.object({ code: z.string(), detail: z.string() })

/** The HTTP API as a customer calls it. */
export class Api {
  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  get<S extends z.ZodType>(path: string, answer: S): Promise<z.output<S>> {
    return this.#call('GET', path, answer)
  }

  post<S extends z.ZodType>(path: string, body: object, answer: S): Promise<z.output<S>> {
    const isForm = body instanceof FormData
    return this.#call('POST', path, answer, {
      body: isForm ? body : JSON.stringify(body),
      ...(!isForm && { headers: { 'content-type': 'application/json' } }),
    })
  }

  async #call<S extends z.ZodType>(
    method: string,
    path: string,
    answer: S,
    request: { body?: FormData | string; headers?: Record<string, string> } = {},
  ): Promise<z.output<S>> {
    const call = `${method} ${this.#url}${path}`
    const response = await fetch(this.#url + path, {
      ...request,
      method,
      headers: { ...request.headers, authorization: `Bearer ${this.#key}` },
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    }).catch((cause: Error) => {
      throw new CallFailed(`${call}: no answer (${reasonOf(cause)})`, cause)
    })
    const text = await response.text()
    const body = jsonOf(text)
    if (!response.ok) throw new CallFailed(`${call} answered ${response.status}: ${refusalOf(body, text)}`)
    const parsed = answer.safeParse(body)
    if (parsed.success) return parsed.data
    throw new CallFailed(`${call} answered what this API does not: is there another service at --url?`)
  }
}

/** `fetch` hides what happened in the cause of its error. */
const reasonOf = ({ message, cause }: Error): string => (cause instanceof Error ? cause.message : message)

function refusalOf(body: unknown, text: string): string {
  const problem = Problem.safeParse(body)
  return problem.success ? `${problem.data.code}, ${problem.data.detail}` : text.slice(0, 200)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
