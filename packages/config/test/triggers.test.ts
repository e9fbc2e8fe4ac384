import { describe, expect, it } from 'vitest'
import { parseOne } from './parse-one.ts'

const DOWNSTREAMS = '{hour: "{ymdh}", done: "yes"}'

/** What is said of a text of `triggered_by` beside a job `j` of the same namespace, whose actions are `a`, `d` and `e`. */
function saidOf(trigger: string): readonly string[] {
  const jobs = `
  j: {node: n1, schedule: daily, actions: {a: {command: ls, trigger_downstreams: yes}, d: {command: ls, trigger_downstreams: ${DOWNSTREAMS}}, e: {command: ls, trigger_downstreams: false}}}
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
    ['{CC}.j.a.shortdate.{shortdate}', []],
    ['svc.j.{actionname}.shortdate.x', []],
    [
      '{namespace}.l.a.shortdate.{shortdate}',
      ['there is no action "svc.l.a" that could publish this; did you mean "svc.j.a"?'],
    ],
    ['{name}.c.shortdate.{shortdate}', ['svc.k.c publishes nothing; give it the key "trigger_downstreams"']],
    ['svc.j.d.hour.{ymdh}', []],
    ['svc.j.d.{CC}', []],
    ['svc.j.d.{CC}.{ymdh}', []],
    ['svc.j.d.hour.2024-01-01T05', []],
    ['svc.j.d.done.yes', []],
    [
      'svc.j.d.done.yesterday',
      ['svc.j.d does not publish this; it publishes svc.j.d.hour.{ymdh}, svc.j.d.done.yes'],
    ],
    [
      'svc.j.d.shortdate.{shortdate}',
      ['svc.j.d does not publish this; it publishes svc.j.d.hour.{ymdh}, svc.j.d.done.yes'],
    ],
    ['svc.j.a.hour.{ymdh}', ['svc.j.a does not publish this; it publishes svc.j.a.shortdate.{shortdate}']],
    ['svc.j.a', ['svc.j.a does not publish this; it publishes svc.j.a.shortdate.{shortdate}']],
    ['svc.j.e.shortdate.{shortdate}', ['svc.j.e publishes nothing; give it the key "trigger_downstreams"']],
    ['svc.j.z', ['there is no action "svc.j.z" that could publish this; did you mean "svc.j.a"?']],
  ])('is remarked on where it can be told before a run: %s', (trigger, messages) => {
    expect(saidOf(trigger)).toEqual(messages)
  })
})
