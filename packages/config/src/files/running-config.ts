import type { ConfigDocument, ParsedConfig } from '../read/parse-config.ts'

/** The texts of the namespaces that run now; those that are left out for their errors are not among them. */
export type RunningConfig = ReadonlyMap<string, string>

/** Reads a set of documents, in whatever thread. */
export type ParseDocuments = (documents: ReadonlyMap<string, ConfigDocument>) => Promise<ParsedConfig>

/** What runs when these documents do. */
export function runningOf(
  parsed: ParsedConfig,
  documents: ReadonlyMap<string, ConfigDocument>,
): RunningConfig {
  const good = [...documents].filter(([name]) => !parsed.bad.has(name))
  return new Map(good.map(([name, { text }]) => [name, text]))
}

/** Whether a namespace that runs is not what its document says. */
export function changedSince(
  running: RunningConfig,
  name: string,
  document: ConfigDocument | undefined,
): boolean {
  const text = running.get(name)
  return text !== undefined && (document?.text !== text || document.fault !== undefined)
}

/** Puts what runs of a namespace in the place of its document. */
export function runsOn(documents: Map<string, ConfigDocument>, name: string, running: RunningConfig): void {
  const text = running.get(name)
  const document = documents.get(name)
  if (text !== undefined && document !== undefined) documents.set(name, { text, file: document.file })
}
