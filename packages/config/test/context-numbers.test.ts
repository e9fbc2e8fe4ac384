import { readFileSync } from 'node:fs'
import { jobId } from '@tron/model'
import { renderCommand } from '@tron/template'
import { describe, expect, it } from 'vitest'
import { errorsOf, parseOne } from './parse-one.ts'

const RUN = {
  job: jobId('svc.j'),
  runNumber: 0,
  runMs: 0,
  zone: 'UTC',
  manual: false,
  action: 'a',
  node: 'n1',
  cleanupJobStatus: 'UNKNOWN' as const,
  lastSuccessRunMs: null,
  nowMs: 0,
}

const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')

describe('numbers in the command context', () => {
  it('are what the page says, and as written in an environment', () => {
    const [, told = ''] = /In `env` what is written counts\. (.*?) A warning names/.exec(page) ?? []
    const numbers = [...told.matchAll(/`(\S+)` is (\d+)/g)].map(([, number = '', text = '']) => ({
      number,
      text,
    }))
    expect(numbers.length).toBeGreaterThan(2)
    for (const { number, text } of [...numbers, { number: '16:30:00', text: '16:30:00' }]) {
      const job = `{node: n1, schedule: daily, actions: {a: {command: ls, env: {V: ${number}}}}}`
      const written = `command_context: {V: ${number}}\nnodes: [n1]\njobs: {j: ${job}}\n`
      const check = parseOne(written, { namespace: 'MASTER' })
      const { commandContext = {}, jobs = {} } = check.ok ? check.snapshot : {}
      expect(renderCommand('{V}', { ...RUN, commandContext })).toEqual({ ok: true, text })
      expect(Object.values(jobs).map(({ actions }) => actions[0]?.env)).toEqual([{ V: number }])
    }
  })

  it.each([
    ['2.0', '{V} {V:.2f} {V:>5}', '2.0 2.00   2.0'],
    ['0.50', '{V}', '0.5'],
    ['-0.0', '{V:+.1f}', '-0.0'],
    ['7', '{V} {V:03d}', '7 007'],
    ['12345678901234567890', '{V} {V:,d}', '12345678901234567890 12,345,678,901,234,567,890'],
    ['+9007199254740993', '{V:d}', '9007199254740993'],
    ['0xFFFFFFFFFFFFFFFFFF', '{V}', '4722366482869645213695'],
    ['1.0e+16', '{V} {V:.0f}', '1e+16 10000000000000000'],
    ['-.inf', '{V} {V:8}', '-inf     -inf'],
    [
      '[1.0, 9007199254740993]',
      '{V} {V[0]:.1f} {V[1]:,}',
      '[1.0, 9007199254740993] 1.0 9,007,199,254,740,993',
    ],
  ])('%s in %s is %s, as in Tron 3', (value, template, text) => {
    const check = parseOne(`command_context: {V: ${value}}\n`, { namespace: 'MASTER' })
    expect(check.problems).toEqual([])
    const commandContext = check.ok ? check.snapshot.commandContext : {}
    expect(renderCommand(template, { ...RUN, commandContext })).toEqual({ ok: true, text })
  })

  it.each([
    ['0755', '755', 'the octal 493'],
    ['08', '8', 'the text'],
    ['1e3', '1000', 'the text'],
    ['1e16', '1e+16', 'the text'],
    ['1e-5', '1e-05', 'the text'],
    ['-1e-0', '-1', 'the text'],
    ['0o777777777777777777777', '9223372036854775807', 'the text'],
    ['0123456701234567012345', '123456701234567012345', 'the octal 1505851632739161300'],
  ])('%s, which commands get as %s, is remarked on since Tron 3 read %s', (value, text, before) => {
    const check = parseOne(`command_context: {V: ${value}}\n`, { namespace: 'MASTER' })
    const remark = `${value} is ${text} here; Tron 3 read ${before}. Put it in quotes if it is a text`
    expect(check.problems.map(({ message }) => message)).toEqual([remark])
    const commandContext = check.ok ? check.snapshot.commandContext : {}
    expect(renderCommand('{V}', { ...RUN, commandContext })).toEqual({ ok: true, text })
  })

  it.each(['2.0', '1.0e+300', '12345678901234567890', '.inf'])(
    '%s in the place of the whole is refused',
    (value) => {
      const check = parseOne(`command_context: ${value}\n`, { namespace: 'MASTER' })
      expect(errorsOf(check).map(({ message, path }) => [message, path])).toEqual([
        [expect.stringContaining('expected a mapping'), 'command_context'],
      ])
    },
  )

  it('may stand elsewhere through an alias, and come from there', () => {
    const keys = `env: *env, triggered_by: []`
    const check = parseOne(
      `command_context: {VERSION: &v 2.0, SUB: &env {LARGE: 12345678901234567890, V: *v}}
nodes: [n1]
jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, ${keys}}}}}
`,
      { namespace: 'MASTER' },
    )
    expect(check.problems).toEqual([])
    const snapshot = check.ok ? check.snapshot : null
    expect(Object.values(snapshot?.jobs ?? {})[0]?.actions[0]?.env).toEqual({
      LARGE: '12345678901234567890',
      V: '2.0',
    })
    const commandContext = snapshot?.commandContext ?? {}
    expect(renderCommand('{SUB[V]:.2f} {SUB[LARGE]:,}', { ...RUN, commandContext })).toEqual({
      ok: true,
      text: '2.00 12,345,678,901,234,567,890',
    })
  })

  it('that are too large for a number are the text that was written', () => {
    const check = parseOne('command_context: {V: 1e400}\n', { namespace: 'MASTER' })
    expect(check.ok && check.snapshot.commandContext).toEqual({ V: '1e400' })
  })
})
