import { isIdentifier } from '@tron/model'

/** The name of the file that lists the namespaces and their files. */
export const MANIFEST_FILE = '_manifest.yaml'

const ENDING = '.yaml'

/** The file of a namespace. Different namespaces have different files, and `nameOfFile` leads back. */
export function fileOfNamespace(namespace: string): string {
  const file = `${encodeURIComponent(namespace)}${ENDING}`
  return file === MANIFEST_FILE ? `%5Fmanifest${ENDING}` : file
}

/** What a file is by its name: the namespace that it holds, or why it cannot hold the one that was probably meant. */
export type NamedFile =
  | { readonly namespace: string; readonly fault?: never }
  | { readonly fault: string; readonly namespace?: never }

/** What a file in a configuration folder is by its name; null for the manifest and for what is no configuration. */
export function nameOfFile(file: string): NamedFile | null {
  const [, stem, ending] = /^(.+)(\.ya?ml)$/i.exec(file) ?? []
  if (stem === undefined || file === MANIFEST_FILE || file.startsWith('.')) return null
  if (ending !== ENDING) {
    return { fault: `files of a configuration end in ${ENDING}; call it ${stem}${ENDING}` }
  }
  const namespace = decoded(stem)
  if (fileOfNamespace(namespace) === file && isNamespaceName(namespace)) return { namespace }
  return { fault: `"${stem}" ${NO_NAMESPACE}; rename the file` }
}

/** What file systems allow for a name is 255; a file that is replaced stands beside the new one, which is called `.yaml.new` first. */
const LONGEST = 255 - `${ENDING}.new`.length

/** Whether a text may name a namespace: an identifier that leaves room for what its files add. */
export function isNamespaceName(name: string): boolean {
  return isIdentifier(name) && name.length <= LONGEST
}

/** Said of a name that is none of a namespace. */
export const NO_NAMESPACE = `cannot name a namespace; expected letters, digits, _ and -, starting with a letter or _, at most ${LONGEST}`

function decoded(stem: string): string {
  try {
    return decodeURIComponent(stem)
  } catch {
    // A percent sign that encodes nothing: such a file was not written here.
    return stem
  }
}
