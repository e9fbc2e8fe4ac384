import { type ConfigSnapshot, canonicalJson, isEnded, type JobSpec } from '@tron/model'
import type { JobRow, RunRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import { disableJob } from './commands.ts'
import type { DecideContext } from './context.ts'
import { readFoundNumbers } from './found-numbers.ts'
import {
  drawNode,
  oldestQueued,
  passDisabled,
  pendingRun,
  planNext,
  plannedFor,
  putActions,
  slotSeed,
} from './plan.ts'
import { endUnstarted, putRun } from './run-life.ts'
import { accountedTo, recordSlot } from './slots.ts'
import { holdBack } from './take-over.ts'

interface Applied {
  readonly snapshot: ConfigSnapshot
  readonly actor: string
}

/** Brings the jobs in step with a configuration: new ones are planned, changed ones replanned, missing ones retired with their history kept. */
export function configure(draft: Draft, context: DecideContext, applied: Applied): void {
  const { snapshot } = applied
  for (const spec of Object.values(snapshot.jobs)) {
    const job = draft.view.jobs.get(spec.id)
    if (job === undefined) addJob(draft, context, spec)
    else if (job.removed) readdJob(draft, context, { job, spec })
    else if (job.specHash !== spec.hash) changeJob(draft, context, { job, spec, ...applied })
  }
  for (const job of draft.view.jobs.all()) {
    if (!job.removed && snapshot.jobs[job.id] === undefined && isGone(snapshot, job)) {
      disableJob(draft, context, { job, reason: `removed from the configuration by ${applied.actor}` })
      const after = draft.view.jobs.get(job.id) ?? job
      draft.put({ table: 'jobs', row: { ...after, removed: true } })
    }
  }
  holdBack(draft, context)
  draft.put({ table: 'meta', row: { key: 'config', value: snapshot.hash } })
}

/** A namespace that could not be read says nothing about its jobs. */
function isGone(snapshot: ConfigSnapshot, job: JobRow): boolean {
  const namespace = job.id.slice(0, job.id.indexOf('.'))
  return !snapshot.leftOut.includes(namespace)
}

function putSpec(draft: Draft, spec: JobSpec): void {
  draft.put({ table: 'specs', row: { hash: spec.hash, body: spec } })
}

function addJob(draft: Draft, context: DecideContext, spec: JobSpec): void {
  putNewJob(draft, spec)
  planNext(draft, context, spec.id)
}

/** Enters a job that the records do not know, with nothing planned. Its numbers begin above those that nodes were found to hold of it. */
export function putNewJob(draft: Draft, spec: JobSpec): void {
  putSpec(draft, spec)
  draft.put({
    table: 'jobs',
    row: {
      id: spec.id,
      specHash: spec.hash,
      enabled: spec.enabled,
      configEnabled: spec.enabled,
      removed: false,
      nextNumber: readFoundNumbers(draft.view)[spec.id] ?? 0,
      lastSlotMs: null,
      openSlot: null,
      lastSuccessNumber: null,
      lastSuccessMs: null,
      lastSuccessRunMs: null,
      blocked: null,
    },
  })
}

function readdJob(
  draft: Draft,
  context: DecideContext,
  readded: { readonly job: JobRow; readonly spec: JobSpec },
): void {
  const { job, spec } = readded
  putSpec(draft, spec)
  draft.put({
    table: 'jobs',
    row: {
      ...job,
      specHash: spec.hash,
      removed: false,
      enabled: spec.enabled,
      configEnabled: spec.enabled,
      lastSlotMs: Math.max(job.lastSlotMs ?? 0, context.nowMs),
    },
  })
  planNext(draft, context, job.id)
}

function changeJob(
  draft: Draft,
  context: DecideContext,
  changed: Applied & { readonly job: JobRow; readonly spec: JobSpec },
): void {
  const { job, spec, actor } = changed
  putSpec(draft, spec)
  const enabled = spec.enabled === job.configEnabled ? job.enabled : spec.enabled
  const row = { ...job, specHash: spec.hash, enabled, configEnabled: spec.enabled, openSlot: null }
  draft.put({ table: 'jobs', row })
  if (!enabled) {
    if (job.enabled)
      disableJob(draft, context, { job: row, reason: `disabled by the configuration of ${actor}` })
    return
  }
  if (!job.enabled) passDisabled(draft, context, row)
  const pending = pendingRun(draft.view, job.id)
  if (pending !== undefined) replan(draft, context, { ...changed, run: pending })
  const queued = oldestQueued(draft.view, job.id)
  if (queued !== undefined) rebuild(draft, context, { run: queued, spec })
  if (pending === undefined && queued === undefined && isMoved(context, job, spec)) {
    const after = draft.view.jobs.get(job.id) ?? row
    draft.put({ table: 'jobs', row: accountedTo(after, context.nowMs) })
  }
  planNext(draft, context, job.id)
}

/** A new schedule owes nothing of the time before it. */
function isMoved(
  context: DecideContext,
  { specHash }: { readonly specHash: string },
  spec: JobSpec,
): boolean {
  const before = context.spec(specHash).schedule
  return canonicalJson({ ...before }) !== canonicalJson({ ...spec.schedule })
}

/** A pending run follows its job: its actions, and its instant where the schedule changed and it has not come yet. */
function replan(
  draft: Draft,
  context: DecideContext,
  replanned: Applied & { readonly spec: JobSpec; readonly run: RunRow },
): void {
  const { run, spec, snapshot, actor } = replanned
  const comesMs = Math.min(run.dueMs ?? 0, run.slotMs ?? 0)
  if (!isMoved(context, run, spec) || comesMs <= context.nowMs) {
    rebuild(draft, context, { run, spec })
    return
  }
  const schedule = context.schedule(spec)
  const job = draft.view.jobs.get(run.job)
  if (job === undefined || run.slotMs === null) return
  // Nothing at or before a slot that is accounted for: its run may have been started before its time.
  const instant = schedule.next(Math.max(context.nowMs, job.lastSlotMs ?? context.nowMs))
  if (schedule.next(run.slotMs - 1)?.atMs !== run.slotMs) {
    const reason = `by config ${snapshot.hash.slice(0, 12)} of ${actor}`
    recordSlot(draft, run, { outcome: 'withdrawn', reason })
  }
  // The new schedule owes nothing of the time before it.
  const after = draft.view.jobs.get(run.job) ?? job
  draft.put({ table: 'jobs', row: accountedTo(after, context.nowMs) })
  if (instant === null) {
    endUnstarted(draft, context, { run, reason: 'the schedule names no instant any more' })
    return
  }
  rebuild(draft, context, { run: { ...run, ...plannedFor(context, spec, instant.atMs) }, spec })
}

/** Gives a run that has not started the actions, zone and node of the present configuration. */
function rebuild(
  draft: Draft,
  context: DecideContext,
  rebuilt: { readonly run: RunRow; readonly spec: JobSpec },
): void {
  const { run, spec } = rebuilt
  const before = draft.view.actions.by('run', run.id)
  for (const action of before) draft.remove({ table: 'actions', key: action.id })
  const seed = slotSeed(run.job, run.slotMs ?? run.createdMs)
  const row = {
    ...run,
    specHash: spec.hash,
    zone: spec.schedule.zone,
    node: drawNode(context, spec.node, seed),
  }
  putRun(draft, row)
  putActions(draft, context, { run: row, spec, seed })
  for (const action of draft.view.actions.by('run', run.id)) {
    const judged = before.find(({ name, state }) => name === action.name && isEnded(state))
    // A verdict on an action that is still asked for stays.
    if (judged !== undefined) draft.put({ table: 'actions', row: judged })
    else if (run.phase === 'queued') draft.put({ table: 'actions', row: { ...action, state: 'queued' } })
  }
}
