/**
 * Every error this platform raises on purpose. `code` is stable and machine-readable (it travels in problem+json,
 * in invalid.csv and in logs); `retryable` tells a caller whether the same call may succeed later.
 */
export class DakgharError extends Error {
  readonly code: string
  readonly retryable: boolean

  constructor(code: string, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

/** Thrown when what a caller sent breaks a rule: the sentence says where, and what to do. */
export class InvalidInput extends DakgharError {}

/** Thrown when the thing named does not exist, or belongs to somebody else (the two must look the same). */
export class NotFound extends DakgharError {}

/** Thrown when the thing exists but is in a state that does not allow this. */
export class Conflict extends DakgharError {}

/** Thrown when configuration is missing or contradicts itself; lists every fault at once. */
export class ConfigError extends DakgharError {}

/** Closes a switch over a union: reaching it is a bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
