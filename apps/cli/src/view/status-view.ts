import type { ApiConfigError, ApiStatus, ApiTarget } from '@tron/api/light'
import type { Color, Paint } from '../color.ts'
import { type Column, detailLines, tableLines } from './table.ts'

const COLUMNS: readonly Column<ApiTarget>[] = [
  { title: 'Node', width: 20, grows: true, cell: (target) => target.node, color: () => 'id' },
  {
    title: 'State',
    width: 14,
    cell: (target) => target.state,
    color: (target): Color | undefined => (target.state === 'reachable' ? 'good' : 'bad'),
  },
  { title: 'Executor', width: 12, grows: true, cell: (target) => target.executor },
  { title: 'Address', width: 30, grows: true, cell: (target) => target.address },
  { title: 'Attempts', width: 10, cell: (target) => String(target.attempts) },
  {
    title: 'Remark',
    width: 20,
    grows: true,
    cell: (target) => [target.draining ? 'draining' : '', target.reason].filter(Boolean).join(', '),
  },
]

/** What a take-over waits for, and the way out. */
function waitText({ waiting_for: nodes }: ApiStatus): string | undefined {
  if (nodes.length === 0) return undefined
  return `${nodes.join(', ')}, to be asked what ran there; tron recover --without NODE goes on without one`
}

/** The daemon and what it can reach. */
export function statusView(status: ApiStatus, server: string, paint: Paint): string {
  return [
    ...detailLines([
      ['Server', server],
      ['State', paint(status.state === 'working' ? 'good' : 'bad', status.state)],
      ['Reason', status.reason ?? undefined],
      ['Version', status.version],
      ['Installation', status.installation],
      ['Epoch', String(status.epoch)],
      ['Waits for', waitText(status)],
      ['Up since', new Date(status.boot_time * 1_000).toISOString()],
    ]),
    '',
    'Targets:',
    ...tableLines(COLUMNS, status.targets, paint),
    ...configLines(status.config_errors, paint),
    '',
  ].join('\n')
}

/** As many errors fit on a screen. */
const MOST_ERRORS = 20

/** What is wrong in the files, below since when it is. */
function configLines(errors: readonly ApiConfigError[], paint: Paint): readonly string[] {
  if (errors.length === 0) return []
  const since = new Date(Math.min(...errors.map((error) => error.since)) * 1_000).toISOString()
  const left = errors.length - MOST_ERRORS
  return [
    '',
    paint('bad', `The configuration has errors since ${since}; what was read before runs on:`),
    ...errors.slice(0, MOST_ERRORS).map((error) => `  ${errorText(error)}`),
    ...(left > 0 ? [`  and ${left} more, which --json tells`] : []),
  ]
}

function errorText({ file, line, column, path, message }: ApiConfigError): string {
  return `${file}:${line}:${column}: ${message}${path === '' ? '' : ` [${path}]`}`
}
