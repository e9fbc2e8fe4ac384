import type { ApiAction, ApiOutput } from '@tron/api/light'
import { colorOf, type Paint } from '../color.ts'
import { detailLines } from './table.ts'
import { dateText, exitText, nodeText } from './words.ts'

/** One action run, its requirements, and the output that was asked for. */
export function actionView(action: ApiAction, paint: Paint): string {
  return [
    ...detailLines([
      ['Action Run', paint('id', action.id)],
      ['State', stateText(action, paint)],
      ['Reason', action.reason ?? undefined],
      ['Note', action.note ?? undefined],
      ['Node', nodeText(action.node)],
      ['Last run command', paint('faint', action.command ?? '-')],
      ['Original raw command', paint('faint', action.original_command)],
      ['Config command', paint('faint', action.raw_command ?? '-')],
      ['Start time', dateText(action.start_time)],
      ['End time', dateText(action.end_time)],
      ['Final exit status', exitText(action.exit_status)],
      ['Exit statuses', action.exit_statuses.map(exitText).join(', ')],
      ['Waits for triggers', action.triggered_by],
      ['Publishes triggers', action.trigger_downstreams],
      ...lossDetails(action),
    ]),
    ...block('Requirements', action.requirements ?? []),
    ...outputBlock('Stdout', action.stdout, action.output.stdout),
    ...outputBlock('Stderr', action.stderr, action.output.stderr),
    '',
  ].join('\n')
}

/** Why the lines of a stream are not all there is; undefined when they are. */
export function incompleteText(output: ApiOutput | null): string | undefined {
  if (output === null || output.complete) return undefined
  return `not complete${output.reason === null ? '' : `: ${output.reason}`}`
}

function stateText(action: ApiAction, paint: Paint): string {
  const delay = action.in_delay === null ? '' : ` (retry delayed for ${Math.round(action.in_delay)}s)`
  return paint(colorOf(action.state), action.state) + delay
}

function lossDetails(action: ApiAction): readonly (readonly [string, string | undefined])[] {
  const isLost = action.attempts.some(({ lost }) => lost > 0)
  const left = sum(action.attempts.map((attempt) => attempt.left_running))
  return [
    ['Output lost', isLost ? 'the node could not write all of it' : undefined],
    ['Left running', left === 0 ? undefined : `${left} processes kept the output open`],
  ]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function outputBlock(
  title: string,
  lines: readonly string[] | null,
  output: ApiOutput | null,
): readonly string[] {
  if (lines === null) return []
  const remark = incompleteText(output)
  return [...block(title, lines), ...(remark === undefined ? [] : [`(${remark})`])]
}

function block(title: string, lines: readonly string[]): readonly string[] {
  return ['', `${title}:`, ...lines]
}
