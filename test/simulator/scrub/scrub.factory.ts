import { chainHash } from '../../../shared/dlt/chain-hash.ts'
import type { Origin } from '../../../simulator/scrub/scrubber.ts'
import { Scrub, type ScrubInput } from '../../../simulator/scrub/setting.ts'

export const ENTITY = '1701158019811140068'
export const OTHER_ENTITY = '1701160000000099999'
export const CHAIN = chainHash(ENTITY, ['1702157000000000001'])

/** Templates of {@link ENTITY}. */
export const ORDER = '1107161191448698079'
export const OFFER = '1107161191448698080'
export const LINK = '1107161191448698081'
export const TYPED = '1107161191448698082'
export const HELPLINE = '1107161191448698083'
/** A template of {@link OTHER_ENTITY}. */
export const FOREIGN = '1107161191448698090'

export const scrubSetting = (setting: Partial<ScrubInput> = {}): Scrub =>
  Scrub.parse({
    registry: {
      entities: [
        {
          id: ENTITY,
          headers: [
            { name: 'DAKGHR' },
            { name: 'DAKSVC', categories: ['service_implicit'] },
            { name: '512345', categories: ['promotional'] },
          ],
          templates: [
            {
              id: ORDER,
              text: 'Dear {#var#},\nyour order {#var#} is shipped. - Dakghar',
              headers: ['DAKGHR'],
              category: 'service_implicit',
            },
            {
              id: OFFER,
              text: 'Sale for {#var#} today. - Dakghar',
              headers: ['512345', 'DAKSVC'],
              category: 'promotional',
            },
            {
              id: LINK,
              text: 'Track your order at {#url#} - Dakghar',
              headers: ['DAKGHR', 'DAKSVC'],
              category: 'service_implicit',
            },
            {
              id: TYPED,
              text: 'Your code is {#var#}. - Dakghar',
              types: ['numeric'],
              headers: ['DAKGHR'],
              category: 'transactional',
            },
            {
              id: HELPLINE,
              text: 'Questions on {#var#}? Call 1800 123 4567. - Dakghar',
              headers: ['DAKGHR'],
              category: 'service_implicit',
            },
          ],
          chain: CHAIN,
          whitelist: {
            urls: [{ kind: 'short', url: 'https://dkg.in/DAKGHR/' }],
            numbers: [],
            emails: [],
          },
        },
        {
          id: OTHER_ENTITY,
          headers: [{ name: 'OTHERS' }],
          templates: [
            { id: FOREIGN, text: 'Hello {#var#}', headers: ['OTHERS'], category: 'service_implicit' },
          ],
        },
      ],
    },
    ...setting,
  })

/** Noon in India. */
export const NOON = Date.parse('2026-11-24T12:00:00+05:30')

/** A message of the order template that passes. */
export const ORDER_TEXT = 'Dear Asha,\nyour order 4711 is shipped. - Dakghar'
export const origin = (fields: Partial<Origin> = {}): Origin => ({
  entityId: ENTITY,
  templateId: ORDER,
  chain: CHAIN,
  source: 'DAKGHR',
  at: NOON,
  ...fields,
})
