import type { JsonValue } from '@tron/model'
import { pythonStr } from './python-text.ts'
import { renderCommand } from './render-command.ts'
import type { RenderContext } from './render-context.ts'

/** The triggers that an action publishes, or why they cannot be rendered. */
export type PublishedTriggers =
  | { readonly ok: true; readonly names: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/**
 * The names of the triggers that an action publishes when it succeeds, from its `trigger_downstreams`: each key and value is a template, and `true`
 * stands for the day of the run.
 */
export function publishedTriggers(downstreams: JsonValue, context: RenderContext): PublishedTriggers {
  const wanted = downstreams === true ? { shortdate: '{shortdate}' } : downstreams
  if (wanted === null || typeof wanted !== 'object') return { ok: true, names: [] }
  const names: string[] = []
  for (const [key, value] of Object.entries(wanted)) {
    const rendered = renderCommand(`${key}.${pythonStr(value ?? null)}`, context)
    if (!rendered.ok) return rendered
    names.push(`${context.job}.${context.action}.${rendered.text}`)
  }
  return { ok: true, names }
}
