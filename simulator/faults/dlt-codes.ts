/**
 * `err:` codes of DLT scrubbing, by family: operators number the same reasons differently (facts A9). A few of each
 * kind: entity, telemarketer, chain, header, template, text, variable, category, parts, preference, hours, consent.
 */
export const DLT_FAMILIES = {
  '6xx': list('600 605 614 620 624 630 633 634 635 636 650 651 660 670 683'),
  '4xx': list('412 417 421 426 429 430 431 432 435 437 438 440 444 446 458'),
  '5xxx': list('5101 5107 5201 5205 5213 5301 5303 5305 5307 5308 5310 5312 5501 5601'),
  other: list('103 111 113 114 115 119 120 122 125 126 801 803 805 811 9027'),
} as const

export type DltFamily = keyof typeof DLT_FAMILIES
export const DLT_FAMILY_NAMES = Object.keys(DLT_FAMILIES) as [DltFamily, ...DltFamily[]]

function list(codes: string): readonly string[] {
  return codes.split(' ')
}
