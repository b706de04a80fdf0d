/** The scenarios of `dakghar simulate`: some by name, any from a file. */
import { Scenario, type ScenarioInput } from '../simulator/faults/scenario.ts'
import { UsageError } from './command.ts'
import { readJsonFile } from './input.ts'

export const SCENARIOS = {
  ordinary: {
    summary: 'receipts after 0.2 to 3 s, one in ten a failure (default)',
  },
  perfect: {
    summary: 'everything delivered at once',
    settings: { outcomes: { DELIVRD: 1 }, receiptDelayMs: { min: 0, max: 0 } },
  },
  slow: {
    summary: 'responses after 0.2 to 2 s, receipts after 5 to 60 s',
    settings: { responseDelayMs: { min: 200, max: 2_000 }, receiptDelayMs: { min: 5_000, max: 60_000 } },
  },
  throttling: {
    summary: 'every tenth submit_sm refused with ESME_RTHROTTLED (0x58)',
    events: [{ at: 0, do: { fault: 'throttle', nth: 10 } }],
  },
  'queue-full': {
    summary: 'every tenth submit_sm refused with ESME_RMSGQFUL (0x14)',
    events: [{ at: 0, do: { fault: 'queue-full', nth: 10 } }],
  },
  silent: {
    summary: 'every tenth submit_sm accepted and reported, but never answered',
    events: [{ at: 0, do: { fault: 'drop-response', nth: 10 } }],
  },
  unreported: {
    summary: 'every tenth submit_sm accepted, but its receipt never comes',
    events: [{ at: 0, do: { fault: 'no-receipts', nth: 10 } }],
  },
  'hex-decimal': {
    summary: 'message ids in hexadecimal in responses, in decimal in receipts, and no TLVs to help',
    settings: { idFormat: 'hex', receiptIdFormat: 'decimal', receiptStyle: 'text' },
  },
} as const satisfies Record<string, ScenarioInput>

export const scenarioNames: readonly string[] = Object.keys(SCENARIOS)

/**
 * The scenario of that name, or else the one in the file of that name.
 *
 * @throws UsageError when it is neither a name nor, by its looks, a file.
 * @throws InputError when the file cannot be read, or holds no scenario.
 */
export async function scenarioOf(nameOrFile: string): Promise<Scenario> {
  if (Object.hasOwn(SCENARIOS, nameOrFile))
    return Scenario.parse(SCENARIOS[nameOrFile as keyof typeof SCENARIOS])
  if (!/\.json$|\//.test(nameOrFile))
    throw new UsageError(`--scenario must be one of ${scenarioNames.join(', ')}, or a .json file`)
  return readJsonFile(nameOrFile, Scenario, 'scenario')
}
