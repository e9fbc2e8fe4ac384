import { type Mistake, withLine } from './mistakes.ts'

/** What is wrong with the schedule of a job. */
export const SCHEDULE_MISTAKES: readonly Mistake[] = [
  [
    'a number without a unit',
    withLine(4, '    schedule: every 5'),
    '4:15: "5" is not a length of time; write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day [jobs.j.schedule]',
  ],
  [
    'a length of time without the word for it',
    withLine(4, '    schedule: 5m'),
    '4:15: "5m" is not a schedule; write for example "interval 5m" or "5th monday" [jobs.j.schedule]',
  ],
  [
    'a number alone for a schedule',
    withLine(4, '    schedule: 5'),
    '4:15: "5" is not a schedule; write for example "interval 5 minutes" or "5th day of month" [jobs.j.schedule]',
  ],
  [
    'an empty schedule',
    withLine(4, '    schedule: ""'),
    '4:15: the schedule is empty; accepted: "cron MINUTE HOUR DAY MONTH WEEKDAY", "daily HH:MM:SS [MTWRFSU]", "every day at 02:00", "1st,3rd monday of sep at 17:00", "interval 5 minutes" [jobs.j.schedule]',
  ],
  [
    'a capital letter in a schedule',
    withLine(4, '    schedule: Every 5 minutes'),
    '4:15: "Every 5 minutes" is not a schedule; write for example "every 5 minutes" [jobs.j.schedule]',
  ],
  [
    'an interval in two units',
    withLine(4, '    schedule: interval 1h 30m'),
    '4:15: "1h 30m" is not a length of time; write for example "interval 90 minutes" [jobs.j.schedule]',
  ],
  [
    'a time without minutes',
    withLine(4, '    schedule: every day at 4'),
    '4:15: "every day at 4" is not a schedule; write for example "every day at 04:00" [jobs.j.schedule]',
  ],
  [
    'a time as people say it',
    withLine(4, '    schedule: daily 4pm'),
    '4:15: "4pm" is not a time of day; write for example "daily 16:00" [jobs.j.schedule]',
  ],
  [
    'only a time',
    withLine(4, '    schedule: 16:30:00'),
    '4:15: "16:30:00" is not a schedule; write for example "daily 16:30:00" [jobs.j.schedule]',
  ],
  [
    'names of days behind daily',
    withLine(4, '    schedule: daily 04:00 mon,wed'),
    '4:15: "mon,wed" names no days; write for example "every mon,wed at 04:00" [jobs.j.schedule]',
  ],
  [
    'a range of days',
    withLine(4, '    schedule: every mon-fri at 09:00'),
    '4:15: "every mon-fri at 09:00" is not a schedule; write for example "every mon,tue,wed,thu,fri at 09:00" [jobs.j.schedule]',
  ],
  [
    'the quotes of a letter',
    withLine(4, '    schedule: “daily 04:00”'),
    '4:15: warning: the quotes “ and ” are part of the text; write "daily 04:00" [jobs.j.schedule]',
    '4:15: "“daily 04:00”" is not a schedule; write for example "daily 04:00" [jobs.j.schedule]',
  ],
  [
    'the word for its type twice',
    withLine(4, '    schedule: {type: cron, value: "cron 0 3 * * *"}'),
    '4:35: the value says its type again; write value: "0 3 * * *" [jobs.j.schedule.value]',
  ],
  [
    'a type with a capital letter',
    withLine(4, '    schedule: {type: Cron, value: "0 3 * * *"}'),
    '4:22: type is not one of cron, daily, groc daily; write type: cron [jobs.j.schedule.type]',
  ],
  [
    'a value of another type',
    withLine(4, '    schedule: {type: daily, value: "every monday"}'),
    '4:36: the value is of another type; write type: groc daily, value: "every monday" [jobs.j.schedule.value]',
  ],
  [
    'nothing behind value',
    withLine(4, '    schedule: {type: cron, value: }'),
    '4:35: value is not a text such as "0 3 * * *" [jobs.j.schedule.value]',
  ],
  [
    'the word for a type as a key',
    withLine(4, '    schedule: {daily: "04:00"}'),
    '4:15: a schedule written as a mapping needs type and value, or start_time and days; write schedule: "daily 04:00" [jobs.j.schedule]',
  ],
  [
    'a day counted from the last one',
    withLine(4, '    schedule: cron 0 3 L-1 * *'),
    '4:24: "L-1" is not understood in the day field; accepted: N, N-M, * with numbers from 1 to 31, N-M/STEP, */STEP, and commas, and L, alone or between commas, for the last day [jobs.j.schedule]',
  ],
  [
    'a weekday that is none',
    withLine(4, '    schedule: cron 0 3 * * 8'),
    '4:28: 8 is outside the weekday field; accepted: N, N-M, * with numbers from 0 to 7 (0 and 7 are Sunday), N-M/STEP, */STEP, and commas, and names such as mon [jobs.j.schedule]',
  ],
  [
    'the whole name of a weekday',
    withLine(4, '    schedule: cron 0 3 * * sunday'),
    '4:28: "sunday" is not understood in the weekday field; write sun [jobs.j.schedule]',
  ],
  [
    'a question mark',
    withLine(4, '    schedule: cron 0 3 1 * ?'),
    '4:15: day of month and weekday cannot both be restricted; write for example "cron 0 3 1 * *" [jobs.j.schedule]',
  ],
  [
    'a list for a schedule',
    withLine(4, '    schedule: [daily]'),
    '4:15: a schedule is a text or a mapping of type and value; write for example schedule: "cron 0 3 * * *" [jobs.j.schedule]',
  ],
  [
    'all fields of a schedule',
    withLine(4, '    schedule: cron 61 24 * 13 *'),
    '4:20: 61 is outside the minute field; accepted: N, N-M, * with numbers from 0 to 59, N-M/STEP, */STEP, and commas [jobs.j.schedule]',
    '4:23: 24 is outside the hour field; accepted: N, N-M, * with numbers from 0 to 23, N-M/STEP, */STEP, and commas [jobs.j.schedule]',
    '4:28: 13 is outside the month field; accepted: N, N-M, * with numbers from 1 to 12, N-M/STEP, */STEP, and commas, and names such as feb [jobs.j.schedule]',
  ],
  [
    'a word behind the days',
    withLine(4, '    schedule: daily 04:00 MWF please'),
    '4:15: "please" names no days; write the letters M T W R F S U together, such as MWF: R is Thursday, S Saturday, U Sunday [jobs.j.schedule]',
  ],
  [
    'a slip in each key of a schedule',
    withLine(4, '    schedule: {type: croan, vlaue: "0 3 * * *", jtter: 5m}'),
    '4:15: the key value is missing: the text of the schedule [jobs.j.schedule]',
    '4:22: type is not one of cron, daily, groc daily; did you mean "cron"? [jobs.j.schedule.type]',
    '4:36: unknown key "vlaue"; did you mean "value"? accepted: type, value, jitter [jobs.j.schedule.vlaue]',
    '4:56: unknown key "jtter"; did you mean "jitter"? accepted: type, value, jitter [jobs.j.schedule.jtter]',
  ],
  [
    'a slip in the key for its type',
    withLine(4, '    schedule: {tpye: cron, value: "0 3 * * *"}'),
    '4:15: a schedule written as a mapping needs type and value, or start_time and days; did you mean "type"? [jobs.j.schedule]',
  ],
  [
    'a slip in the key for its time',
    withLine(4, '    schedule: {start_tiem: "04:00", days: MWF}'),
    '4:16: warning: "start_tiem" means nothing beside start_time and days; did you mean "start_time"? [jobs.j.schedule.start_tiem]',
  ],
]
