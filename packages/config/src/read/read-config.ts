import { hashOfText, hashOfValue } from '../files/document-hash.ts'
import { type ConfigSource, type ParsedConfig, parseDocuments } from './parse-config.ts'

/** What a set of documents says, and the hash of each, by which an update says what it is an update of. */
export interface ReadConfig extends ParsedConfig {
  readonly hashes: ReadonlyMap<string, string>
}

/** Reads a set of documents in the thread that calls, to no more than its stack allows. */
export function readConfig(source: ConfigSource): ReadConfig {
  const { contents, ...parsed } = parseDocuments(source)
  const hashes = Array.from(source.documents, ([namespace, { text, fault }]) => {
    const content = contents.get(namespace)
    // Of a file that gave no text, the hash is not that of a namespace that does not exist.
    const said = fault === undefined ? text : `${fault.message}\n${text}`
    return [namespace, content === undefined ? hashOfText(said) : hashOfValue(content)] as const
  })
  return { ...parsed, hashes: new Map(hashes) }
}
