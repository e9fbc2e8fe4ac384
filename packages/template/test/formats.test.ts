import { jobId } from '@tron/model'
import { type RenderContext, renderCommand } from '@tron/template'
import { describe, expect, it } from 'vitest'
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
