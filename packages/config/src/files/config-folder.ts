import { existsSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { ConfigProblem } from '@tron/model'
import { createProblemList } from '../problems/problem-list.ts'
import type { ConfigDocument } from '../read/parse-config.ts'
import { createConfigDisk } from './config-disk.ts'
import { MANIFEST_FILE, nameOfFile } from './file-names.ts'
import { isInside, type ManifestFolders, readManifest } from './manifest.ts'
import { faulty, type ReadingOptions, readDocument, readListed } from './read-document.ts'
import { faultsOfNames, remarkUnlisted } from './unlisted.ts'
import { whyUnreadable } from './why-unreadable.ts'

/** What a configuration folder holds. */
export interface ConfigFolder {
  /** By namespace; what cannot be read has a fault. */
  readonly documents: ReadonlyMap<string, ConfigDocument>
  /** What is to be said about the folder, its manifest and the names of its files. */
  readonly problems: readonly ConfigProblem[]
  /** Null when there is none. */
  readonly manifest: ConfigDocument | null
}

/**
 * Reads a configuration folder as a daemon would that is started on it, and changes nothing. It may be a copy: a file that its manifest names
 * elsewhere is taken from the folder itself when it is there, or nowhere. Files that the manifest does not list are read, too.
 */
export async function readConfigFolder(directory: string, options: ReadingOptions): Promise<ConfigFolder> {
  const folder = { directory, files: await listed(directory, options), options }
  if (typeof folder.files === 'string') {
    const problems = createProblemList(directory, '')
    problems.error({ at: 0, path: '' }, folder.files)
    return { documents: new Map(), problems: problems.problems, manifest: null }
  }
  return readFiles({ ...folder, files: folder.files })
}

interface Folder {
  /** As it was named: so its files are named, too. */
  readonly directory: string
  readonly files: readonly string[]
  readonly options: ReadingOptions
}

/** The names of the files; or why nobody can tell. */
async function listed(
  directory: string,
  { disk = createConfigDisk() }: ReadingOptions,
): Promise<readonly string[] | string> {
  try {
    const files = (await disk.list(directory)) ?? []
    return files.some((file) => nameOfFile(file) !== null || file === MANIFEST_FILE)
      ? files.toSorted()
      : 'there is no *.yaml here; name the directory that holds MASTER.yaml'
  } catch (error) {
    return `the directory cannot be read: ${whyUnreadable(error)}`
  }
}

async function readFiles(folder: Folder): Promise<ConfigFolder> {
  const { directory, files, options } = folder
  const file = join(directory, MANIFEST_FILE)
  const found = await readDocument(file, options)
  const manifest = found && { ...found, file }
  const documents = new Map<string, ConfigDocument>()
  const problems = manifest === null ? [] : await readNamed(folder, manifest, documents)
  for (const name of files) {
    const namespace = nameOfFile(name)?.namespace
    if (namespace === undefined || documents.has(namespace)) continue
    const path = join(directory, name)
    documents.set(namespace, { ...((await readDocument(path, options)) ?? faulty('it is gone')), file: path })
  }
  return {
    documents,
    problems: manifest === null ? faultsOfNames(directory, files) : problems,
    manifest,
  }
}

/** Reads what a manifest names, and gives what is to be said about it. */
async function readNamed(
  { directory, files, options }: Folder,
  manifest: ConfigDocument,
  documents: Map<string, ConfigDocument>,
): Promise<readonly ConfigProblem[]> {
  const folders = foldersOf(directory)
  const { entries, problems } = readManifest(manifest, folders, locateIn(folders, files))
  if (problems.errors > 0) return problems.problems
  for (const entry of entries) {
    const file = shown(entry.path, directory)
    documents.set(entry.namespace, { ...(await readListed(entry, options)), file })
  }
  const paths = new Map(entries.map(({ namespace, path }) => [namespace, path]))
  remarkUnlisted({ files, folders, paths }, problems)
  return problems.problems
}

/** A daemon's folder stands in its working directory, unless it is told otherwise. */
function foldersOf(directory: string): ManifestFolders {
  const absolute = resolve(directory)
  return { directory: absolute, workingDirectory: dirname(absolute) }
}

function locateIn(
  { directory, workingDirectory }: ManifestFolders,
  files: readonly string[],
): (given: string) => string {
  return (given) => {
    const path = resolve(workingDirectory, given)
    if (isInside(directory, path)) return path
    const isElsewhere = !files.includes(basename(path)) && existsSync(path)
    return isElsewhere ? path : join(directory, basename(path))
  }
}

function shown(path: string, directory: string): string {
  const absolute = resolve(directory)
  return isInside(absolute, path) ? join(directory, relative(absolute, path)) : path
}
