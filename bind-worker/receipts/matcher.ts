import { numberAgreement } from '../../shared/ledger/number-agreement.ts'
import { type Hit, IdForms } from '../../shared/smpp/id-form.ts'
import { type IdForm, type IdMode, readings } from '../../shared/smpp/message-id.ts'
import type { RememberedIds, SegmentRef } from './remembered-ids.ts'

/** The message a receipt's id is of, as far as this process knows. */
export interface Match {
  message: { key: string; ref: SegmentRef } | null
  /** The form the pair is evidence for; see `id-form.ts`. */
  proves: IdForm | null
}

type Candidate = Hit & { key: string; ref: SegmentRef }

/** Finds the message of a receipt among those this process remembers, and learns how the route writes ids. */
export class Matcher {
  readonly #ids: RememberedIds
  readonly #mode: IdMode
  readonly #forms: IdForms

  constructor(ids: RememberedIds, mode: IdMode) {
    this.#ids = ids
    this.#mode = mode
    this.#forms = new IdForms(mode)
  }

  /** How the route writes the ids of its receipts; null while it is not known. */
  get idForm(): IdForm | null {
    return this.#forms.known
  }

  /** `from` is the number the receipt came from. */
  find(id: string, from: string): Match {
    const all = readings(id, this.#mode)
    const candidates: Candidate[] = []
    for (const { form, key } of all) {
      const ref = this.#ids.find(key)
      if (!ref) continue
      const agreement = numberAgreement(from, ref.to)
      if (agreement !== 'another') candidates.push({ form, key, ref, agreement })
    }
    const { take, proves } = this.#forms.judge(all, candidates)
    return { message: candidates.find(({ form }) => form === take) ?? null, proves }
  }

  /** Lets a match count as evidence: once for each receipt, when it is decided. */
  learn({ proves }: Match): void {
    if (proves) this.#forms.learn(proves)
  }
}
