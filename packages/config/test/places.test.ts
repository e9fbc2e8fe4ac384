import { describe, expect, it } from 'vitest'
import { withLine } from './mistakes.ts'
import { errorsOf, parseOne } from './parse-one.ts'

/** What the caret of each error points at. */
function marked(text: string): readonly string[] {
  const lines = text.split('\n')
  return errorsOf(parseOne(text)).map(({ line, column }) => (lines[line - 1] ?? '').slice(column - 1))
}

function withCommand(...lines: readonly string[]): string {
  return withLine(6, ['      a:', ...lines.map((line) => `        ${line}`)].join('\n'))
}

describe('an error inside a text', () => {
  it.each([
    ['without quotes', ['command: ls {shortdate} {x} {{x}} }'], ['{x} {{x}} }', '}']],
    ['in double quotes', [String.raw`command: "ls \"{x}\" \t{x}"`], [String.raw`{x}\" \t{x}"`, '{x}"']],
    ['in single quotes', ["command: 'ls ''{x}'' {x}'"], ["{x}'' {x}'", "{x}'"]],
    ['over several lines', ['command: ls {x}', '  | sort {x}'], ['{x}', '{x}']],
    ['of a block', ['command: |2-', '    ls {x} {shortdate}', '', '    sort {x'], ['{x} {shortdate}', '{x']],
    ['of a folded block', ['command: >', '  ls {x}', '  sort {x}'], ['{x}', '{x}']],
    ['that is anchored', ['command: &c ls {x}'], ['{x}']],
    ['that is not written as it reads', [String.raw`command: "ls \x7bx}"`], [String.raw`"ls \x7bx}"`]],
    [
      'of what is published',
      ['command: ls', 'trigger_downstreams: {"k{x}": v, k: "v{x}"}'],
      ['{x}": v, k: "v{x}"}', '{x}"}'],
    ],
  ])('%s is marked where it stands, and all are', (_what, lines, places) => {
    expect(marked(withCommand(...lines))).toEqual(places)
  })

  it.each([
    ['schedule: cron 5 5 5 55 *', '55 *'],
    ['schedule: "cron 5 55 * * *"', '55 * * *"'],
    ['schedule: {type: cron, value: "5 5 5 55 *"}', '55 *"}'],
    ["schedule: {type: cron, value: ' 0 0 L-1 * *'}", "L-1 * *'}"],
    ['schedule: >2\n      cron 2 62 * * *', '62 * * *'],
  ])('is marked in the schedule of %j', (line, place) => {
    expect(marked(withLine(4, `    ${line}`))).toEqual([place])
  })
})
