import { readFileSync } from 'node:fs'
import { DST_POLICIES, type DstPolicy } from '@tron/model'
import { compileSchedule, describeInWords, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const page = readFileSync(new URL('../../../docs/schedules.md', import.meta.url), 'utf8')

interface Example {
  readonly schedule: unknown
  readonly comment: string
}

/** The lines of the page's fenced blocks of one kind: an example, and the comment behind it. */
function examples(kind: string): readonly Example[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .filter(([, name]) => name === kind)
    .flatMap(([, , text = '']) => text.trim().split('\n'))
    .map((line) => {
      const [example = '', comment = ''] = line.split(/ +# /)
      const schedule: unknown = example.startsWith('{') ? JSON.parse(example) : example
      return { schedule, comment }
    })
}

describe('the page on schedules', () => {
  it('has examples of every kind', () => {
    expect(examples('schedule').length).toBeGreaterThan(30)
    expect(examples('refused').length).toBeGreaterThan(5)
  })

  it.each(examples('schedule'))('says what $schedule means', ({ schedule, comment }) => {
    const read = parseSchedule(schedule)
    expect(read.ok ? describeInWords({ ...read.schedule, zone: 'UTC' }) : read.reason).toBe(comment)
  })

  it.each(examples('refused'))('says why $schedule is refused', ({ schedule, comment }) => {
    expect(parseSchedule(schedule)).toMatchObject({ ok: false, reason: comment })
  })

  it.each(DST_POLICIES)('says when the clocks of New York make jobs run under %s', (policy) => {
    const march = { from: '2024-03-10T06:45Z', to: '2024-03-10T12:00Z' }
    const november = { from: '2024-11-03T05:00Z', to: '2024-11-03T07:00Z' }
    const cells = [
      due('30 2 * * *', policy, march),
      due('30 2,3 * * *', policy, march),
      due('30 1 * * *', policy, november),
      due('30 * * * *', policy, november),
    ]
    const row = page.split('\n').find((line) => line.startsWith(`| \`${policy}\``)) ?? ''
    expect(
      row
        .split('|')
        .slice(2, -1)
        .map((cell) => cell.trim()),
    ).toEqual(cells)
  })

  it('knows every policy', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` .*E[DS]T.*\|$/gm)].map(([, policy]) => policy)
    expect(rows).toEqual([...DST_POLICIES])
  })
})

/** Such as `01:30 EDT, 01:30 EST`. */
function due(value: string, dst: DstPolicy, range: { readonly from: string; readonly to: string }): string {
  const zone = 'America/New_York'
  const schedule = compileSchedule({ kind: 'cron', value, jitterMs: 0, zone, dst })
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  })
  const found: string[] = []
  let instant = schedule.next(Date.parse(range.from))
  for (; instant !== null && instant.atMs < Date.parse(range.to); instant = schedule.next(instant.atMs))
    found.push(clock.format(instant.atMs))
  return found.length === 0 ? 'none' : found.join(', ')
}
