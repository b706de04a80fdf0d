/**
 * The check of a campaign: reads the upload once and compiles it into the plan the job names. Killed at any moment and
 * started again it writes the same objects; the campaign learns of the plan only when all of it is there.
 */
import { changeCampaign } from '../../shared/campaign/change.ts'
import type { CourseDeps } from '../../shared/campaign/course.ts'
import { launchCampaign } from '../../shared/campaign/launch.ts'
import { MAX_UPLOAD_BYTES, type PlanManifest, readManifest } from '../../shared/campaign/plan.ts'
import { manifestKey } from '../../shared/campaign/plan-keys.ts'
import { messageComposer } from '../../shared/campaign/plan-message.ts'
import { CheckTally } from '../../shared/campaign/plan-numbers.ts'
import { maxMessageJsonBytes } from '../../shared/campaign/plan-pages.ts'
import type { CampaignRecord, CheckNumbers } from '../../shared/campaign/record.ts'
import { checkedComposer, readingOf } from '../../shared/campaign/row-check.ts'
import { sentBefore } from '../../shared/campaign/sent-before.ts'
import { type CampaignEvent, move, type Problem } from '../../shared/campaign/states.ts'
import type { CompileJob } from '../../shared/contracts/jobs.ts'
import { FileRefused } from '../../shared/csv/errors.ts'
import { readRecipients } from '../../shared/csv/recipients.ts'
import { RejectedRowsFormat } from '../../shared/csv/rejected-rows.ts'
import { valueCtaScanner } from '../../shared/dlt/cta/check.ts'
import { Conflict } from '../../shared/errors.ts'
import type { Log } from '../../shared/log.ts'
import type { ObjectStore, Suppressions } from '../../shared/ports.ts'
import { suppressedNumbers } from '../suppress/suppressed-numbers.ts'
import { hashed } from './hashed.ts'
import { PlanWriter } from './plan-writer.ts'
import { progressNotes } from './progress-notes.ts'
import { readSetting, type Setting } from './setting.ts'

export interface CompileDeps extends CourseDeps {
  objects: ObjectStore
  suppressions: Suppressions
  log: Log
}

/** How a job ended; `dropped` when the campaign is not, or no longer, checking this plan. */
export type CompileEnd = 'checked' | 'launched' | 'refused' | 'dropped'

/** `numbers` of a file that was read to its end. */
type Verdict =
  | { ok: true; manifest: PlanManifest }
  | { ok: false; problem: Problem; numbers: CheckNumbers | null }

export async function compileUpload(
  deps: CompileDeps,
  job: CompileJob,
  options: { maxUploadBytes: number } = { maxUploadBytes: MAX_UPLOAD_BYTES },
): Promise<CompileEnd> {
  const campaign = await deps.registry.campaign(job.tenant, job.campaign)
  if (!isCheckOf(campaign, job)) return dropped(deps, job)
  const verdict = await check(deps, campaign, job, options.maxUploadBytes)
  const end = verdict.ok
    ? await checkDone(deps, job, verdict.manifest)
    : await checkRefused(deps, job, verdict)
  if (end === 'dropped') return dropped(deps, job)
  deps.log.info('check ended', { campaign: job.campaign, plan: job.plan, end, ...summaryOf(verdict) })
  return end
}

const isCheckOf = (campaign: CampaignRecord | null, job: CompileJob): campaign is CampaignRecord =>
  campaign?.state === 'checking' && campaign.checking?.plan === job.plan

function dropped(deps: CompileDeps, job: CompileJob): 'dropped' {
  deps.log.info('compile job dropped: the campaign is not checking this plan', {
    campaign: job.campaign,
    plan: job.plan,
  })
  return 'dropped'
}

const summaryOf = (verdict: Verdict) =>
  verdict.ok
    ? { rows: verdict.manifest.numbers.rows, accepted: verdict.manifest.numbers.accepted }
    : { problem: verdict.problem.code }

async function check(
  deps: CompileDeps,
  campaign: CampaignRecord,
  job: CompileJob,
  maxUploadBytes: number,
): Promise<Verdict> {
  const done = await deps.objects.get(manifestKey(job.campaign, job.plan))
  if (done !== null) return { ok: true, manifest: readManifest(done.toString('utf8')) }
  const setting = await readSetting(deps, campaign, job.plan)
  if (!setting.ok) return { ...setting, numbers: null }
  const upload = await deps.objects.head(campaign.uploadKey)
  if (upload === null) return UPLOAD_MISSING
  if (upload.bytes > maxUploadBytes) return tooLarge(upload.bytes, maxUploadBytes)
  try {
    return await compile(deps, campaign, setting.read)
  } catch (error) {
    if (error instanceof FileRefused) return refused(error.code, error.message)
    throw error
  }
}

