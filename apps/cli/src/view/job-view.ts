import type { ApiJob, ApiRun } from '@tron/api/light'
import { colorOf, type Paint } from '../color.ts'
import { schedulerText } from './jobs-view.ts'
import { type Column, detailLines, tableLines } from './table.ts'
import { visible } from './visible.ts'
import { dateText, durationText, flagText, nodeText } from './words.ts'

const INDENT = 10
/** Where the values of details begin. */
const LABEL = 22

const COLUMNS: readonly Column<ApiRun>[] = [
  { title: 'Run ID', width: INDENT, cell: (run) => `.${run.run_num}`, color: () => 'id' },
  { title: 'State', width: 12, cell: (run) => run.state, color: (run) => colorOf(run.state) },
  { title: 'Node', width: 30, cell: (run) => nodeText(run.node) },
  { title: 'Scheduled Time', width: 25, cell: (run) => dateText(run.run_time) },
]

/** One job: what it is, its actions, and its runs, newest first. */
export function jobView(job: ApiJob, paint: Paint): string {
  const runs = job.runs ?? []
  const [header = '', ...rows] = tableLines(COLUMNS, runs, paint)
  return [
    ...detailLines([
      ['Job', paint('id', job.name)],
      ['State', paint(colorOf(job.status), job.status)],
      ['Scheduler', schedulerText(job)],
      ['Max runtime', job.max_runtime],
      ['Node Pool', poolText(job)],
      ['Run on all nodes', flagText(job.all_nodes)],
      ['Allow overlapping', flagText(job.allow_overlap)],
      ['Queue overlapping', flagText(job.queueing)],
      ['Description', job.description === null ? undefined : severalLines(job.description)],
      ['Owner', job.owner === null ? undefined : visible(job.owner)],
      ['Held', job.held.length === 0 ? undefined : paint('bad', job.held.join('; '))],
    ]),
    '',
    'List of Actions:',
    ...job.action_names,
    '',
    'Job runs:',
    header,
    ...rows.flatMap((row, index) => [row, timesLine(runs[index], paint)]),
    '',
  ].join('\n')
}

/** A text of a person's, its lines below each other. */
function severalLines(text: string): string {
  return text
    .trim()
    .split('\n')
    .map(visible)
    .join(`\n${' '.repeat(LABEL)}`)
}

function timesLine(run: ApiRun | undefined, paint: Paint): string {
  if (run === undefined) return ''
  const times = `Start: ${dateText(run.start_time)}  End: ${dateText(run.end_time)}  (${durationText(run.duration)})`
  return paint('faint', `${' '.repeat(INDENT)}${times}`)
}

function poolText(job: ApiJob): string {
  return job.node_pool === null ? 'None' : `${job.node_pool.name} (${job.node_pool.nodes.length} node(s))`
}
