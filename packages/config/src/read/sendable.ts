import type { ProblemList, ProblemPlace } from '../problems/problem-list.ts'
import { isOfContainers } from '../schema/container.ts'
import { items, type Located, member, type Place, textOf } from '../yaml/located.ts'

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Kubernetes takes dashes and dots, too; a POSIX shell, which starts everything else, drops or refuses such names. */
const VARIABLE_OF_CONTAINER = /^[A-Za-z_.-][A-Za-z0-9_.-]*$/

/** Checks that a text can be handed to a process: neither C strings nor UTF-8 hold everything that YAML can write with a backslash. */
function checkSendable(place: Place | undefined, problems: ProblemList): void {
  const text = place && textOf(place.located)
  if (place === undefined || text === undefined) return
  checkCharacters(text, { at: place.located.at, path: place.path }, problems)
}

function checkCharacters(text: string, place: ProblemPlace, problems: ProblemList): void {
  if (text.includes('\0')) problems.error(place, 'no process can be given a NUL (\\0); remove it')
  if (!text.isWellFormed()) {
    problems.error(
      place,
      'half of a surrogate pair is no character; write the whole one, such as "\\U0001F600"',
    )
  }
}

/** Checks all texts of a value, and all its keys, as `checkSendable` does. What stands in several places through an alias is looked at once. */
export function checkAllSendable(place: Place, problems: ProblemList, seen = new Set<Located>()): void {
  const { located } = place
  if (seen.has(located)) return
  seen.add(located)
  checkSendable(place, problems)
  for (const item of items(place)) checkAllSendable(item, problems, seen)
  if (located.kind !== 'map') return
  for (const key of located.entries.keys()) {
    const value = member(place, key)
    if (value === undefined) continue
    checkCharacters(key, { at: value.keyAt, path: value.path }, problems)
    checkAllSendable(value, problems, seen)
  }
}

/** Checks that the variables of an action can be set where it runs. */
export function checkEnvironment(action: Place, problems: ProblemList): void {
  const env = member(action, 'env')
  if (env?.located.kind !== 'map') return
  const executor = member(action, 'executor')
  const inContainer = executor?.located.isFaulty || isOfContainers(executor && textOf(executor.located))
  for (const name of env.located.entries.keys()) {
    const value = member(env, name)
    if (value === undefined) continue
    checkSendable(value, problems)
    if ((inContainer ? VARIABLE_OF_CONTAINER : VARIABLE).test(name)) continue
    problems.error(
      { at: value.keyAt, path: value.path },
      `"${name}" cannot name an environment variable; expected letters, digits and _, not starting with a digit${meantBy(name)}`,
    )
  }
}

function meantBy(name: string): string {
  const mended = name.replaceAll(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, '_')
  return /[A-Za-z0-9]/.test(name) && !name.includes('=') ? `; write for example ${mended}` : ''
}
