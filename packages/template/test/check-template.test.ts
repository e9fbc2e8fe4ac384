import { jobId } from '@tron/model'
import { checkTemplate, type RenderContext, renderCommand } from '@tron/template'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const CONTEXT: RenderContext = {
  job: jobId('svc.nightly'),
  runNumber: 7,
  runMs: 1_700_000_000_000,
  zone: 'Europe/Berlin',
  manual: true,
  action: 'load',
  node: 'batch1',
  cleanupJobStatus: 'SUCCESS',
  lastSuccessRunMs: null,
  nowMs: 1_700_000_100_000,
  commandContext: { PYTHON: '/usr/bin/python', N: 5, F: 1234.5 },
}

describe('checking a template', () => {
  it('names the unknown variable and what is known', () => {
    expect(checkTemplate('echo {NOPE}', { CC: 'x' })).toEqual({
      ok: false,
      faults: [{ reason: 'unknown variable "NOPE"', variable: 'NOPE', at: 5, length: 6 }],
      known: [
        'actionname',
        'node',
        'runid',
        'manual',
        'cleanup_job_status',
        'name',
        'namespace',
        'shortdate',
        'year',
        'month',
        'day',
        'hour',
        'ym',
        'ymd',
        'ymdh',
        'ymdhm',
        'daynumber',
        'unixtime',
        'last_success#shortdate',
        'CC',
      ],
    })
  })

  it.each([
    [
      "awk '{print $1}'",
      'unknown variable "print $1"; write "{{" and "}}" for braces that the command itself needs',
    ],
    ['   ', 'nothing is left to run: the command is empty'],
    ['{name:.0}', 'nothing is left to run: the command is empty'],
    ['echo }', 'a single "}" at character 6; write "}}" for a brace'],
    ['echo {name', 'a "{" that is never closed at character 6; write "{{" for a brace'],
    ['echo {name.foo}', '{name.foo}: only plain names can be used, without dots; [KEY] reaches into a value'],
    ['echo {month+120000}', '{month+120000} is outside the years 1 to 9999'],
    ['echo {shortdate!z}', '{shortdate!z}: "!z" is not a conversion; accepted: !s, !r, !a'],
  ])('says how to mend %s', (template, reason) => {
    expect(checkTemplate(template, {})).toMatchObject({ ok: false, faults: [{ reason }] })
  })

  it.each([
    ['{runid - 1}', 'runid-1'],
    ['{ runid }', 'runid'],
    ['{last_success #shortdate}', 'last_success#shortdate'],
    ['{C C}', 'CC'],
  ])('says of %s that it needs no more than its blanks taken out', (template, tight) => {
    const reason = `unknown variable "${template.slice(1, -1)}"; no blanks may stand in it, write {${tight}}`
    expect(checkTemplate(template, { CC: 'x' })).toMatchObject({ ok: false, faults: [{ reason }] })
    expect(checkTemplate(`{${tight}}`, { CC: 'x' })).toEqual({ ok: true })
  })

  it.each(['{print name}', '{runid - 9999999999999999}', '{ 1 }', '{ }'])(
    'says nothing of blanks in %s, which is no variable without them either',
    (template) => {
      const reason = `unknown variable "${template.slice(1, -1)}"; write "{{" and "}}" for braces that the command itself needs`
      expect(checkTemplate(template, { '1': 'x' })).toMatchObject({ ok: false, faults: [{ reason }] })
    },
  )

  it.each([
    ['{last_success#}', ''],
    ['{last_success#foo}', 'foo'],
    ['{last_success# shortdat -1}', 'shortdat'],
    ['{name:{last_success#runid}}', 'runid'],
  ])('says of %s what may stand behind the last success', (template, word) => {
    const check = checkTemplate(template, {})
    const [fault] = check.ok ? [] : check.faults
    expect(fault?.reason).toContain('"; behind "last_success#" stands one of shortdate, year, ')
    expect(fault?.among?.word).toBe(word)
  })

  it('knows no key of the command context that a field cannot name', () => {
    const reached = ['1a', 'a]b', 'a b', '-1', 'yearly', 'runid-x', 'last_success', 'last_success#foo']
    const hidden = ['1', '01', '', 'a.b', 'a[b]', 'a{b', 'a}b', 'a!b', 'a:b']
    const taken = [
      'node',
      'runid-1',
      'ye ar',
      'year + 1',
      'year-1foo',
      'last_success#ymd',
      'last_success# day-1',
    ]
    const names = [...reached, ...hidden, ...taken]
    const commandContext = Object.fromEntries(names.map((name) => [name, 'mine']))
    const check = checkTemplate('{NOPE}', commandContext)
    const usable = names.filter((name) => {
      const rendered = renderCommand(`{${name}}`, { ...CONTEXT, commandContext })
      return rendered.ok && rendered.text === 'mine'
    })
    const known = new Set(check.ok ? [] : check.known)
    const builtIn = new Set(['node'])
    expect(usable).toEqual(reached)
    expect(names.filter((name) => known.has(name) && !builtIn.has(name))).toEqual(reached)
  })

  it.each([
    ['{NOPE} {name} {name.x} }', ['{NOPE}', '{name.x}', '}']],
    ['{NOPE} {name!z} {NOPE}', ['{NOPE}', '{name!z}', '{NOPE}']],
    ['{name:>{W}} {month+120000} {name:d}', ['{name:>{W}}', '{month+120000}', '{name:d}']],
    ['🚀 } {', ['}', '{']],
    ["awk '{ if ($1) { print } }' {NOPE}", ['{ if ($1) {', '{NOPE}']],
    ['{month+90000} {year-100}', ['{month+90000}']],
  ])('tells all that is wrong in %s at once, each at its place', (template, wrong) => {
    const check = checkTemplate(template, {})
    const faults = check.ok ? [] : check.faults
    expect(faults.map(({ at, length }) => template.slice(at, at + length))).toEqual(wrong)
  })

  it('joins what is wrong for the earliest run with what is wrong for the latest', () => {
    const check = checkTemplate('{year-1900} {NOPE} {year+8000}', {})
    expect(check.ok ? [] : check.faults.map(({ at }) => at)).toEqual([0, 12, 19])
  })

  it('stops telling where nobody reads on', () => {
    const check = checkTemplate('} '.repeat(1000) + '{NOPE} '.repeat(1000), {})
    expect(check.ok ? 0 : check.faults.length).toBe(100)
  })

  it('accepts only what renders, whatever the template', () => {
    const part = fc.constantFrom(
      '{',
      '}',
      '{{',
      '}}',
      '{name}',
      '{shortdate',
      '-1',
      ':>9',
      '!r',
      '[0]',
      'x',
      '{N:05d}',
      '日',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const template = parts.join('')
        const accepted = checkTemplate(template, CONTEXT.commandContext).ok
        expect(!accepted || renderCommand(template, CONTEXT).ok).toBe(true)
      }),
    )
  })
})

describe('formats', () => {
  it.each([
    ['{N:+d}', '+5'],
    ['{N:08b}', '00000101'],
    ['{N:#x}', '0x5'],
    ['{N:^5}', '  5  '],
    ['{N:*<4}', '5***'],
    ['{F:.2f}', '1234.50'],
    ['{F:,.1f}', '1,234.5'],
    ['{F:e}', '1.234500e+03'],
    ['{name:.3}', 'svc'],
    ['{name!r:>15}', "  'svc.nightly'"],
  ])('%s gives %s as in Python', (template, text) => {
    expect(renderCommand(template, CONTEXT)).toEqual({ ok: true, text })
  })

  it('keeps any text around the fields', () => {
    expect(renderCommand('echo "héllo 日本語 🚀" {name}', CONTEXT)).toEqual({
      ok: true,
      text: 'echo "héllo 日本語 🚀" svc.nightly',
    })
  })
})
