import fc from 'fast-check'

/**
 * The same commit gets the same verdict: property tests draw from one seed, unless another is asked for
 * (`PROPERTY_SEED=random npm test`, or the number that a failure printed).
 */
const asked = process.env.PROPERTY_SEED ?? '20260801'
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked) })
