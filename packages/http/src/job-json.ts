import type { ApiGraphNode, ApiIndex, ApiJob } from '@tron/api'
import type { JobView } from '@tron/core'
import type { ActionSpec, JobSpec, ScheduleSpec } from '@tron/model'
import { nodeJson } from './action-json.ts'
import { formatSpan, formatWhen } from './format-time.ts'

/** What a job is shown with. */
export interface JobParts {
  readonly include_action_graph: boolean
  readonly include_node_pool: boolean
}

/** One job without its runs; nothing in it depends on the present instant, so it may be kept while the view stays the same. */
export function jobJson(view: JobView, zone: string, parts: JobParts): ApiJob {
  const { row, spec } = view
  const actions = actionsOf(spec)
  return {
    name: row.id,
    status: view.status,
    all_nodes: spec.allNodes,
    allow_overlap: spec.allowOverlap,
    queueing: spec.queueing,
    scheduler: schedulerJson(spec.schedule),
    action_names: actions.map((action) => action.name),
    node_pool: parts.include_node_pool ? { name: spec.node, nodes: view.nodes.map(nodeJson) } : null,
    last_success: formatWhen(row.lastSuccessMs, zone),
    next_run: formatWhen(view.nextRunMs, spec.schedule.zone),
    url: `/jobs/${row.id}`,
    runs: null,
    max_runtime: spec.maxRuntimeMs === undefined ? 'None' : formatSpan(spec.maxRuntimeMs),
    expected_runtime: spec.expectedRuntimeMs / 1_000,
    actions_expected_runtime: Object.fromEntries(
      actions.map((action) => [action.name, action.expectedRuntimeMs / 1_000]),
    ),
    action_graph: parts.include_action_graph ? actions.map(graphNodeJson) : null,
    monitoring: spec.monitoring,
    description: spec.description ?? null,
    owner: spec.owner ?? null,
    held: view.held,
  }
}

/** A job's entry of the index: its actions and their templates. */
export function indexEntry(spec: JobSpec): ApiIndex['jobs'][string] {
  return actionsOf(spec).map((action) => ({ name: action.name, command: action.command }))
}

/** A job's actions, cleanup last. */
export function actionsOf(spec: JobSpec): readonly ActionSpec[] {
  return spec.cleanup === undefined ? spec.actions : [...spec.actions, spec.cleanup]
}

function graphNodeJson(action: ActionSpec): ApiGraphNode {
  return { name: action.name, command: action.command, dependencies: action.requires }
}

function schedulerJson(schedule: ScheduleSpec): ApiJob['scheduler'] {
  return {
    type: schedule.kind,
    // Tron writes the time, a blank, and the days, also when there are none.
    value: schedule.kind === 'daily' && !schedule.value.includes(' ') ? `${schedule.value} ` : schedule.value,
    jitter: schedule.jitterMs === 0 ? '' : ` (+/- ${formatSpan(schedule.jitterMs)})`,
  }
}
