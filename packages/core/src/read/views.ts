import type { ConfigSnapshot, JobSpec, JobStatus, NodeSpec } from '@tron/model'
import type { ActionRow, AttemptRow, JobRow, RunRow } from '@tron/store'
import { actionSpec } from '../decide/action-spec.ts'
import { pendingRun } from '../decide/plan.ts'
import { heldFor } from '../decide/take-over.ts'
import type { View } from '../tables/tables.ts'
import type { ActionView, JobView, RunView } from '../tron.ts'

/** A job as people see it. */
export function jobView(view: View, snapshot: ConfigSnapshot, row: JobRow): JobView | undefined {
  const spec = snapshot.jobs[row.id]
  if (row.removed || spec === undefined) return undefined
  const names = snapshot.pools[spec.node] ?? [spec.node]
  return {
    row,
    spec,
    status: jobStatus(view, row),
    nodes: names.map((name) => nodeNamed(snapshot, name)),
    nextRunMs: pendingRun(view, row.id)?.runMs ?? null,
    held: heldFor(heldWithPlaces(spec), row.blocked),
  }
}

function heldWithPlaces({ held, heldAt = [] }: JobSpec): readonly string[] {
  return held.map((reason, index) => {
    const at = heldAt[index]
    return at === undefined ? reason : `${at}: ${reason}`
  })
}

/** Tron's rules for a job's status, in this order. */
function jobStatus(view: View, row: JobRow): JobStatus {
  const any = (state: string) => view.runs.by('jobState', `${row.id} ${state}`).length > 0
  if (!row.enabled) return 'disabled'
  if (any('running') || any('starting') || any('waiting')) return 'running'
  return any('scheduled') ? 'enabled' : 'unknown'
}

/** A node by its name; one that left the configuration is known by its name alone. */
function nodeNamed(snapshot: ConfigSnapshot, name: string): NodeSpec {
  return snapshot.nodes[name] ?? { name, hostname: name, username: '', port: 22, executor: '' }
}

export interface RunRows {
  readonly row: RunRow
  readonly actions: readonly ActionRow[]
  readonly attempts: readonly AttemptRow[]
  /** The configuration that the run is pinned to. */
  readonly spec: JobSpec
}

/** A run as people see it. */
export function runView(snapshot: ConfigSnapshot, rows: RunRows): RunView {
  const { row, spec } = rows
  const attempts = Map.groupBy(rows.attempts, ({ action }) => action)
  const actions = rows.actions
    .toSorted((a, b) => a.position - b.position)
    .map((action) => actionView(snapshot, { action, spec, attempts: attempts.get(action.id) ?? [] }))
  return { row, spec, node: nodeNamed(snapshot, row.node), actions }
}

/** An action run as people see it. */
export function actionView(
  snapshot: ConfigSnapshot,
  rows: { readonly action: ActionRow; readonly spec: JobSpec; readonly attempts: readonly AttemptRow[] },
): ActionView {
  const { action, spec } = rows
  const current = snapshot.jobs[action.job]
  return {
    row: action,
    spec: actionSpec(spec, action.name) ?? null,
    rawCommand: (current === undefined ? undefined : actionSpec(current, action.name))?.command ?? null,
    node: nodeNamed(snapshot, action.node),
    attempts: rows.attempts.toSorted((a, b) => a.ordinal - b.ordinal),
  }
}
