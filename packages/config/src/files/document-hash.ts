import { createHash } from 'node:crypto'
import { canonicalJson } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import { readYaml } from '../yaml/read-yaml.ts'

/** The hash of a namespace that does not exist: the SHA-1 of nothing, which clients of Tron 3 know. */
export const NO_DOCUMENT_HASH = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'

/**
 * The hash by which an update says what it is an update of. It is taken of what the document says, so comments, order of keys and layout do not
 * matter; a text that is not YAML is hashed as it is.
 */
export function documentHash(text: string): string {
  const problems = createProblemList('', text)
  const root = readYaml(text, problems)
  return createHash('sha1')
    .update(root === null ? text : canonicalJson(root.json))
    .digest('hex')
}
