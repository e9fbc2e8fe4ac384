import type { ConfigCheck, ConfigProblem, ConfigSnapshot } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import type { ParsedConfig } from '../read/parse-config.ts'
import { MANIFEST_FILE } from './file-names.ts'
import { concerning, keepRunning } from './keep-running.ts'
import { type ParseDocuments, type RunningConfig, runningOf } from './running-config.ts'
import { documentsOf, type StoredConfig } from './stored-config.ts'

/** A change of one namespace: its new text, empty to delete it. */
export interface Change {
  readonly namespace: string
  readonly text: string
}

/** What a change would give, or null when it is refused; and what is to be said about it, by the paths of the files. */
export interface AssessedChange {
  readonly namespace: string
  /** The file that the namespace has, or would get. */
  readonly path: string
  readonly next: { readonly snapshot: ConfigSnapshot; readonly running: RunningConfig } | null
  readonly problems: readonly ConfigProblem[]
}

export interface Surroundings {
  readonly stored: StoredConfig
  readonly running: RunningConfig
  /** The file that the namespace has, or would get. */
  readonly path: string
  readonly parse: ParseDocuments
}

/**
 * The one judgement on a change, for check and update alike. It is refused when it is wrong itself or makes a namespace wrong that was good. What
 * was wrong before need not be mended, and what was broken by hand since it was read goes on as it runs.
 */
export async function assessChange(change: Change, around: Surroundings): Promise<AssessedChange> {
  const { namespace, text } = change
  const { stored, running, path, parse } = around
  if (namespace === 'MASTER' && text === '') {
    return refusal(change, path, 'MASTER cannot be deleted; upload one without jobs instead')
  }
  const wanted = new Map(documentsOf(stored))
  if (text === '') wanted.delete(namespace)
  else wanted.set(namespace, { text, file: path })
  const { documents, parsed, ...others } = await keepRunning(wanted, { running, parse, uploaded: namespace })
  const wrong = wrongBy(namespace, parsed, running)
  const names = [namespace, ...wrong, ...(parsed.snapshot === null ? ['MASTER'] : [])]
  const problems = [
    ...(stored.unlisted.has(path) ? remarkOverwritten(change, path) : []),
    ...concerning(names, documents, parsed),
  ]
  const assessed = { namespace, path, problems }
  if (parsed.snapshot === null || wrong.size > 0) return { ...assessed, next: null }
  const snapshot = { ...parsed.snapshot, problems: [...parsed.problems, ...others.problems] }
  return { ...assessed, next: { snapshot, running: runningOf(parsed, documents) } }
}

/** What is wrong itself, and what runs and is wrong now. */
function wrongBy(namespace: string, parsed: ParsedConfig, running: RunningConfig): ReadonlySet<string> {
  return new Set([...parsed.bad].filter((name) => name === namespace || running.has(name)))
}

/** A file that nobody reads may hold somebody's work all the same. */
function remarkOverwritten({ text }: Change, path: string): readonly ConfigProblem[] {
  if (text === '') return []
  const list = createProblemList(path, text)
  const message = `there is a file of this name already, which ${MANIFEST_FILE} does not list; an upload replaces it`
  list.warning({ at: 0, path: '' }, message)
  return list.problems
}

function refusal({ namespace }: Change, path: string, message: string): AssessedChange {
  const list = createProblemList(path, '')
  list.error({ at: 0, path: '' }, message)
  return { namespace, path, next: null, problems: list.problems }
}

/** The answer to the one who asked, who knows the text by its namespace. */
export function toCheck({ namespace, path, next, problems: found }: AssessedChange): ConfigCheck {
  const problems = found.map((problem) => (problem.file === path ? { ...problem, file: namespace } : problem))
  return next === null ? { ok: false, problems } : { ok: true, snapshot: next.snapshot, problems }
}
