import { expect, it } from 'vitest'
import { synthesis } from '../support/synthesis.ts'

/** Hashes of assets change with every line of code: what is compared is everything else. */
const withoutHashes = (template: unknown): string =>
  `${JSON.stringify(template, null, 2).replaceAll(/\b[0-9a-f]{64}\b/g, '<hash>')}\n`

it('the whole template is as it was looked at', async () => {
  const { template } = synthesis('dev')
  await expect(withoutHashes(template)).toMatchFileSnapshot('./vectors/dakghar-dev.json')
})
