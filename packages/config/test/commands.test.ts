import { describe, expect, it } from 'vitest'
import { errorsOf, parseOne } from './parse-one.ts'

/** The text that stands where each error of a command is, from the character before it, and the message without what is known. */
function faultsOf(command: string): readonly (readonly [at: string, message: string])[] {
  const text = `jobs:\n  j:\n    node: n1\n    schedule: daily\n    actions:\n      a:\n        command: ${command}\n`
  const lines = text.split('\n')
  return errorsOf(parseOne(text)).map(({ line, column, message }) => [
    (lines[line - 1] ?? '').slice(column - 2, column + 3),
    message.replace(/; known are .*/, '; known are ...'),
  ])
}

const UNKNOWN = '; write "{{" and "}}" for braces that the command itself needs'

describe('all that is wrong in a command is told at once', () => {
  it('each at its place, and only once what could be written', () => {
    expect(faultsOf('"echo {{ALPHA}} {ALPHA} {name.x} {BRAVO} {ALPHA} }"')).toEqual([
      [' {ALP', `unknown variable "ALPHA"${UNKNOWN}; known are ...`],
      [' {nam', '{name.x}: only plain names can be used, without dots; [KEY] reaches into a value'],
      [' {BRA', `unknown variable "BRAVO"${UNKNOWN}`],
      [' {ALP', `unknown variable "ALPHA"${UNKNOWN}`],
      [' }"', 'a single "}" at character 49; write "}}" for a brace'],
    ])
  })

  it('also in a text of several lines', () => {
    expect(faultsOf('|\n          echo {shortdat}\n          {nam}\n')).toEqual([
      [' {sho', 'unknown variable "shortdat"; did you mean "shortdate"?'],
      [' {nam', 'unknown variable "nam"; did you mean "name"?'],
    ])
  })

  it('and a date of the last success that is misspelt has what was meant of those that there are', () => {
    const dates =
      'one of shortdate, year, month, day, hour, ym, ymd, ymdh, ymdhm, daynumber, unixtime; did you mean "shortdate"?'
    expect(faultsOf('"ls {last_success#shortdat-1}"')).toEqual([
      [' {las', `unknown variable "last_success#shortdat-1"; behind "last_success#" stands ${dates}`],
    ])
  })

  it('without the keys of the command context that no field can name', () => {
    const master = 'nodes: [n1]\ncommand_context: {"1": x, "ymd+1": x}\n'
    const job = (command: string) =>
      `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: "${command}"}}}}`
    const said = ['{x:y}', '{ynd+1}'].flatMap((command) => errorsOf(parseOne(job(command), { master })))
    const after = said.map(({ message }) => message.replace(/^.*, unixtime, /, ''))
    expect(after).toEqual(['last_success#shortdate', 'last_success#shortdate'])
  })

  it('at its beginning when it is written with escapes', () => {
    expect(faultsOf(String.raw`"\x7bALPHA\x7d"`)).toEqual([
      [String.raw` "\x7`, `unknown variable "ALPHA"${UNKNOWN}; known are ...`],
    ])
  })
})

describe('what no process can be given is refused', () => {
  const NUL = 'no process can be given a NUL (\\0); remove it'
  const HALF = 'half of a surrogate pair is no character; write the whole one, such as "\\U0001F600"'

  it.each([
    [String.raw`command_context: {A: "a\0b"}`, '1:22', NUL, 'command_context.A'],
    [String.raw`command_context: {"A\0": a}`, '1:19', NUL, String.raw`command_context.A\u0000`],
    [String.raw`command_context: {A: [1, {b: "\0"}]}`, '1:30', NUL, 'command_context.A[1].b'],
    [String.raw`command_context: {A: "\uD83D"}`, '1:22', HALF, 'command_context.A'],
    [String.raw`command_context: {A: &a ["\0"], B: *a}`, '1:26', NUL, 'command_context.A[0]'],
  ])('in %s', (text, ...told) => {
    const errors = errorsOf(parseOne(text, { namespace: 'MASTER' }))
    expect(errors.map(({ line, column, message, path }) => [`${line}:${column}`, message, path])).toEqual([
      told,
    ])
  })

  it.each([
    [String.raw`triggered_by: ["svc.j.a.x.\0"]`, 'triggered_by[0]'],
    [String.raw`trigger_downstreams: {x: "\0"}`, 'trigger_downstreams.x'],
    [String.raw`trigger_downstreams: {"x\0": 1}`, String.raw`trigger_downstreams.x\u0000`],
  ])('in %s', (keys, path) => {
    const text = `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, ${keys}}}}}\n`
    expect(errorsOf(parseOne(text)).map((problem) => [problem.message, problem.path])).toEqual([
      [NUL, `jobs.j.actions.a.${path}`],
    ])
  })
})
