import { describe, expect, it } from 'vitest'
import { explain } from '../src/explain-schedule.ts'
import { instantOf } from '../src/instant-of.ts'
import { setUp } from './cli-under-test.ts'
import { createFakeTerminal, type FakeTerminalOptions } from './fake-terminal.ts'

async function explained(args: readonly string[], options: FakeTerminalOptions = {}) {
  const { terminal, said } = createFakeTerminal(options)
  const code = await explain(args, terminal, 'tron explain-schedule')
  return { code, stdout: said.out, stderr: said.err }
}

const BERLIN = ['--zone', 'Europe/Berlin']

describe('tron explain-schedule', () => {
  it('says what a schedule means and when it is due, in local time and UTC', async () => {
    const args = ['cron 0 5 * * *', '--count', '2']
    const systemZone = () => 'Asia/Tokyo'
    expect(await explained(args, { systemZone })).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'At 05:00 every day, Asia/Tokyo time.',
        'The time zone is Asia/Tokyo, the one of this system.',
        '',
        '  Local time                        UTC',
        '  Tue 2026-01-06 05:00:00 +09:00    2026-01-05 20:00:00',
        '  Wed 2026-01-07 05:00:00 +09:00    2026-01-06 20:00:00',
        '',
      ].join('\n'),
    })
  })

  it('marks what a change of the clocks moved, dropped or doubled, and says why', async () => {
    const spring = [...BERLIN, '--from', '2026-03-29', '--count', '1', 'daily 02:30']
    const why =
      '2026-03-29 02:30 does not exist in Europe/Berlin, where the clocks go forward from 02:00 to 03:00'
    expect((await explained(spring)).stdout.split('\n').slice(4)).toEqual([
      '* Sun 2026-03-29 03:30:00 +02:00    2026-03-29 01:30:00',
      `    ${why}: moved 1 hour later`,
      '',
    ])
    expect((await explained([...spring, '--dst', 'skip'])).stdout.split('\n').slice(4)).toEqual([
      '- Sun 2026-03-29 02:30:00 +01:00    no run',
      `    ${why}: left out`,
      '  Mon 2026-03-30 02:30:00 +02:00    2026-03-30 00:30:00',
      '',
    ])
    const autumn = [...BERLIN, '--from', '2026-10-25', '--count', '2', '--dst', 'both', 'daily 02:30']
    expect((await explained(autumn)).stdout.match(/^\* .*\n.*$/gm)).toEqual([
      expect.stringMatching(/^\* Sun 2026-10-25 02:30:00 \+02:00 {4}2026-10-25 00:30:00\n.*the first$/),
      expect.stringMatching(/^\* Sun 2026-10-25 02:30:00 \+01:00 {4}2026-10-25 01:30:00\n.*the second$/),
    ])
  })

  it('prints JSON', async () => {
    const { stdout } = await explained(['daily', '04:00', '--json', '--count', '1', ...BERLIN])
    expect(JSON.parse(stdout)).toEqual({
      instants: [{ utc: '2026-01-06T03:00:00Z', local: '2026-01-06T04:00:00+01:00', note: null }],
    })
  })

  it.each([
    [['cron', '0', '5', '*', '*', '1'], 'At 05:00 on Mondays, UTC.'],
    [['every 5 minutes'], 'Every 5 minutes, counted from midnight UTC.'],
    [['1st', 'monday', 'of', 'month', 'at', '17:00'], 'At 17:00 on the first Monday of each month, UTC.'],
    [['schedule: "daily 04:00"'], 'At 04:00 every day, UTC.'],
    [['{start_time: "04:00", days: MWF}'], 'At 04:00 on Mondays, Wednesdays and Fridays, UTC.'],
    [
      ['{type: cron, value: "0 * * * *", jitter: 90s}'],
      'Every hour, UTC, each up to 90 seconds earlier or later.',
    ],
  ])('reads %j as the configuration does', async (words, meaning) => {
    expect((await explained(words)).stdout.split('\n')[0]).toBe(meaning)
  })

  it('says that there are no more', async () => {
    const { stdout } = await explained(['daily 04:00', '--from', '2399-12-31'])
    expect(stdout.split('\n').slice(4)).toEqual([
      '  Fri 2399-12-31 04:00:00 +00:00    2399-12-31 04:00:00',
      'There are no more before the year 2400.',
      '',
    ])
  })

  it('shows colour on a terminal only', async () => {
    const args = ['daily 02:30', '--from', '2026-03-29', ...BERLIN]
    expect((await explained(args, { isScreen: true })).stdout).toContain(
      '\u001b[96m2026-03-29 02:30 does not',
    )
    expect((await explained([...args, '--nocolor'], { isScreen: true })).stdout).not.toContain('\u001b')
  })

  it.each([
    [[], 'A schedule is missing.'],
    [['daily 04:00', '--count', '0'], '--count takes a whole number from 1 to 10000'],
    [['daily 04:00', '--dst', 'never'], 'Argument: dst, Given: "never"'],
  ])('used as %j ends with 2', async (args, message) => {
    const { code, stderr } = await explained(args)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  it.each([
    ['daily', ['--zone', 'europe/berln'], '"europe/berln" is not a time zone; did you mean Europe/Berlin?'],
    ['daily', ['--zone', '+05:30'], '"+05:30" is not a time zone'],
    ['daily', ['--from', 'tomorrow'], '"tomorrow" is not a time'],
    ['daily', ['--from', '2026-02-30'], '"2026-02-30" is no day or time that exists'],
  ])('refuses %j %j', async (schedule, options, message) => {
    await expect(explained([schedule, ...options])).rejects.toThrow(message)
  })

  it.each([
    [
      '0 5 * * *',
      /^<schedule>:1:1: write "cron 0 5 \* \* \*": the word cron comes first\n {2}0 5 \* \* \*\n {2}\^\n$/,
    ],
    [
      'schedule: cron 61 24 * * *',
      /^<schedule>:1:6: 61 is [^\n]*\n {2}cron 61 24[^\n]*\n {7}\^\n<schedule>:1:9: 24 is /,
    ],
    ["{'a'", /^<schedule>:1:1: not YAML: the \{ that opens here is not closed\n[^\n]*\n {2}\^\n$/],
    ['{type: !x cron, value: "0 3 * * *"}', /^<schedule>:1:8: the tag !x means nothing here/],
    ['{type: *x}', /^<schedule>:1:8: the alias \*x names nothing above/],
    ['{type: cron, vlaue: "0 3 * * *"}', /unknown key "vlaue"; did you mean "value"\? /],
  ])('tells what is wrong with %j as tron validate does, and ends with 1', async (schedule, told) => {
    const { code, stdout, stderr } = await explained([schedule, '--json'])
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(told)])
  })

  it.each([
    [
      '{start_time: "04:00", days: MWF, jitter: 5m}',
      'At 04:00 on Mondays, Wednesdays and Fridays, UTC.',
      '<schedule>:1:34: warning: "jitter" means nothing beside start_time and days [jitter]',
    ],
    [
      '{type: cron, type: daily, value: "04:00"}',
      'At 04:00 every day, UTC.',
      '<schedule>:1:14: warning: "type" stands twice: this one counts, and the one in line 1 does not [type]',
    ],
  ])('explains %s, with what tron validate remarks on', async (schedule, meaning, remark) => {
    const { code, stdout, stderr } = await explained([schedule])
    expect([code, stdout.split('\n')[0], stderr.split('\n')[0]]).toEqual([0, meaning, remark])
  })

  it('is a command of tron, and refuses on standard error with status 1', async () => {
    const { run } = await setUp()
    const good = await run('tron', ['explain-schedule', 'every', '5', 'minutes', '--count', '1', '--json'])
    expect(good).toMatchObject({ code: 0, stderr: '' })
    expect(await run('tron', ['explain-schedule', 'daily', '4:00 tomorrow'])).toMatchObject({
      code: 1,
      stdout: '',
    })
  })

  it('needs --zone where the machine has a zone without a name', async () => {
    const { run } = await setUp()
    const env = { TZ: 'CET-1CEST,M3.5.0,M10.5.0/3' }
    const nowhere = await run('tron', ['explain-schedule', 'daily'], { env })
    expect([nowhere.code, nowhere.stdout, nowhere.stderr.split('\n').slice(0, 2)]).toEqual([
      1,
      '',
      [
        'Error: this machine has "CET-1CEST,M3.5.0,M10.5.0/3" for its time zone, which is not the name of one',
        'Name a zone with --zone, such as --zone Europe/Berlin.',
      ],
    ])
    const named = await run('tron', ['explain-schedule', 'daily', '--zone', 'Mars/Olympus'], { env })
    expect([named.code, named.stderr.split('\n')[0]]).toEqual([1, 'Error: "Mars/Olympus" is not a time zone'])
  })
})

describe('a time that a person writes', () => {
  it.each([
    ['2026-03-28', '2026-03-27T23:00Z'],
    ['2026-03-28 02:30', '2026-03-28T01:30Z'],
    ['2026-03-28T02:30:15', '2026-03-28T01:30:15Z'],
    ['2026-03-28T02:30Z', '2026-03-28T02:30Z'],
    ['2026-03-28 02:30:00 -0500', '2026-03-28T07:30Z'],
    ['2026-03-28t02:30:00.5z', '2026-03-28T02:30:00.5Z'],
    // Does not exist, and comes twice.
    ['2026-03-29 02:30', '2026-03-29T01:30Z'],
    ['2026-10-25 02:30', '2026-10-25T00:30Z'],
  ])('%s in Berlin is %s', (text, instant) => {
    expect(instantOf(text, 'Europe/Berlin')).toBe(Date.parse(instant))
  })

  it.each(['', '2026', '2026-13-01', '2026-03-28 25:00', '2026-03-28 2:30', '28.3.2026', '2026-03-28Z'])(
    '%j is none',
    (text) => {
      expect(() => instantOf(text, 'UTC')).toThrow(/is not a time|is no day or time/)
    },
  )
})
