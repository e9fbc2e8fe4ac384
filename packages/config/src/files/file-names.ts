/** The name of the file that lists the namespaces and their files. */
export const MANIFEST_FILE = '_manifest.yaml'

const ENDING = '.yaml'

/** The file of a namespace. Different namespaces have different files, and `namespaceOfFile` leads back. */
export function fileOfNamespace(namespace: string): string {
  const file = `${encodeURIComponent(namespace)}${ENDING}`
  return file === MANIFEST_FILE ? `%5Fmanifest${ENDING}` : file
}

/** The namespace that a file in a configuration folder holds; null for the manifest and for what is no configuration. */
export function namespaceOfFile(file: string): string | null {
  if (!file.endsWith(ENDING) || file === MANIFEST_FILE || file.startsWith('.')) return null
  try {
    return decodeURIComponent(file.slice(0, -ENDING.length))
  } catch {
    // A percent sign that encodes nothing: such a file was not written here.
    return null
  }
}
