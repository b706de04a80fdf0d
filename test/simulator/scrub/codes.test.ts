import { describe, expect, it } from 'vitest'
import { explainer } from '../../../shared/dlt/reasons/explain.ts'
import { errorsOf, NUMBERINGS, SCRUB_REASONS } from '../../../simulator/scrub/codes.ts'

describe('the numbers of a refusal', () => {
  it.each(NUMBERINGS)('of %s are read as the reason they stand for', (numbering) => {
    const errors = errorsOf(numbering)
    const isDialect = numbering === 'kaleyra' || numbering === 'route-mobile'
    const explain = explainer(isDialect ? { dialect: numbering } : {})
    for (const reason of SCRUB_REASONS) {
      expect(explain(`err:${errors[reason]}`)).toMatchObject({ reason, known: true, dlt: true })
    }
  })

  it.each([
    ['6xx', '633'],
    ['4xx', '429'],
    ['5xxx', '5307'],
    ['other', '120'],
    ['kaleyra', '023'],
    ['route-mobile', '633'],
  ] as const)('of %s: %s is another text than the template', (numbering, err) => {
    expect(errorsOf(numbering).template_mismatch).toBe(err)
  })

  it('are taken from another family where one has none', () => {
    expect(errorsOf('6xx').multipart_incomplete).toBe('444')
    expect(errorsOf('kaleyra').entity_unknown).toBe('600')
  })
})
