import type { ValueFinding } from '../dlt/cta/check.ts'
import type { Compose } from './plan-message.ts'

/**
 * Composes the message of a row, then looks for calls to action in its values: one that operators refuse makes the row
 * a refused one, one that they may refuse is a warning that goes with the message. Runs for every row of an upload.
 */
export function checkedComposer(
  compose: Compose,
  findCtas: (values: readonly string[]) => readonly ValueFinding[],
): Compose {
  return (values) => {
    const composed = compose(values)
    if (!composed.ok) return composed
    const findings = findCtas(values)
    if (findings.length === 0) return composed
    const refusal = findings.find(({ level }) => level === 'refuse')
    if (refusal !== undefined) return { ok: false, code: refusal.code, message: refusal.message }
    return { ok: true, message: { ...composed.message, warnings: findings } }
  }
}
