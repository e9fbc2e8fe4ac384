import { formatProblems, parseConfig } from '@tron/config'
import { describe, expect, it } from 'vitest'
import { MASTER_MISTAKES, MISTAKES, withLine, withMore } from './mistakes.ts'
import { SCHEDULE_MISTAKES } from './mistakes-in-schedules.ts'
import { YAML_MISTAKES } from './mistakes-in-yaml.ts'
import { mistakesPage } from './mistakes-page.ts'
import { errorsOf, parseOne } from './parse-one.ts'

describe("a newcomer's mistake", () => {
  it.each([...YAML_MISTAKES, ...MISTAKES, ...SCHEDULE_MISTAKES])(
    '%s is told where it is and how to mend it',
    (_what, text, ...messages) => {
      const shown = parseOne(text).problems.map((problem) =>
        formatProblems([problem]).replace(/^svc\.yaml:/, ''),
      )
      expect(shown).toEqual(messages)
    },
  )
})

describe('a mistake in MASTER', () => {
  it.each(MASTER_MISTAKES)('%s', (_what, text, ...messages) => {
    const check = parseOne(text, { namespace: 'MASTER' })
    const shown = check.problems.map((problem) => formatProblems([problem]).replace(/^MASTER\.yaml:/, ''))
    expect([check.ok, ...shown]).toEqual([false, ...messages])
  })
})

it('the page of mistakes is up to date', async () => {
  await expect(mistakesPage()).toMatchFileSnapshot('../../../docs/mistakes.md')
})

describe('problems as text', () => {
  it('are followed by the line and a caret when the text is at hand', () => {
    const text = withLine(3, '    node: n3')
    const problems = errorsOf(parseOne(text))
    expect(formatProblems(problems, new Map([['svc.yaml', text]]))).toBe(
      'svc.yaml:3:11: unknown node or pool "n3"; did you mean "n1"? [jobs.j.node]\n      node: n3\n            ^',
    )
  })

  it('have the caret below the place on a terminal, whatever stands before', () => {
    const problem = { severity: 'error', file: 'f', line: 1, path: '', message: 'no' } as const
    const shown = (line: string, column: number) =>
      formatProblems([{ ...problem, column }], new Map([['f', line]])).split('\n')[2]
    expect(shown('{説明: "😀", x}', 11)).toBe(`${' '.repeat(14)}^`)
    expect(shown('\t日\tx', 4)).toBe('  \t  \t^')
  })

  it('stand on one line, whatever they quote', () => {
    const text = 'jobs:\n  "j\\n": {}\n'
    expect(formatProblems(errorsOf(parseOne(text)).slice(0, 1))).toBe(
      'svc.yaml:2:3: "j\\n" cannot name a job; expected letters, digits, _ and -, starting with a letter or _, at most 255 [jobs.j\\n]',
    )
  })

  it('come all at once, in the order of the text', () => {
    const text = withMore('    bogus: 1', '    max_runtime: 5').replace('node: n1', 'node: nowhere')
    expect(errorsOf(parseOne(text)).map(({ line, path }) => [line, path])).toEqual([
      [3, 'jobs.j.node'],
      [7, 'jobs.j.bogus'],
      [8, 'jobs.j.max_runtime'],
    ])
  })

  it('cut what they quote when it is long, and still say what is accepted', () => {
    const long = 'x'.repeat(100_000)
    const texts = [
      withLine(3, `    node: ${long}`),
      withLine(2, `  ? ${long}\n  :`),
      withMore(`    ? ${long}\n    : 1`),
      withMore(`    monitoring: {a: *${long}}`),
      withLine(6, `      a: {command: "{${long}}"}`),
    ]
    const said = texts.flatMap((text) => errorsOf(parseOne(text)))
    expect(
      said.map(({ message, path }) => message.length + path.length).filter((size) => size > 4000),
    ).toEqual([])
    expect(said.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^unknown key "x{297}\.\.\."; accepted: name, node, /),
    )
  })
})

describe('suggestions', () => {
  it('are made for each of a thousand mistakes among a thousand names', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `node-${index}`)
    const jobs = names.map(
      (name) => `  ${name}: {node: x${name}, schedule: daily, actions: {a: {command: ls}}}\n`,
    )
    const errors = errorsOf(parseOne(`jobs:\n${jobs.join('')}`, { master: `nodes: [${names.join(', ')}]\n` }))
    expect(errors.filter(({ message }) => !message.includes('did you mean')).length).toBe(0)
  })

  it('end where very many are wrong among very many, whose errors are told all the same', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `node-${index}`)
    const jobs = Array.from(
      { length: 100 },
      (_, index) => `  j${index}: {node: xnode-${index}, schedule: daily, actions: {a: {command: ls}}}\n`,
    )
    const documents = new Map([
      ['MASTER', { text: `nodes: [${names.join(', ')}]\n`, file: 'M' }],
      ['one', { text: `jobs:\n${jobs.join('')}`, file: '1' }],
      ['two', { text: `jobs:\n${jobs.join('')}`, file: '2' }],
    ])
    const errors = errorsOf(parseConfig({ documents, systemZone: 'UTC', daemonUser: 'tron' }))
    const meant = errors.map(({ message }) => message.includes('did you mean'))
    expect([errors.length, meant[0], meant.at(-1)]).toEqual([200, true, false])
    expect(errors.at(-1)?.message).toContain('MASTER has node-0, node-1, ')
  })
})
