import { describe, expect, it } from 'vitest'
import { withLine, withMore } from './mistakes.ts'
import { SCHEDULE_MISTAKES } from './mistakes-in-schedules.ts'
import { parseOne } from './parse-one.ts'

type Document = (value: string) => string

const node: Document = (value) => withLine(3, `    node: ${value}`)
const schedule: Document = (value) => withLine(4, `    schedule: ${value}`)
const command: Document = (value) => withLine(6, `      a:\n        command: ${value}`)
const actions: Document = (value) => withLine(6, `      ${value}`)
const env: Document = (value) => withLine(6, `      a: {command: ls, env: ${value}}`)
const requires: Document = (value) =>
  withLine(6, `      b: {command: ls}\n      a: {command: ls, requires: ${value}}`)
const expectedRuntime: Document = (value) => withMore(`    expected_runtime: ${value}`)
const description: Document = (value) => withMore(`    description: ${value}`)
const cleanup: Document = (value) => withMore(`    cleanup_action: {command: ls${value}}`)
const runLimit: Document = (value) => withMore(`    run_limit: ${value}`)

/** A mistake, what is said about it, and what is written by who does so. */
const ADVICE = (
  [
    [node, 'node:n1', 'write n1', 'n1'],
    [node, '[pool1]', 'write pool1', 'pool1'],
    [command, '[ls, -l]', 'write "ls -l"', '"ls -l"'],
    [command, "'echo ${HOME}'", 'write ${{HOME}}', "'echo ${{HOME}}'"],
    [command, "'echo {DATE}'", '{shortdate}', "'echo {shortdate}'"],
    [command, "'echo {runid }'", 'no blanks', "'echo {runid}'"],
    [command, "'echo {print}'", 'write "{{" and "}}"', "'echo {{print}}'"],
    [actions, 'a: ls -l', 'write a: {command: "ls -l"}', 'a: {command: "ls -l"}'],
    [
      actions,
      'name: a\n      command: ls -l',
      'write actions: {a: {command: "ls -l"}}',
      'a: {command: "ls -l"}',
    ],
    [
      actions,
      '- say "hi"',
      String.raw`write {name: NAME, command: "say \"hi\""}`,
      String.raw`- {name: NAME, command: "say \"hi\""}`,
    ],
    [env, '[A=b, C=d e]', 'write {A: "b", C: "d e"}', '{A: "b", C: "d e"}'],
    [env, '{A: yes}', 'Write "yes" or "True"', '{A: "yes", B: "True"}'],
    [env, '{A: true}', 'Write "true" or "True"', '{A: "true", B: True}'],
    [requires, 'b', 'write [b]', '[b]'],
    [expectedRuntime, '1h 20m', 'write 80 minutes', '80 minutes'],
    [expectedRuntime, '2 weeks', 'write 14 days', '14 days'],
    [expectedRuntime, '5 MIN', 'write 5 minutes', '5 minutes'],
    [description, '“x:y”', 'write "x:y"', '"x:y"'],
    [cleanup, ', requires: [a]', 'remove it', ''],
    [runLimit, '0o17', 'Write 15', '15'],
    [runLimit, '1_000', 'the number 1000, write that', '1000'],
    [schedule, '{type: Cron, value: "0 3 * * *"}', 'write type: cron', '{type: cron, value: "0 3 * * *"}'],
    [
      schedule,
      '{type: cron, value: "cron 0 3 * * *"}',
      'write value: "0 3 * * *"',
      '{type: cron, value: "0 3 * * *"}',
    ],
    [
      schedule,
      '{type: daily, value: "every day"}',
      'write type: groc daily, value: "every day"',
      '{type: groc daily, value: "every day"}',
    ],
    [schedule, 'cron 0 3 * * Sunday', 'write sun', 'cron 0 3 * * sun'],
    [schedule, 'cron 0 3 * * 8', 'numbers from 0 to 7', 'cron 0 3 * * 7'],
    [schedule, 'cron 0 3 L-1 * *', 'L, alone or between commas', 'cron 0 3 15,L * *'],
  ] as const
).map(([document, wrong, advice, mended]) => ({ document, wrong, advice, mended }))

describe('advice', () => {
  it.each(ADVICE)('on $wrong is to $advice, and is accepted', ({ document, wrong, advice, mended }) => {
    expect(parseOne(document(wrong)).problems.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(advice),
    )
    expect(parseOne(document(mended)).problems).toEqual([])
  })

  it.each(
    SCHEDULE_MISTAKES.flatMap(([what, , ...messages]) =>
      messages.flatMap((message) => {
        const advice = /write for example (?:schedule: )?"(.*)" \[/.exec(message)?.[1]
        return advice?.split('" or "').map((meant) => [what, meant]) ?? []
      }),
    ),
  )('on %s is accepted: %s', (_what, meant) => {
    expect(parseOne(schedule(meant)).problems).toEqual([])
  })

  it.each([
    [command, "'echo ${NAME}'", 'name'],
    [command, "'echo {HOME}'", 'node'],
    [(value: string) => withMore(`    time_zone: ${value}`), 'UTC+1', 'did you mean'],
    [(value: string) => withLine(6, `      a: {command: ls, executor: ${value}}`), 'messo', 'mesos'],
    [(value: string) => withLine(6, `      a: {command: ls, executor: ${value}}`), 'docker', 'mesos'],
    [(value: string) => withMore(`    ${value}: a`), 'script', 'write command'],
    [
      (value: string) => withMore(`    cleanup_action: {command: ls, ${value}: [a]}`),
      'needs',
      'write requires',
    ],
    [
      (value: string) =>
        withLine(
          6,
          `      a: {command: ls, executor: kubernetes, docker_image: x, cpus: 1, mem: 1, secret_volumes: [{secret_volume_name: x, secret_name: x, container_path: x, default_mode: ${value}}]}`,
        ),
      '0x1A4',
      'write that',
    ],
    [runLimit, '99999999999999999999', 'write that'],
  ])('%o with %s does not speak of %s', (document, wrong, other) => {
    const messages = parseOne(document(wrong)).problems.map(({ message }) =>
      message.replace(/; known are .*/, ''),
    )
    expect(messages.length).toBeGreaterThan(0)
    expect(messages.filter((message) => message.includes(other))).toEqual([])
  })
})

describe('a number where a whole one is due', () => {
  const most = 'expected a whole number from 1 to 9007199254740991'
  const least = 'expected a whole number of 1 or more'
  it.each([
    ['99999999999999999999', most],
    ['"9007199254740992"', most],
    ['1.0e+300', most],
    ['0', least],
    ['-99999999999999999999', least],
    ['1.5', least],
    ['.inf', least],
  ])('is told its largest when it is beyond that: %s', (wrong, said) => {
    const messages = parseOne(runLimit(wrong)).problems.map(({ message }) => message.replace(/^.*?, /, ''))
    expect(messages).toEqual([said])
  })
})
