import type { ConfigProblem } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import type { ConfigDocument, ParsedConfig } from '../read/parse-config.ts'
import { changedSince, type ParseDocuments, type RunningConfig, runsOn } from './running-config.ts'

/** What a set of documents comes to for a daemon that runs. */
export interface Kept {
  readonly documents: ReadonlyMap<string, ConfigDocument>
  readonly parsed: ParsedConfig
  /** The namespaces of which something else is stored, and that go on as they ran. */
  readonly kept: readonly string[]
  /** What is wrong with the documents of those. */
  readonly problems: readonly ConfigProblem[]
}

export interface KeepOptions {
  readonly running: RunningConfig
  readonly parse: ParseDocuments
  /** A namespace that is being uploaded: its author answers for it, so it is never what runs instead. */
  readonly uploaded?: string
}

/**
 * Reads documents of which some may have been changed by hand. A namespace that was good and has errors now goes on as it ran, and so does MASTER
 * when it makes such a namespace wrong; all others count as they are.
 */
export async function keepRunning(
  stored: ReadonlyMap<string, ConfigDocument>,
  options: KeepOptions,
): Promise<Kept> {
  const documents = new Map(stored)
  const kept: string[] = []
  const problems: ConfigProblem[] = []
  let parsed = await options.parse(documents)
  let wrong = whatIsWrong(parsed, documents, options)
  while (wrong.keep.length > 0) {
    problems.push(...concerning(wrong.bad, documents, parsed), ...blames(wrong, documents))
    for (const name of wrong.keep) runsOn(documents, name, options.running)
    kept.push(...wrong.keep)
    parsed = await options.parse(documents)
    wrong = whatIsWrong(parsed, documents, options)
  }
  return { documents, parsed, kept, problems }
}

/** Namespaces that were good and are not, and those that have to go on as they ran for that. */
interface Wrong {
  readonly bad: readonly string[]
  readonly keep: readonly string[]
}

function whatIsWrong(
  parsed: ParsedConfig,
  documents: ReadonlyMap<string, ConfigDocument>,
  { running, uploaded }: KeepOptions,
): Wrong {
  const others = [...documents.keys()].filter((name) => name !== uploaded && running.has(name))
  const bad = others.filter((name) => parsed.bad.has(name))
  const changed = others.filter((name) => changedSince(running, name, documents.get(name)))
  const own = bad.filter((name) => changed.includes(name))
  if (own.length > 0) return { bad: own, keep: own }
  if (bad.length === 0) return { bad, keep: [] }
  // They are what they were: MASTER is not, which says what their jobs may refer to, or something else that was changed.
  return { bad, keep: changed.includes('MASTER') ? ['MASTER'] : changed }
}

/** Said of what is kept without an error of its own. */
function blames(
  { bad, keep }: Wrong,
  documents: ReadonlyMap<string, ConfigDocument>,
): readonly ConfigProblem[] {
  return keep.flatMap((name) => {
    const document = documents.get(name)
    if (document === undefined || bad.includes(name)) return []
    const list = createProblemList(document.file, document.text)
    list.error({ at: 0, path: '' }, `this makes ${bad.join(', ')} wrong; ${name} goes on as it ran`)
    return list.problems
  })
}

/** What is said of the files of some namespaces. */
export function concerning(
  names: readonly string[],
  documents: ReadonlyMap<string, ConfigDocument>,
  parsed: ParsedConfig,
): readonly ConfigProblem[] {
  const files = new Set(names.map((name) => documents.get(name)?.file))
  return parsed.problems.filter(({ file }) => files.has(file))
}
