import { z } from 'zod'
import { Settings } from '../settings.ts'
import { Fault } from './fault.ts'
import { Milliseconds } from './latency.ts'

const Duration = Milliseconds.refine((ms) => ms > 0, { message: 'must be above 0' })
/** How long a lasting fault lasts; for ever when left out. Means nothing to one that happens at once. */
const lasting = { for: Duration.optional(), do: Fault }

/** One line of a scenario; moments are milliseconds since the simulator started. */
export const ScenarioEvent = z.union([
  /** Once, at a moment. */
  z.strictObject({ at: Milliseconds, ...lasting }),
  /** Again and again, the first time after one period. */
  z
    .strictObject({ every: Duration, ...lasting })
    .refine((event) => event.for === undefined || event.for <= event.every, {
      message: 'for must not exceed every',
    }),
  /** Once, as soon as so many submit_sm were accepted; the last of them is not answered yet. */
  z.strictObject({ when: z.strictObject({ submitted: z.number().int().min(1) }), ...lasting }),
])
export type ScenarioEvent = z.infer<typeof ScenarioEvent>

/** A way to misbehave: steady settings, and what goes wrong when. */
export const Scenario = z.strictObject({
  summary: z.string().default(''),
  settings: Settings.partial().default({}),
  events: z.array(ScenarioEvent).default([]),
})
export type Scenario = z.infer<typeof Scenario>
export type ScenarioInput = z.input<typeof Scenario>
