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
  const names: string[] = []
  for (const template of triggerTemplates(downstreams)) {
    const rendered = renderCommand(template, context)
    if (!rendered.ok) return rendered
    names.push(`${context.job}.${context.action}.${rendered.text}`)
  }
  return { ok: true, names }
}

/** The templates of those names, without the action in front. */
export function triggerTemplates(downstreams: JsonValue): readonly string[] {
  const wanted = downstreams === true ? { shortdate: '{shortdate}' } : downstreams
  if (wanted === null || typeof wanted !== 'object') return []
  return Object.entries(wanted).map(([key, value]) => `${key}.${pythonStr(value ?? null)}`)
}
