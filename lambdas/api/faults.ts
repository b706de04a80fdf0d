import type { z } from 'zod'
import { type Fault, InvalidRequest } from './errors.ts'

/** Names of the places a request keeps things in, as callers call them. */
const PLACES: Readonly<Record<string, string>> = {
  json: 'body',
  form: 'form',
  param: 'path',
  header: 'header',
}

/** Everything zod found wrong with a part of a request, unknown fields by their names. */
export function faultsOf(target: string, error: Pick<z.core.$ZodError, 'issues'>): InvalidRequest {
  const place = PLACES[target] ?? target
  const faults = error.issues.flatMap((issue) => describe(place, issue))
  const unknown = error.issues.some((issue) => issue.code === 'unrecognized_keys')
  return new InvalidRequest(unknown ? 'unknown_field' : 'invalid_request', faults)
}

function describe(place: string, issue: z.core.$ZodIssue): Fault[] {
  const path = [place, ...issue.path.map(String)].join('.')
  if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
  return issue.keys.map((key) => ({
    path: `${path}.${key}`,
    message: 'there is no field of this name here; remove it or correct its spelling',
  }))
}
