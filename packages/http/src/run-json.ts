import type { ApiRun, ApiRunGraphNode } from '@tron/api'
import type { ActionView, RunView } from '@tron/core'
import { actionJson, nodeJson, type TimeFrame } from './action-json.ts'
import { formatDate, formatDuration, formatWhen } from './format-time.ts'

/** What a run is shown with. */
export interface RunParts {
  readonly include_action_runs: boolean
  readonly include_action_graph: boolean
}

/** One run. Its run time is in the job's zone as it was when the run was created. */
export function runJson(view: RunView, frame: TimeFrame, parts: RunParts): ApiRun {
  const { row } = view
  return {
    id: row.id,
    job_name: row.job,
    run_num: row.number,
    run_time: formatDate(row.runMs, row.zone),
    start_time: formatWhen(row.startedMs, frame.zone),
    end_time: formatWhen(row.endedMs, frame.zone),
    manual: row.manual,
    state: row.state,
    node: nodeJson(view.node),
    duration: formatDuration(row, frame.nowMs),
    url: `/jobs/${row.job}/${row.number}`,
    runs: parts.include_action_runs ? view.actions.map((action) => actionJson(action, frame)) : null,
    action_graph: parts.include_action_graph
      ? view.actions.map((action) => graphNodeJson(action, frame))
      : null,
    note: row.note,
    cancelling: row.cancelling,
    held: row.held,
  }
}

function graphNodeJson(action: ActionView, frame: TimeFrame): ApiRunGraphNode {
  const { row } = action
  return {
    id: row.id,
    name: row.name,
    command: row.command,
    raw_command: action.rawCommand,
    state: row.state,
    start_time: formatWhen(row.startedMs, frame.zone),
    end_time: formatWhen(row.endedMs, frame.zone),
    dependencies: action.spec?.requires ?? [],
  }
}
