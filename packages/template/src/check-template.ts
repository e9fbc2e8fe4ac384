import { jobId } from '@tron/model'
import { knownNames } from './look-up.ts'
import { renderTemplate, type TemplateFault } from './render-command.ts'
import type { RenderContext } from './render-context.ts'

/** Whether a template is good for every run, or all that is wrong in it. */
export type TemplateCheck =
  | { readonly ok: true }
  | {
      readonly ok: false
      /** Everything that is wrong, in the order of the template. */
      readonly faults: readonly TemplateFault[]
      /** The names that could have been used. */
      readonly known: readonly string[]
    }

type StandIn = Omit<RenderContext, 'commandContext'>

/** A run with everything as small and early as can be: 1900, names of one character, which is no type of a format. */
const SMALLEST: StandIn = {
  job: jobId('q.q'),
  runNumber: 0,
  runMs: -2_208_988_800_000,
  zone: 'UTC',
  manual: true,
  action: 'q',
  node: 'q',
  cleanupJobStatus: 'UNKNOWN',
  lastSuccessRunMs: null,
  nowMs: -2_208_988_800_000,
}

const LONG = 'q'.repeat(255)

/** A run with everything as large and late as can be: the last minute of 2999, long names. */
const LARGEST: StandIn = {
  job: jobId(`${LONG}.${LONG}`),
  runNumber: 1_000_000_000,
  runMs: 32_503_679_999_000,
  zone: 'UTC',
  manual: false,
  action: LONG,
  node: LONG,
  cleanupJobStatus: 'UNKNOWN',
  lastSuccessRunMs: null,
  nowMs: 32_503_679_999_000,
}

/**
 * Whether a template can be rendered for every run to come, found out by rendering it for two that stand at the ends of what is possible: what one of
 * them refuses fails for some run, what both accept fails for none.
 */
export function checkTemplate(
  template: string,
  commandContext: RenderContext['commandContext'],
): TemplateCheck {
  const byPlace = new Map<number, TemplateFault>()
  for (const standIn of [LARGEST, SMALLEST]) {
    const { faults } = renderTemplate(template, { ...standIn, commandContext })
    for (const fault of faults) byPlace.set(fault.at, fault)
  }
  if (byPlace.size === 0) return { ok: true }
  const faults = [...byPlace.values()].toSorted((a, b) => a.at - b.at)
  return { ok: false, faults, known: knownNames(commandContext) }
}
