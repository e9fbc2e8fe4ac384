import { jobId } from '@tron/model'
import { exactNumber, type RenderContext, renderCommand } from '@tron/template'
import { describe, expect, it } from 'vitest'
import exactNumbers from './data/exact-numbers.json' with { type: 'json' }
import formats from './data/formats.json' with { type: 'json' }

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
  commandContext: {},
}

describe('formats, as Python 3.11 writes them', () => {
  it.each([...Map.groupBy(formats, ([value]) => value)])('of %j', (value, cases) => {
    const ours = cases.map(([, format]) => {
      const rendered = renderCommand(`|{V:${format}}`, { ...CONTEXT, commandContext: { V: value ?? null } })
      return [value, format, rendered.ok ? rendered.text.slice(1) : null]
    })
    expect(ours).toEqual(cases)
  })
})

/** A number as Python writes it. */
function numberIn(text: string) {
  return /^-?\d+$/.test(text)
    ? exactNumber({ int: BigInt(text) })
    : exactNumber({ float: Number(text.replace('inf', 'Infinity')) })
}

describe('formats of numbers that JSON has none for, as Python 3.11 writes them', () => {
  it.each([...Map.groupBy(exactNumbers, ([literal]) => literal)])('of %s', (literal, cases) => {
    const context = { ...CONTEXT, commandContext: { V: numberIn(literal ?? '') } }
    const ours = cases.map(([, format]) => {
      const rendered = renderCommand(`|{V:${format}}`, context)
      return [literal, format, rendered.ok ? rendered.text.slice(1) : null]
    })
    expect(ours).toEqual(cases)
  })

  it.each([
    ['{V} {V!r} {V!s:>5}', '1.0', '1.0 1.0   1.0'],
    ['{L} {L[1]:.2f} {L[1]}', '-0.0', "['x', -0.0] -0.00 -0.0"],
    ['{V:,d}', '12345678901234567890', '12,345,678,901,234,567,890'],
    ['{V[0]}', '1.0', null],
  ])('in %s', (template, literal, text) => {
    const V = numberIn(literal)
    const rendered = renderCommand(template, { ...CONTEXT, commandContext: { V, L: ['x', V] } })
    expect(rendered.ok ? rendered.text : null).toBe(text)
  })
})
