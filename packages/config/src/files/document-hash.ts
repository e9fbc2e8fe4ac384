import { createHash } from 'node:crypto'
import { canonicalJson, type JsonValue } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import { readYaml } from '../yaml/read-yaml.ts'

/** The hash of a namespace that does not exist: the SHA-1 of nothing, which clients of Tron 3 know. */
export const NO_DOCUMENT_HASH = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'

/**
 * The hash by which an update says what it is an update of. It is taken of what the document says, so comments, order of keys and layout do not
 * matter; a text that is not YAML is hashed as it is.
 */
export function documentHash(text: string): string {
  const root = readYaml(text, createProblemList('', text))
  return root === null ? hashOfText(text) : hashOfValue(root.json)
}

/** The hash of a document that says this. */
export function hashOfValue(value: JsonValue): string {
  return hashOfText(canonicalJson(value))
}

/** The hash of a text that is no document. */
export function hashOfText(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
