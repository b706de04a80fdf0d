import type { Agreement } from '../ledger/number-agreement.ts'
import { ID_FORMS, type IdForm, type IdMode, type Reading } from './message-id.ts'

/** A reading of a receipt's id that names a message we know, and whose number is not another's. */
export interface Hit {
  form: IdForm
  agreement: Exclude<Agreement, 'another'>
}

export interface Judgement {
  /** The form by which the receipt is placed; `several` when more than one would do and nothing tells which; else null. */
  take: IdForm | 'several' | null
  /** The form this receipt is evidence for, for {@link IdForms.learn}; null when it proves nothing. */
  proves: IdForm | null
}

/**
 * Pairs of response and receipt in one form, none in another, after which it counts as known. One would nearly do: a
 * pair misleads only when the message itself is not remembered and the same subscriber got another one whose id reads
 * like this one in the other notation. Eight in a row by such chance are out of the question, and a route that sends
 * at all has them within a second.
 */
const ENOUGH = 8

/** A form stops gaining at this, so that a gateway which changes its ways is noticed after a few receipts. */
const MOST = 4 * ENOUGH

/**
 * How a route writes the ids of its receipts, compared with those of its responses (facts C2), learned from pairs that
 * leave no doubt: exactly one form of the receipt's id names a message whose number agrees, and the id is one whose
 * forms differ.
 *
 * A pair in another form takes as much as eight gave. One contradiction ends what was learned from barely enough pairs;
 * what many pairs have shown survives it, because a single pair may be chance, and falls with the fourth. A gateway that
 * writes one receipt in eight otherwise therefore never counts as known, and each is judged by its number.
 *
 * - *known*: only that form counts for an id that can be read in it. It decides between several messages of one
 *   subscriber, it needs no number, and where it names nothing, nothing is placed: the message is one we do not
 *   remember, and what another form names is not it.
 * - *not known*: one message named is taken when the number agrees, the id as it is also when the receipt gives no
 *   number (design §4: raw first). Several are a coin toss and left to whoever knows more.
 *
 * The modes `hex` and `dec` begin as known by as much as eight pairs: the operator's word is better than raw first, but
 * not than what the gateway does. `raw` and `auto` differ in that `raw` tries nothing else (see `readings`).
 */
export class IdForms {
  #form: IdForm | null
  #weight: number

  constructor(mode: IdMode) {
    this.#form = mode === 'auto' ? null : mode
    this.#weight = mode === 'auto' ? 0 : ENOUGH
  }

  /** The form receipts of this route are known to be in; null while it is a guess. */
  get known(): IdForm | null {
    return this.#weight >= ENOUGH ? this.#form : null
  }

  judge(readings: readonly Reading[], hits: readonly Hit[]): Judgement {
    const agreeing = hits.filter((hit) => hit.agreement === 'same')
    const proves = readings.length > 1 && agreeing.length === 1 ? agreeing[0]!.form : null
    return { take: this.#take(readings, hits), proves }
  }

  learn(form: IdForm): void {
    if (form === this.#form) this.#weight = Math.min(MOST, this.#weight + 1)
    else if (this.#weight >= ENOUGH) this.#weight -= ENOUGH
    else {
      this.#form = form
      this.#weight = 1
    }
  }

  /** Pairs that came in no order worth anything: all of a form count, and take eight for each from the others. */
  learnTogether(pairs: readonly IdForm[]): void {
    const standing = this.known
    const nets = ID_FORMS.map((form) => {
      const inForm = pairs.filter((other) => other === form).length
      const before = form === standing ? this.#weight : 0
      return { form, net: before + inForm - ENOUGH * (pairs.length - inForm) }
    })
    const { form, net } = nets.reduce((best, one) => (one.net > best.net ? one : best))
    this.#form = form
    this.#weight = Math.min(MOST, Math.max(0, net))
  }

  #take(readings: readonly Reading[], hits: readonly Hit[]): Judgement['take'] {
    const known = this.known
    if (known && readings.some((reading) => reading.form === known)) {
      return hits.some((hit) => hit.form === known) ? known : null
    }
    const [only, another] = hits
    if (another) return 'several'
    return only && (only.form === 'raw' || only.agreement === 'same') ? only.form : null
  }
}
