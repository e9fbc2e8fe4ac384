import { readScheduleText } from '@tron/config'
import type { ConfigProblem } from '@tron/model'
import { expect, it } from 'vitest'
import { parseOne } from './parse-one.ts'

const BEFORE = 'jobs: {j: {node: n1, actions: {a: {command: ls}}, schedule: '
const PATH = 'jobs.j.schedule'

function said(problems: readonly ConfigProblem[], before = '') {
  return problems.map(({ severity, column, path, message }) =>
    [severity, column - before.length, path.replace(PATH, '').replace(/^\./, ''), message].join(' '),
  )
}

it.each([
  'cron 61 24 * * *',
  'daily 04:00 MWF please',
  'every day at 4',
  '"cron 0 3 * * 8"',
  '{type: crno, vlaue: 5, jitter: 5}',
  '{start_tiem: "04:00", days: MWF}',
  '{type: cron, type: daily, value: "04:00"}',
  '{start_time: 16:30:00, days: MWF}',
])('%s is read alone as it is in a job', (text) => {
  const job = parseOne(`${BEFORE}${text}}}\n`)
  const schedule = job.ok ? Object.values(job.snapshot.jobs)[0]?.schedule : undefined
  const alone = readScheduleText(text, 'file')
  const inJob = alone.schedule && { ...alone.schedule, zone: 'Europe/Berlin' }
  expect([inJob, said(alone.problems)]).toEqual([schedule ?? null, said(job.problems, BEFORE)])
})
