import type { ApiAction, ApiAttempt, ApiNode, ApiOutput } from '@tron/api'
import type { ActionView, OutputView } from '@tron/core'
import type { NodeSpec } from '@tron/model'
import { formatDuration, formatWhen } from './format-time.ts'

/** What dates are shown by: the server's zone, and now for what has not ended. */
export interface TimeFrame {
  readonly zone: string
  readonly nowMs: number
}

/** The streams that were asked for. */
export interface Streams {
  readonly stdout?: OutputView
  readonly stderr?: OutputView
  readonly meta?: boolean
}

/** A node without what only the daemon needs. */
export function nodeJson(node: NodeSpec): ApiNode {
  return { name: node.name, hostname: node.hostname, username: node.username, port: node.port }
}

/** One action run, without its output. */
export function actionJson(view: ActionView, frame: TimeFrame): ApiAction {
  const { row } = view
  return {
    id: row.id,
    action_name: row.name,
    job_name: row.job,
    run_num: String(row.number),
    state: row.state,
    start_time: formatWhen(row.startedMs, frame.zone),
    end_time: formatWhen(row.endedMs, frame.zone),
    duration: formatDuration(row, frame.nowMs),
    exit_status: row.exitStatus,
    exit_statuses: row.exitStatuses,
    // No automatic retries and no triggers yet: Tron's own words for "none".
    retries_remaining: null,
    retries_delay: null,
    in_delay: null,
    original_command: row.originalCommand,
    raw_command: view.rawCommand,
    command: row.command,
    requirements: view.spec?.requires ?? [],
    node: nodeJson(view.node),
    stdout: null,
    stderr: null,
    meta: null,
    triggered_by: '',
    trigger_downstreams: '',
    reason: row.reason,
    note: noteOf(row),
    attempts: view.attempts.map((attempt) => attemptJson(attempt, frame)),
    output: { stdout: null, stderr: null },
  }
}

/** Who asked for a stop, and what happened beside the action's state. */
function noteOf({ stopsAsked, note }: ActionView['row']): string | null {
  const asked = stopsAsked.map(({ verb, actor }) => `${verb} asked for by ${actor}`)
  const notes = note === null ? asked : [...asked, note]
  return notes.length === 0 ? null : notes.join('; ')
}

/** One action run among others of its job: without its requirements, as in Tron. */
export function historyJson(view: ActionView, frame: TimeFrame): ApiAction {
  return { ...actionJson(view, frame), requirements: null }
}

/** One action run with the lines that were asked for. */
export function actionWithOutput(view: ActionView, frame: TimeFrame, streams: Streams): ApiAction {
  return {
    ...actionJson(view, frame),
    stdout: streams.stdout?.lines ?? null,
    stderr: streams.stderr?.lines ?? null,
    // Tron fills it for Kubernetes only.
    meta: streams.meta === true ? [] : null,
    output: { stdout: outputJson(streams.stdout), stderr: outputJson(streams.stderr) },
  }
}

function outputJson(output: OutputView | undefined): ApiOutput | null {
  if (output === undefined) return null
  return { bytes: output.bytes, complete: output.complete, reason: output.reason }
}

function attemptJson(attempt: ActionView['attempts'][number], frame: TimeFrame): ApiAttempt {
  return {
    id: attempt.id,
    ordinal: attempt.ordinal,
    node: attempt.target.node,
    executor: attempt.target.executor,
    phase: attempt.phase,
    start_time: formatWhen(attempt.startedMs, frame.zone),
    end_time: formatWhen(attempt.endedMs, frame.zone),
    outcome: attempt.outcome,
    sizes: { stdout: attempt.stdout, stderr: attempt.stderr },
    output: attempt.output,
    lost: attempt.lost,
    left_running: attempt.leftRunning,
    stopped:
      attempt.stopped === null
        ? null
        : { signalled: attempt.stopped.signalled, survivors: attempt.stopped.survivors },
    released: attempt.released,
    note: attempt.note,
  }
}
