/**
 * A set of values as an automaton that reads character by character. One description serves two: the check of a value
 * (where does it break?) and the match of a text (where may this variable end?), so they cannot disagree.
 */

export interface ValueForm {
  /** Next state by `state << 7 | ASCII code`, {@link DEAD} when the character cannot stand there. State 0 begins. */
  next: Uint8Array
  /** By state: 1 when a value may end there. */
  accepting: Uint8Array
  /** Whether a character beyond ASCII may stand anywhere in the value; it leaves the state as it is. */
  allowsBeyondAscii: (point: number) => boolean
  /** For sentences: what it takes, "digits only". */
  says: string
}

export const DEAD = 0xff
const ASCII = 0x80

/** The state after `point`, {@link DEAD} when no value of this form goes on with it. */
export function nextState(form: ValueForm, state: number, point: number): number {
  if (point < ASCII) return form.next[(state << 7) | point]!
  return form.allowsBeyondAscii(point) ? state : DEAD
}

/** Whether the form is a set of characters, in any order: then values may begin and end anywhere in a run of them. */
export const isCharacterSet = (form: ValueForm): boolean =>
  form.accepting.length === 1 && form.accepting[0] === 1

const nothing = (): boolean => false

/** Values made of these characters, in any order; the empty one too. */
export function characterSet(
  says: string,
  allowsAscii: (character: string) => boolean,
  allowsBeyondAscii: ValueForm['allowsBeyondAscii'] = nothing,
): ValueForm {
  return {
    ...automaton(
      says,
      0,
      (_, character) => (allowsAscii(character) ? 0 : null),
      () => true,
    ),
    allowsBeyondAscii,
  }
}

/**
 * The automaton of ASCII values that these functions describe, with every state that can be reached from `start`.
 * @throws RangeError when it has more states than a table of octets can hold.
 */
export function automaton<State>(
  says: string,
  start: State,
  step: (state: State, character: string) => State | null,
  accepts: (state: State) => boolean,
): ValueForm {
  const states = [start]
  const next: number[] = []
  for (let state = 0; state < states.length; state++) {
    for (let code = 0; code < ASCII; code++) {
      const following = step(states[state]!, String.fromCharCode(code))
      if (following === null) {
        next.push(DEAD)
        continue
      }
      const known = states.indexOf(following)
      next.push(known === -1 ? states.push(following) - 1 : known)
    }
  }
  if (states.length >= DEAD) throw new RangeError(`${says}: ${states.length} states`)
  return {
    next: Uint8Array.from(next),
    accepting: Uint8Array.from(states, (state) => (accepts(state) ? 1 : 0)),
    allowsBeyondAscii: nothing,
    says,
  }
}
