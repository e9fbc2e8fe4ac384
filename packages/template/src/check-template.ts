import { jobId } from '@tron/model'
import { knownNames } from './look-up.ts'
import { renderTemplate } from './render-command.ts'
import type { RenderContext } from './render-context.ts'

export type TemplateCheck =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: string
      /** What stands between the braces that are wrong, as written; absent when it is the braces themselves. */
      readonly field?: string
      /** The name that is not known, when that is the reason. */
      readonly variable?: string
      /** The names that could have been used. */
      readonly known: readonly string[]
    }

/** Long enough that no index into a name is refused here which could work for some name. */
const LONG = 'n'.repeat(255)

const STAND_IN: Omit<RenderContext, 'commandContext'> = {
  job: jobId(`${LONG}.${LONG}`),
  runNumber: 1_000_000,
  runMs: 1_718_446_830_000,
  zone: 'UTC',
  manual: false,
  action: LONG,
  node: LONG,
  cleanupJobStatus: 'UNKNOWN',
  lastSuccessRunMs: null,
  nowMs: 1_718_446_830_000,
}

/** Whether a template can be rendered, found out by rendering it for a run that stands for any. */
export function checkTemplate(
  template: string,
  commandContext: RenderContext['commandContext'],
): TemplateCheck {
  const rendered = renderTemplate(template, { ...STAND_IN, commandContext })
  if ('text' in rendered) return { ok: true }
  return { ok: false, ...rendered, known: knownNames(commandContext) }
}
