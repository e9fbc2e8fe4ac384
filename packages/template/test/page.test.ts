import { readFileSync } from 'node:fs'
import { type JsonValue, jobId } from '@tron/model'
import { checkTemplate, type RenderContext, renderCommand, tronEnvironment } from '@tron/template'
import { describe, expect, it } from 'vitest'

const page = readFileSync(new URL('../../../docs/command-context.md', import.meta.url), 'utf8')

function blocks(kind: string): readonly string[] {
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text = '']) =>
    name === kind ? [text.trimEnd()] : [],
  )
}

/** The lines of the page's fenced blocks of one kind: a template, and the comment behind it. */
function examples(kind: string) {
  return blocks(kind)
    .flatMap((block) => block.split('\n'))
    .map((line) => {
      const [, template = '', comment = ''] = /^(.*?) +# (.*)$/.exec(line) ?? []
      return { template, comment }
    })
}

/** The rows of a table: what stands in backticks in the first two columns. */
function rows(heading: string) {
  const section = page.split(/^## /m).find((text) => text.startsWith(heading)) ?? ''
  return [...section.matchAll(/^\| `(.+?)` +\| `(.+?)` +\|/gm)].map(([, variable = '', value = '']) => ({
    variable,
    value,
  }))
}

const commandContext: Readonly<Record<string, JsonValue>> = {
  PYTHON: '/usr/bin/python3',
  THREADS: 4,
  RATIO: 0.125,
  SETTINGS: { region: 'eu', disks: ['sda', 'sdb'] },
}

const RUN: RenderContext = {
  job: jobId('shop.nightly'),
  runNumber: 7,
  runMs: Date.parse('2024-03-31T05:06:07+02:00'),
  zone: 'Europe/Berlin',
  manual: false,
  action: 'load',
  node: 'batch1.example.com',
  cleanupJobStatus: 'UNKNOWN',
  lastSuccessRunMs: Date.parse('2024-03-29T05:06:07+01:00'),
  nowMs: Date.parse('2024-03-31T05:06:08+02:00'),
  commandContext,
}

describe('the page on the command context', () => {
  it('shows the configuration of its examples', () => {
    expect(blocks('json').map((block): unknown => JSON.parse(block))).toEqual([commandContext])
  })

  it.each(rows('Variables'))('says what {$variable} is', ({ variable, value }) => {
    expect(renderCommand(`{${variable}}`, RUN)).toEqual({ ok: true, text: value })
  })

  it('leaves no variable out', () => {
    const check = checkTemplate('{NOPE}', {})
    const told = new Set(rows('Variables').map(({ variable }) => variable))
    expect(check.ok ? [] : check.known.filter((name) => !told.has(name))).toEqual([])
  })

  it('says which keys of the command context cannot be reached', () => {
    const [, told = ''] = /A built-in name always wins: (.*) A value is put in once/.exec(page) ?? []
    const named = [...told.matchAll(/`([^`]+)`/g)].flatMap(([, key = '']) =>
      key === 'command_context' ? [] : [key],
    )
    const keys = [...named, '', '.', '{', '}']
    const mine = Object.fromEntries(keys.map((key) => [key, 'mine']))
    const reached = keys.filter((key) => {
      const rendered = renderCommand(`{${key}}`, { ...RUN, commandContext: mine })
      return rendered.ok && rendered.text === 'mine'
    })
    expect(reached).toEqual([])
    expect(named).toEqual(
      expect.arrayContaining(['node', 'runid-1', 'year', 'ymd + 1', 'day-1x', '1', '[', '!', ':']),
    )
  })

  it('has examples of every kind', () => {
    expect(examples('command').length).toBeGreaterThan(20)
    expect(examples('refused').length).toBeGreaterThan(12)
  })

  it.each(examples('command'))('says what $template becomes', ({ template, comment }) => {
    expect(checkTemplate(template, commandContext)).toEqual({ ok: true })
    expect(renderCommand(template, RUN)).toEqual({ ok: true, text: comment })
  })

  it.each(examples('refused'))('says why $template is refused', ({ template, comment }) => {
    expect(checkTemplate(template, commandContext)).toMatchObject({
      ok: false,
      faults: [{ reason: comment }],
    })
  })

  it('says what every command finds in its environment', () => {
    const told = rows('Environment').map(({ variable, value }) => [variable, value])
    expect(Object.fromEntries(told)).toEqual(tronEnvironment(RUN.job, RUN.runNumber, RUN.action))
  })
})