/** @throws FileRefused, and what the ports throw: the job is then delivered again. */
async function compile(deps: CompileDeps, campaign: CampaignRecord, setting: Setting): Promise<Verdict> {
  const { template, ctas, head, referenceBits } = setting
  const suppression = await suppressedNumbers(deps, campaign, head.plan)
  if (!suppression.ok) return { ...suppression, numbers: null }
  const upload = await deps.objects.getStream(campaign.uploadKey)
  if (upload === null) return UPLOAD_MISSING
  const source = hashed(upload.body)
  const compose = checkedComposer(
    messageComposer(template, referenceBits, maxMessageJsonBytes(head)),
    valueCtaScanner(template, ctas),
  )
  const file = await readRecipients(source.chunks, {
    ...readingOf(template, campaign.mapping, compose),
    suppressed: suppression.suppressed,
  })
  const noteProgress = progressNotes(deps, campaign, head.plan, upload.bytes)
  const writer = new PlanWriter(deps.objects, head, new RejectedRowsFormat(file.columns))
  const tally = new CheckTally(setting)
  try {
    await writer.start()
    for await (const chunk of file.chunks) {
      tally.add(chunk)
      await writer.add(chunk)
      await noteProgress(file.consumed.bytes, tally.rows)
    }
    const fileHash = source.digest()
    const plan = await writer.finish(file.numbers, { segments: tally.segments, fileHash })
    const numbers = tally.numbers(await sentBefore(deps, campaign, fileHash))
    if (numbers.accepted === 0) return nobodyLeft(numbers)
    const manifest: PlanManifest = { v: 1, campaign: campaign.id, plan, numbers }
    await writer.complete(manifest)
    return { ok: true, manifest }
  } catch (error) {
    await writer.abort(error as Error)
    throw error
  }
}

/**
 * With `thenLaunch` the campaign goes from checking to sending in one update: were it stored as checked first, a crash
 * in between would leave a job that finds nothing to do, and a campaign nobody launches.
 */
async function checkDone(deps: CompileDeps, job: CompileJob, manifest: PlanManifest): Promise<CompileEnd> {
  const event = { kind: 'checkDone', plan: manifest.plan, numbers: manifest.numbers } as const
  const moment = { now: deps.clock.now(), timing: deps.timing }
  const campaign = await deps.registry.campaign(job.tenant, job.campaign)
  if (!isCheckOf(campaign, job)) return 'dropped'
  if (campaign.checking?.thenLaunch) {
    const { allowRepeat } = campaign.checking
    try {
      await launchCampaign(deps, move(campaign, event, moment), { allowRepeat })
      return 'launched'
    } catch (error) {
      if (!(error instanceof Conflict) || error.code !== 'sent_before') throw error
      return checkedOnly(deps, job, event, { code: error.code, message: error.message })
    }
  }
  return checkedOnly(deps, job, event, null)
}

/** @param problem why it was not launched although that was asked for. */
async function checkedOnly(
  deps: CompileDeps,
  job: CompileJob,
  event: Extract<CampaignEvent, { kind: 'checkDone' }>,
  problem: Problem | null,
): Promise<CompileEnd> {
  const moment = { now: deps.clock.now(), timing: deps.timing }
  const isDone = await changeWhileChecking(deps, job, (current) => ({
    ...move(current, event, moment),
    problem,
  }))
  return isDone ? 'checked' : 'dropped'
}

async function checkRefused(
  deps: CompileDeps,
  job: CompileJob,
  { problem, numbers }: Extract<Verdict, { ok: false }>,
): Promise<CompileEnd> {
  const event = { kind: 'checkRefused', plan: job.plan, problem, numbers } as const
  const moment = { now: deps.clock.now(), timing: deps.timing }
  const isDone = await changeWhileChecking(deps, job, (current) => move(current, event, moment))
  return isDone ? 'refused' : 'dropped'
}

/** Answers false when the campaign has stopped checking this plan meanwhile: it was cancelled, or checked anew. */
async function changeWhileChecking(
  deps: CompileDeps,
  job: CompileJob,
  change: (campaign: CampaignRecord) => CampaignRecord,
): Promise<boolean> {
  let changed = false
  await changeCampaign(deps.registry, job.tenant, job.campaign, (campaign) => {
    changed = isCheckOf(campaign, job)
    return changed ? change(campaign) : null
  })
  return changed
}

const refused = (code: string, message: string, numbers: CheckNumbers | null = null): Verdict => ({
  ok: false,
  problem: { code, message },
  numbers,
})

const UPLOAD_MISSING = refused(
  'upload_missing',
  'No file has been uploaded for this campaign: post it with the form in the answer that created it, and check again.',
)

const MIB = 1024 * 1024
const tooLarge = (bytes: number, most: number): Verdict =>
  refused(
    'file_too_large',
    `The file has ${(bytes / MIB).toFixed(1)} MiB, at most ${(most / MIB).toFixed(1)} MiB can be checked: split it.`,
  )

function nobodyLeft(numbers: CheckNumbers): Verdict {
  const counts = { ...numbers.reasons, ...(numbers.suppressed > 0 && { suppressed: numbers.suppressed }) }
  const reasons = Object.entries(counts).map(([code, rows]) => `${code} (${rows})`)
  const first = numbers.firstInvalid[0]
  return refused(
    'no_recipients',
    `None of the ${numbers.rows} rows can be sent: ${reasons.join(', ')}.` +
      (first
        ? ` The first, line ${first.line}: ${first.message}. GET …/invalid has them all, to be repaired.`
        : ''),
    numbers,
  )
}
