import { type EpochMs, Msisdn } from '../../shared/ids.ts'
import type { SuppressionEntry } from '../../shared/suppression/entry.ts'
import type { ListNumbers, LoadedList, SuppressionList } from '../../shared/suppression/list.ts'

export const ASHA = Msisdn.parse('919876543210')
export const BALU = Msisdn.parse('919876543211')

/** ASHA, suppressed by the tenant; give what a test is about. */
export const anEntry = (fields: Partial<SuppressionEntry> = {}): SuppressionEntry => ({
  ...{ msisdn: ASHA, state: 'suppressed', reason: 'api', at: Date.UTC(2026, 8, 1, 6), note: null },
  ...fields,
})

/** A list that awaits its upload. */
export const aList = (fields: Partial<SuppressionList> = {}): SuppressionList => ({
  ...{ id: '01K6S0PPRESS00000000000001', name: 'Own DND list', state: 'awaiting', rev: 0, mapping: {} },
  ...{
    createdAt: Date.UTC(2026, 8, 1, 5),
    statedAt: null,
    loadedAt: null,
    numbers: null,
    digest: null,
    problem: null,
  },
  ...fields,
})

/** A list that was asked for and loaded at this moment. */
export const aLoadedList = (at: EpochMs, fields: Partial<LoadedList> = {}): LoadedList => ({
  ...aList(),
  ...{ state: 'loaded', statedAt: at, loadedAt: at, numbers: someListNumbers(), digest: 'abc1' },
  ...fields,
})

export const someListNumbers = (fields: Partial<ListNumbers> = {}): ListNumbers => ({
  ...{ rows: 2, accepted: 2, invalid: 0, duplicates: 0, firstInvalid: [] },
  ...fields,
})
