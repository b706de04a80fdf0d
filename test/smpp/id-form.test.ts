import { describe, expect, it } from 'vitest'
import { type Hit, IdForms } from '../../shared/smpp/id-form.ts'
import { type IdForm, type IdMode, readings } from '../../shared/smpp/message-id.ts'

const same = (...forms: IdForm[]): Hit[] => forms.map((form) => ({ form, agreement: 'same' }))
const unknown = (...forms: IdForm[]): Hit[] => forms.map((form) => ({ form, agreement: 'unknown' }))
const taken = (mode: IdMode | IdForms, id: string, hits: Hit[]) => {
  const forms = mode instanceof IdForms ? mode : new IdForms(mode)
  return forms.judge(readings(id, 'auto'), hits).take
}

function taught(...lessons: [form: IdForm, times: number][]): IdForms {
  const forms = new IdForms('auto')
  for (const [form, times] of lessons) for (let n = 0; n < times; n++) forms.learn(form)
  return forms
}

describe('what a pair proves', () => {
  const proof = (id: string, hits: Hit[]) => new IdForms('auto').judge(readings(id, 'auto'), hits).proves

  it('is its form, when no other form names a message of that number', () => {
    expect(proof('1000', same('dec'))).toBe('dec')
    expect(proof('1000', same('hex'))).toBe('hex')
    expect(proof('1000', same('raw'))).toBe('raw')
  })

  it('is nothing when two forms do: 1000 is the decimal of 3e8 and a response of its own', () => {
    expect(proof('1000', same('raw', 'dec'))).toBeNull()
  })

  it('is nothing when the receipt gives no number', () => {
    expect(proof('1000', unknown('dec'))).toBeNull()
  })

  it('is nothing for an id all forms write alike, as 7 or a UUID', () => {
    expect(proof('7', same('raw'))).toBeNull()
    expect(proof('74e02ee1-4e2f-4a6e-a78b-4b247d756a22', same('raw'))).toBeNull()
  })
})

describe('a form', () => {
  it('is known after eight pairs, not after seven', () => {
    expect(taught(['dec', 7]).known).toBeNull()
    expect(taught(['dec', 8]).known).toBe('dec')
  })

  it('is not known when another came in between', () => {
    expect(taught(['dec', 7], ['raw', 1], ['dec', 7]).known).toBeNull()
    expect(taught(['dec', 7], ['raw', 8]).known).toBe('raw')
  })

  it('barely known is given up for one contradiction', () => {
    expect(taught(['dec', 8], ['raw', 1]).known).toBeNull()
  })

  it('known by many pairs survives three contradictions, and not a fourth', () => {
    expect(taught(['dec', 1_000], ['raw', 3]).known).toBe('dec')
    expect(taught(['dec', 1_000], ['raw', 4]).known).toBeNull()
  })

  it('is replaced when the gateway changes its ways', () => {
    expect(taught(['dec', 1_000], ['raw', 12]).known).toBe('raw')
  })

  it('is never known of a gateway that writes one receipt in four otherwise', () => {
    const forms = new IdForms('auto')
    for (let n = 0; n < 1_000; n++) {
      forms.learn(n % 4 === 0 ? 'raw' : 'dec')
      expect(forms.known).toBeNull()
    }
  })

  it('is known from the start where the route says it, until the gateway shows otherwise', () => {
    const forms = new IdForms('dec')
    expect(forms.known).toBe('dec')
    forms.learn('raw')
    expect(forms.known).toBeNull()
    expect(new IdForms('hex').known).toBe('hex')
    expect(new IdForms('raw').known).toBe('raw')
    expect(new IdForms('auto').known).toBeNull()
  })
})

describe('pairs of no order', () => {
  const together = (mode: IdMode, ...pairs: [form: IdForm, times: number][]) => {
    const forms = new IdForms(mode)
    forms.learnTogether(pairs.flatMap(([form, times]) => Array<IdForm>(times).fill(form)))
    return forms.known
  }

  it('teach as many, and each in another form takes as much', () => {
    expect(together('auto', ['dec', 7])).toBeNull()
    expect(together('auto', ['dec', 8])).toBe('dec')
    expect(together('auto', ['raw', 1], ['dec', 15])).toBeNull()
    expect(together('auto', ['raw', 1], ['dec', 16])).toBe('dec')
  })

  it('leave what the route says as it is, until they say otherwise', () => {
    expect(together('dec')).toBe('dec')
    expect(together('dec', ['dec', 3])).toBe('dec')
    expect(together('dec', ['raw', 1])).toBeNull()
    expect(together('dec', ['raw', 8])).toBe('raw')
  })
})

describe('as long as nothing is known', () => {
  it('the one message named is taken when the number agrees', () => {
    expect(taken('auto', '1000', same('dec'))).toBe('dec')
    expect(taken('auto', '1000', [])).toBeNull()
  })

  it('several are left open', () => {
    expect(taken('auto', '1000', same('raw', 'dec'))).toBe('several')
    expect(taken('auto', '1000', unknown('raw', 'dec'))).toBe('several')
  })

  it('without a number only the id as it is counts', () => {
    expect(taken('auto', '1000', unknown('raw'))).toBe('raw')
    expect(taken('auto', '1000', unknown('dec'))).toBeNull()
  })
})

describe('what is known', () => {
  const dec = taught(['dec', 8])

  it('decides between several messages of a subscriber', () => {
    expect(taken(dec, '1000', same('raw', 'dec', 'hex'))).toBe('dec')
  })

  it('needs no number', () => {
    expect(taken(dec, '1000', unknown('raw', 'dec'))).toBe('dec')
  })

  it('leaves alone what only another form names: its own message is not remembered', () => {
    expect(taken(dec, '1000', same('raw'))).toBeNull()
    expect(taken(taught(['raw', 8]), '1000', same('dec'))).toBeNull()
  })

  it('says nothing of an id that cannot be read so', () => {
    expect(taken(dec, '39f99dd5', same('raw'))).toBe('raw')
    expect(taken(dec, '74e02ee1-4e2f-4a6e-a78b-4b247d756a22', unknown('raw'))).toBe('raw')
    expect(taken(dec, '7', unknown('raw'))).toBe('raw')
  })
})
