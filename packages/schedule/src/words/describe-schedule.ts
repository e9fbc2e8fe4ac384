import type { ScheduleSpec } from '@tron/model'

/** A schedule as Tron shows it: kind and text, and the jitter when there is one, such as `daily 04:00:00  (+/- 0:10:00)`. */
export function describeSchedule(spec: Pick<ScheduleSpec, 'kind' | 'value' | 'jitterMs'>): string {
  return `${spec.kind} ${spec.value}${describeJitter(spec.jitterMs)}`
}

/** The jitter as Tron shows it, with a blank before it; empty without one. */
export function describeJitter(jitterMs: number): string {
  if (jitterMs === 0) return ''
  const seconds = Math.floor(jitterMs / 1000)
  const days = Math.floor(seconds / 86_400)
  const clock = [Math.floor((seconds % 86_400) / 3600), Math.floor((seconds % 3600) / 60), seconds % 60]
  const [hours = 0, ...rest] = clock
  const time = [hours, ...rest.map((part) => String(part).padStart(2, '0'))].join(':')
  if (days === 0) return ` (+/- ${time})`
  return ` (+/- ${days} day${days === 1 ? '' : 's'}, ${time})`
}
