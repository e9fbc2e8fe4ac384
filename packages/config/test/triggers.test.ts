import { describe, expect, it } from 'vitest'
import { parseOne } from './parse-one.ts'

/** What is said of a text of `triggered_by` beside a job `j` of the same namespace, whose action is `a`. */
function saidOf(trigger: string): readonly string[] {
  const jobs = `
  j: {node: n1, schedule: daily, actions: {a: {command: ls, trigger_downstreams: true}}}
  k: {node: n1, schedule: daily, actions: {b: {command: ls, triggered_by: ["${trigger}"]}, c: {command: ls}}}
`
  return parseOne(`jobs:${jobs}`).problems.flatMap(({ path, message }) =>
    path.endsWith('triggered_by[0]') ? [message] : [],
  )
}

describe('an upstream that nothing publishes', () => {
  it.each([
    ['svc.j.a.shortdate.{shortdate}', []],
    ['{namespace}.j.a.shortdate.{shortdate}', []],
    ['{name}.c.shortdate.{shortdate}', []],
    ['{CC}.j.a.shortdate.{shortdate}', []],
    ['svc.j.{actionname}.shortdate.x', []],
    [
      '{namespace}.l.a.shortdate.{shortdate}',
      ['there is no action "svc.l.a" that could publish this; did you mean "svc.j.a"?'],
    ],
    ['svc.j.z', ['there is no action "svc.j.z" that could publish this; did you mean "svc.j.a"?']],
  ])('is remarked on where it can be told before a run: %s', (trigger, messages) => {
    expect(saidOf(trigger)).toEqual(messages)
  })
})
