import type { ProblemList } from '../problems/problem-list.ts'
import { CONTAINER_SHAPE, isOfContainers } from '../schema/container.ts'
import type { RawAction, RawJob } from '../schema/job.ts'
import { isEmpty } from '../schema/values.ts'
import { member, type Place } from '../yaml/located.ts'

/** Something that is asked for at a key and is not done. */
interface NotDone {
  readonly key: string
  readonly why: string
}

/** Why a job is held, and where that is asked for. */
export interface Held {
  readonly reason: string
  readonly at: string
}

/** Why a job is held because of keys of its own; each reason is also a warning at its key, and so is a key that has no effect. */
export function heldByJob(raw: RawJob, place: Place, problems: ProblemList): readonly Held[] {
  remark(place, 'use_k8s', { raw, why: AS_IN_TRON_3, problems })
  const wanted: NotDone[] = []
  if (raw.all_nodes) wanted.push(notYet('all_nodes', 'running on every node of a pool'))
  if (raw.max_runtime !== undefined) wanted.push(notYet('max_runtime', 'ending runs that take too long'))
  return stated(wanted, place, problems)
}

/** Why a job is held because of where it or one of its actions runs; each reason is also a warning where that is named. */
export function heldByNode(place: Place, reasons: readonly string[], problems: ProblemList): readonly Held[] {
  const node = member(place, 'node')
  if (node === undefined) return []
  const at = { at: node.keyAt, path: node.path }
  for (const why of reasons) problems.warning(at, `${why}; the job is held`)
  return reasons.map((reason) => ({ reason, at: problems.fileAndLineOf(node.keyAt) }))
}

/** What is known of the daemon that is to run an action. */
export interface Abilities {
  /** Null when nobody knows them. */
  readonly executors: ReadonlySet<string> | null
  readonly problems: ProblemList
}

/** Why a job is held because of keys of one of its actions, as `heldByJob`. */
export function heldByAction(
  raw: RawAction,
  place: Place,
  { executors, problems }: Abilities,
): readonly Held[] {
  const { executor = 'ssh', retries = 0, triggered_by: triggers = [] } = raw
  remarkAction(raw, place, problems)
  const wanted: NotDone[] = []
  if (retries > 0) wanted.push(notYet('retries', 'starting an action again after a failure'))
  if (!isEmpty(raw.trigger_downstreams ?? null))
    wanted.push(notYet('trigger_downstreams', 'publishing triggers'))
  if (triggers.length > 0) wanted.push(notYet('triggered_by', 'waiting for triggers'))
  if (isOfContainers(executor) && executors?.has(executor) !== true) {
    wanted.push({ key: 'executor', why: `it needs an executor named "${executor}" in the daemon's settings` })
  }
  return stated(wanted, place, problems)
}

const AS_IN_TRON_3 = 'has no effect, as in Tron 3'

function remarkAction(raw: RawAction, place: Place, problems: ProblemList): void {
  const { executor = 'ssh', retries = 0, triggered_by: triggers = [] } = raw
  if (executor === 'ssh') {
    const why = 'has no effect on an action that runs by ssh, as in Tron 3'
    for (const key of Object.keys(CONTAINER_SHAPE)) remark(place, key, { raw, why, problems })
  }
  remark(place, 'idempotent', { raw, why: AS_IN_TRON_3, problems })
  remark(place, 'on_upstream_rerun', { raw, why: AS_IN_TRON_3, problems })
  if (retries === 0) remark(place, 'retries_delay', { raw, why: 'has no effect without retries', problems })
  if (triggers.length === 0)
    remark(place, 'trigger_timeout', { raw, why: 'has no effect without triggered_by', problems })
}

interface Remark {
  readonly raw: Readonly<Record<string, unknown>>
  readonly why: string
  readonly problems: ProblemList
}

/** Warns about a key that is accepted and changes nothing, unless it asks for nothing. */
function remark(place: Place, key: string, { raw, why, problems }: Remark): void {
  const found = member(place, key)
  const value = raw[key] ?? false
  // A number or a text asks for something, be it 0 or empty.
  if (found === undefined || value === false || (typeof value === 'object' && isEmpty(value))) return
  problems.warning({ at: found.keyAt, path: found.path }, `${key} ${why}`)
}

function notYet(key: string, what: string): NotDone {
  return { key, why: `${what} is not done by this version` }
}

function stated(wanted: readonly NotDone[], place: Place, problems: ProblemList): readonly Held[] {
  return wanted.map(({ key, why }) => {
    const found = member(place, key) ?? place
    problems.warning({ at: found.keyAt, path: found.path }, `${key}: ${why}; the job is held`)
    return { reason: `${found.path}: ${why}`, at: problems.fileAndLineOf(found.keyAt) }
  })
}
