import type { ProblemList } from '../problems/problem-list.ts'
import { member, type Place, textOf } from '../yaml/located.ts'

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Kubernetes takes dashes and dots, too; a POSIX shell, which starts everything else, drops or refuses such names. */
const VARIABLE_OF_CONTAINER = /^[A-Za-z_.-][A-Za-z0-9_.-]*$/

/** Checks that a text can be handed to a process: neither C strings nor UTF-8 hold everything that YAML can write with a backslash. */
export function checkSendable(place: Place | undefined, problems: ProblemList): void {
  const text = place && textOf(place.located)
  if (place === undefined || text === undefined) return
  const at = { at: place.located.at, path: place.path }
  if (text.includes('\0')) problems.error(at, 'no process can be given a NUL (\\0); remove it')
  if (!text.isWellFormed()) {
    problems.error(at, 'half of a surrogate pair is no character; write the whole one, such as "\\U0001F600"')
  }
}

/** Checks that the variables of an action can be set where it runs. */
export function checkEnvironment(action: Place, problems: ProblemList): void {
  const env = member(action, 'env')
  if (env?.located.kind !== 'map') return
  const executor = textOf(member(action, 'executor')?.located)
  const inContainer = executor === 'kubernetes' || executor === 'spark'
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
