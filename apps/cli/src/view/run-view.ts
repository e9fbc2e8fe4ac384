import type { ApiAction, ApiRun } from '@tron/api/light'
import { colorOf, type Paint } from '../color.ts'
import { type Column, detailLines, tableLines } from './table.ts'
import { dateText, durationText, flagText, nodeText } from './words.ts'

const COLUMNS: readonly Column<ApiAction>[] = [
  { title: 'Action', width: 40, grows: true, cell: (action) => `.${action.action_name}`, color: () => 'id' },
  { title: 'State', width: 12, cell: (action) => action.state, color: (action) => colorOf(action.state) },
  { title: 'Start Time', width: 22, cell: (action) => dateText(action.start_time) },
  { title: 'End Time', width: 22, cell: (action) => dateText(action.end_time) },
  { title: 'Duration', width: 10, cell: (action) => durationText(action.duration) },
]

/** One run and its actions, in the order in which they started; those that have not stand last. */
export function runView(run: ApiRun, paint: Paint): string {
  const actions = (run.runs ?? []).toSorted((a, b) =>
    startOf(a) < startOf(b) ? -1 : Number(startOf(a) > startOf(b)),
  )
  return [
    ...detailLines([
      ['Job Run', paint('id', run.id)],
      ['State', stateText(run, paint)],
      ['Node', nodeText(run.node)],
      ['Scheduled time', dateText(run.run_time)],
      ['Start time', dateText(run.start_time)],
      ['End time', dateText(run.end_time)],
      ['Manual run', paint(run.manual ? 'special' : undefined, flagText(run.manual))],
      ['Held', run.held ?? undefined],
      ['Note', run.note ?? undefined],
    ]),
    '',
    'Actions:',
    ...tableLines(COLUMNS, actions, paint),
    '',
  ].join('\n')
}

function stateText(run: ApiRun, paint: Paint): string {
  return paint(colorOf(run.state), run.state) + (run.cancelling ? ' (cancelling)' : '')
}

/** As in Tron the word for "none" sorts behind every date. */
function startOf(action: ApiAction): string {
  return action.start_time ?? 'None'
}
