import type { ConfigCheck, ConfigProblem, ConfigSnapshot } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import type { MasterDefaults } from '../read/master-config.ts'
import { type ConfigDocument, type ParsedConfig, parseDocuments } from '../read/parse-config.ts'
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
  readonly defaults: MasterDefaults
}

/**
 * The one judgement on a change, for check and update alike. It is refused when it is wrong itself or makes a namespace wrong that was good. What
 * was wrong before need not be mended, and what was broken by hand since it was read goes on as it runs.
 */
export function assessChange({ namespace, text }: Change, around: Surroundings): AssessedChange {
  const { stored, running, defaults } = around
  if (namespace === 'MASTER' && text === '') {
    return refusal(namespace, 'MASTER cannot be deleted; upload one without jobs instead')
  }
  const documents = new Map(documentsOf(stored))
  if (text === '') documents.delete(namespace)
  else documents.set(namespace, { text, file: namespace })
  const first = parseDocuments({ documents, ...onlyDefaults(defaults) })
  const broken = [...newlyBad(first, running)].filter(
    (name) => name !== namespace && running.texts.get(name) !== documents.get(name)?.text,
  )
  for (const name of broken) restore(documents, name, running)
  const parsed = broken.length === 0 ? first : parseDocuments({ documents, ...onlyDefaults(defaults) })
  const wrong = new Set([...newlyBad(parsed, running), ...(parsed.bad.has(namespace) ? [namespace] : [])])
  const problems = concerning([namespace, ...wrong], documents, parsed)
  if (parsed.snapshot === null || wrong.size > 0) {
    return { next: null, problems: parsed.snapshot === null ? parsed.problems : problems }
  }
  const said = [...parsed.problems, ...concerning(broken, documents, first)]
  const config = { ...parsed, snapshot: { ...parsed.snapshot, problems: said }, problems: said }
  return { next: { config, running: runningOf(config, documents) }, problems }
}

function newlyBad(parsed: ParsedConfig, running: RunningConfig): ReadonlySet<string> {
  return new Set([...parsed.bad].filter((name) => !running.bad.has(name)))
}

function restore(documents: Map<string, ConfigDocument>, name: string, running: RunningConfig): void {
  const text = running.texts.get(name)
  const document = documents.get(name)
  if (text !== undefined && document !== undefined) documents.set(name, { ...document, text })
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

/** Reads what is stored, with what is to be said about the manifest. */
export function parseStored(stored: StoredConfig, defaults: MasterDefaults): ParsedConfig {
  const parsed = parseDocuments({ documents: documentsOf(stored), ...onlyDefaults(defaults) })
  const missing = stored.manifest.filter(({ namespace }) => !stored.namespaces.has(namespace))
  const bad = new Set([...parsed.bad, ...missing.map(({ namespace }) => namespace)])
  const problems = [...stored.problems.problems, ...parsed.problems]
  return { snapshot: parsed.snapshot && { ...parsed.snapshot, problems }, problems, bad }
}

/** What runs when the stored configuration does. */
export function runningStored(parsed: ParsedConfig, stored: StoredConfig): RunningConfig {
  return runningOf(parsed, documentsOf(stored))
}

function runningOf(parsed: ParsedConfig, documents: ReadonlyMap<string, ConfigDocument>): RunningConfig {
  const good = [...documents].filter(([name]) => !parsed.bad.has(name))
  return { texts: new Map(good.map(([name, { text }]) => [name, text])), bad: parsed.bad }
}

function documentsOf(stored: StoredConfig): ReadonlyMap<string, ConfigDocument> {
  return new Map(
    Array.from(stored.namespaces, ([namespace, { path, text }]) => [namespace, { text, file: path }]),
  )
}

function onlyDefaults({ systemZone, daemonUser }: MasterDefaults): MasterDefaults {
  return { systemZone, daemonUser }
}
