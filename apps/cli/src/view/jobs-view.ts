import type { ApiJob } from '@tron/api/light'
import { colorOf, type Paint } from '../color.ts'
import { type Column, tableLines } from './table.ts'

const COLUMNS: readonly Column<ApiJob>[] = [
  { title: 'Name', width: 50, grows: true, cell: (job) => job.name, color: () => 'id' },
  { title: 'State', width: 10, cell: (job) => job.status, color: (job) => colorOf(job.status) },
  { title: 'Scheduler', width: 20, cell: schedulerText },
  { title: 'Last Success', width: 22, cell: (job) => job.last_success ?? 'None' },
]

/** The table of all jobs, by name, and why some of them start nothing. */
export function jobsView(jobs: readonly ApiJob[], paint: Paint): string {
  const sorted = jobs.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const held = sorted.filter((job) => job.held.length > 0)
  const notes = held.map((job) => `${paint('id', job.name)}: ${job.held.join('; ')}`)
  return [
    '',
    'Jobs:',
    ...tableLines(COLUMNS, sorted, paint),
    ...(held.length === 0 ? [] : ['', 'Held (nothing of these starts):', ...notes]),
    '',
  ].join('\n')
}

/** A schedule in one line. */
export function schedulerText({ scheduler }: ApiJob): string {
  return `${scheduler.type} ${scheduler.value}${scheduler.jitter}`
}
