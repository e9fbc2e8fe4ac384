import { type ConfigSnapshot, canonicalJson, type JobSpec } from '@tron/model'
import type { JobRow, RunRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import { disableJob } from './commands.ts'
import type { DecideContext } from './context.ts'
import { drawNode, oldestQueued, passOver, pendingRun, planNext, putActions } from './plan.ts'
import { endUnstarted, putRun } from './run-life.ts'
import { recordSlot } from './slots.ts'

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
  draft.put({ table: 'meta', row: { key: 'config', value: snapshot.hash } })
}

/** A namespace that could not be read says nothing about its jobs. */
function isGone(snapshot: ConfigSnapshot, job: JobRow): boolean {
  const namespace = job.id.slice(0, job.id.indexOf('.'))
  if (snapshot.namespaces.includes(namespace)) return true
  return !snapshot.problems.some((problem) => problem.severity === 'error')
}

function putSpec(draft: Draft, spec: JobSpec): void {
  draft.put({ table: 'specs', row: { hash: spec.hash, body: spec } })
}

function addJob(draft: Draft, context: DecideContext, spec: JobSpec): void {
  putSpec(draft, spec)
  draft.put({
    table: 'jobs',
    row: {
      id: spec.id,
      specHash: spec.hash,
      enabled: spec.enabled,
      configEnabled: spec.enabled,
      removed: false,
      nextNumber: 0,
      lastSlotMs: null,
      openSlot: null,
      lastSuccessMs: null,
      lastSuccessRunMs: null,
      blocked: null,
    },
  })
  planNext(draft, context, spec.id)
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
  if (!job.enabled) {
    passOver(draft, context, {
      job: row,
      untilMs: context.nowMs,
      outcome: 'disabled',
      reason: 'the job was disabled',
    })
  }
  const pending = pendingRun(draft.view, job.id)
  if (pending !== undefined) replan(draft, context, { ...changed, run: pending })
  const queued = oldestQueued(draft.view, job.id)
  if (queued !== undefined) rebuild(draft, context, { run: queued, spec })
  planNext(draft, context, job.id)
}

/** A pending run follows its job: its actions, and its instant where the schedule changed and it has not come yet. */
function replan(
  draft: Draft,
  context: DecideContext,
  replanned: Applied & { readonly spec: JobSpec; readonly run: RunRow },
): void {
  const { run, spec, snapshot, actor } = replanned
  const before = context.spec(run.specHash).schedule
  const same = canonicalJson({ ...before }) === canonicalJson({ ...spec.schedule })
  if (same || (run.dueMs ?? 0) <= context.nowMs) {
    rebuild(draft, context, { run, spec })
    return
  }
  const instant = context.schedule(spec).next(context.nowMs)
  if (instant?.atMs !== run.slotMs) {
    const reason = `by config ${snapshot.hash.slice(0, 12)} of ${actor}`
    recordSlot(draft, run, { outcome: 'withdrawn', reason })
  }
  const job = draft.view.jobs.get(run.job)
  if (job !== undefined) {
    draft.put({ table: 'jobs', row: { ...job, lastSlotMs: instant?.atMs ?? context.nowMs } })
  }
  if (instant === null) {
    endUnstarted(draft, context, { run, reason: 'the schedule names no instant any more' })
    return
  }
  const moved = { ...run, slotMs: instant.atMs, runMs: instant.atMs, dueMs: instant.atMs }
  rebuild(draft, context, { run: moved, spec })
}

/** Gives a run that has not started the actions, zone and node of the present configuration. */
function rebuild(
  draft: Draft,
  context: DecideContext,
  rebuilt: { readonly run: RunRow; readonly spec: JobSpec },
): void {
  const { run, spec } = rebuilt
  for (const action of draft.view.actions.by('run', run.id)) {
    draft.remove({ table: 'actions', key: action.id })
  }
  const seed = `${run.job}/s${run.slotMs ?? run.createdMs}/0`
  const row = {
    ...run,
    specHash: spec.hash,
    zone: spec.schedule.zone,
    node: drawNode(context, spec.node, seed),
  }
  putRun(draft, row)
  putActions(draft, context, { run: row, spec, seed })
  if (run.phase === 'queued') {
    for (const action of draft.view.actions.by('run', run.id)) {
      draft.put({ table: 'actions', row: { ...action, state: 'queued' } })
    }
  }
}
