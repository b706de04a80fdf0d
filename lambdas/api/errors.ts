import { DakgharError, InvalidInput } from '../../shared/errors.ts'

/** Thrown when a request carries no key, an unknown, a wrong or a revoked one; the four must look the same. */
export class Unauthorised extends DakgharError {
  constructor() {
    super(
      'unauthorised',
      'this call needs a valid API key: send the header "Authorization: Bearer dk_…" with the key as it was given to you',
    )
  }
}

/** One thing wrong with a request: where (`body.name`, `query.limit`) and what. */
export interface Fault {
  path: string
  message: string
}

/** Thrown when a request does not have the shape the OpenAPI document describes; lists every fault. */
export class InvalidRequest extends InvalidInput {
  readonly faults: readonly Fault[]

  constructor(code: 'invalid_request' | 'unknown_field', faults: readonly Fault[]) {
    super(code, faults.map((fault) => `${fault.path}: ${fault.message}`).join('; '))
    this.faults = faults
  }
}
