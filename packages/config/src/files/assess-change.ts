import type { ConfigCheck, ConfigProblem, ConfigSnapshot } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import type { ConfigDocument, ParsedConfig } from '../read/parse-config.ts'
import type { StoredConfig } from './stored-config.ts'

/** A change of one namespace: its new text, empty to delete it. */
export interface Change {
  readonly namespace: string
  readonly text: string
}

/** A configuration that can be run by. */
export type GoodConfig = ParsedConfig & { readonly snapshot: ConfigSnapshot }

/** What runs now: the texts of the namespaces it is made of, and those that are left out for their errors. */
export interface RunningConfig {
  readonly texts: ReadonlyMap<string, string>
  readonly bad: ReadonlySet<string>
}

/** What a change would give, or null when it is refused; and what is to be said about it. */
export interface AssessedChange {
  readonly next: { readonly config: GoodConfig; readonly running: RunningConfig } | null
  readonly problems: readonly ConfigProblem[]
}

export interface Surroundings {
  readonly stored: StoredConfig
  readonly running: RunningConfig
  /** The file that the namespace has, or would get. */
  readonly path: string
  readonly parse: ParseDocuments
}

/** Reads a set of documents, in whatever thread. */
export type ParseDocuments = (documents: ReadonlyMap<string, ConfigDocument>) => Promise<ParsedConfig>

/**
 * The one judgement on a change, for check and update alike. It is refused when it is wrong itself or makes a namespace wrong that was good. What
 * was wrong before need not be mended, and what was broken by hand since it was read goes on as it runs.
 */
export async function assessChange(
  { namespace, text }: Change,
  { stored, running, path, parse }: Surroundings,
): Promise<AssessedChange> {
  if (namespace === 'MASTER' && text === '') {
    return refusal(namespace, 'MASTER cannot be deleted; upload one without jobs instead')
  }
  const documents = new Map(documentsOf(stored))
  if (text === '') documents.delete(namespace)
  else documents.set(namespace, { text, file: path })
  const first = await parse(documents)
  const broken = [...newlyBad(first, running)].filter(
    (name) => name !== namespace && running.texts.get(name) !== documents.get(name)?.text,
  )
  for (const name of broken) restore(documents, name, running)
  const parsed = broken.length === 0 ? first : await parse(documents)
  const wrong = new Set([...newlyBad(parsed, running), ...(parsed.bad.has(namespace) ? [namespace] : [])])
  const names = [namespace, ...wrong, ...(parsed.snapshot === null ? ['MASTER'] : [])]
  const problems = concerning(names, documents, parsed).map((problem) => asUploaded(problem, path, namespace))
  if (parsed.snapshot === null || wrong.size > 0) return { next: null, problems }
  const said = [...parsed.problems, ...concerning(broken, documents, first)]
  const config = { ...parsed, snapshot: { ...parsed.snapshot, problems: said }, problems: said }
  return { next: { config, running: runningOf(config, documents) }, problems }
}

/** Whoever uploads a text knows it by its namespace. */
function asUploaded(problem: ConfigProblem, path: string, namespace: string): ConfigProblem {
  return problem.file === path ? { ...problem, file: namespace } : problem
}

function newlyBad(parsed: ParsedConfig, running: RunningConfig): ReadonlySet<string> {
  return new Set([...parsed.bad].filter((name) => !running.bad.has(name)))
}

function restore(documents: Map<string, ConfigDocument>, name: string, running: RunningConfig): void {
  const text = running.texts.get(name)
  const document = documents.get(name)
  if (text !== undefined && document !== undefined) documents.set(name, { text, file: document.file })
}

function concerning(
  names: readonly string[],
  documents: ReadonlyMap<string, ConfigDocument>,
  parsed: ParsedConfig,
): readonly ConfigProblem[] {
  const files = new Set(names.map((name) => documents.get(name)?.file))
  return parsed.problems.filter(({ file }) => files.has(file))
}

function refusal(namespace: string, message: string): AssessedChange {
  const list = createProblemList(namespace, '')
  list.error({ at: 0, path: '' }, message)
  return { next: null, problems: list.problems }
}

/** The answer to the one who asked. */
export function toCheck({ next, problems }: AssessedChange): ConfigCheck {
  return next === null ? { ok: false, problems } : { ok: true, snapshot: next.config.snapshot, problems }
}

/** What is stored, as it was read, with what is to be said about the manifest. */
export function withManifest<Read extends ParsedConfig>(read: Read, stored: StoredConfig): Read {
  const missing = stored.manifest.filter(({ namespace }) => !stored.namespaces.has(namespace))
  const bad = new Set([...read.bad, ...missing.map(({ namespace }) => namespace)])
  const problems = [...stored.problems.problems, ...read.problems]
  return { ...read, snapshot: read.snapshot && { ...read.snapshot, problems }, problems, bad }
}

/** What runs when the stored configuration does. */
export function runningStored(parsed: ParsedConfig, stored: StoredConfig): RunningConfig {
  return runningOf(parsed, documentsOf(stored))
}

function runningOf(parsed: ParsedConfig, documents: ReadonlyMap<string, ConfigDocument>): RunningConfig {
  const good = [...documents].filter(([name]) => !parsed.bad.has(name))
  return { texts: new Map(good.map(([name, { text }]) => [name, text])), bad: parsed.bad }
}

/** The documents that are stored. */
export function documentsOf(stored: StoredConfig): ReadonlyMap<string, ConfigDocument> {
  return new Map(
    Array.from(stored.namespaces, ([namespace, { path, ...text }]) => [namespace, { ...text, file: path }]),
  )
}
