import { messageOf } from '@tron/model'
import { createCrew } from './crew.ts'
import type { Defect } from './defects/defect.ts'
import { DEFECTS } from './defects/defects.ts'
import { print, showProgress, type Wanted } from './wanted.ts'

/** A defect that hides from so many seeds counts as not found. */
const MOST_SEEDS = 300

/** How a defect was found. */
export interface Catch {
  readonly defect: string
  /** The rule that it broke; null when it was not found. */
  readonly rule: string | null
  /** The seed that found it, and how many it took. */
  readonly seed: number
  readonly seeds: number
}

/** Plants each known defect in turn and simulates until it is found. Answers whether all were. */
export async function huntDefects(wanted: Wanted): Promise<boolean> {
  const chosen = DEFECTS.filter(({ name }) => wanted.defect === null || name === wanted.defect)
  print(`${chosen.length} defects; a table of how many seeds each took`)
  print(`${'defect'.padEnd(48)} ${'layer'.padEnd(9)} seeds  broken promise`)
  let missed = 0
  for (const [index, defect] of chosen.entries()) {
    showProgress(`${index + 1} of ${chosen.length}: ${defect.name}`)
    const found = await huntDefect(defect, wanted).catch(messageOf)
    showProgress('')
    if (typeof found === 'string' || found.rule === null) missed += 1
    if (typeof found === 'string') {
      print(`${defect.name.padEnd(48)} cannot be planted: ${found}`)
      continue
    }
    const rule = found.rule === null ? 'NOT FOUND' : `${found.rule} (seed ${found.seed})`
    print(`${defect.name.padEnd(48)} ${defect.layer.padEnd(9)} ${String(found.seeds).padStart(5)}  ${rule}`)
  }
  print(
    missed === 0
      ? `all ${chosen.length} defects were found`
      : `${missed} of ${chosen.length} defects were not found`,
  )
  return missed === 0
}

/** Simulates with one defect until a promise is broken. */
export async function huntDefect(
  { name, layer }: Pick<Defect, 'name' | 'layer'>,
  { from, days, workers }: Pick<Wanted, 'from' | 'days' | 'workers'>,
): Promise<Catch> {
  await using crew = createCrew({ size: workers, defect: name })
  const requests = Array.from(
    { length: MOST_SEEDS },
    (_, index) => ({ seed: from + index, days, how: layer, shrink: false }) as const,
  )
  let seeds = 0
  for await (const { seed, violation } of crew.results(requests)) {
    seeds += 1
    if (violation !== null) return { defect: name, rule: violation.rule, seed, seeds }
  }
  return { defect: name, rule: null, seed: 0, seeds }
}
