import { join } from 'node:path'
import { type ConfigProblem, messageOf, TronError } from '@tron/model'
import { formatProblems } from '../problems/format-problems.ts'
import type { ConfigDocument } from '../read/parse-config.ts'
import type { ConfigDisk } from './config-disk.ts'
import { type DecodedText, decodeText } from './decode-text.ts'
import { fileOfNamespace, MANIFEST_FILE, nameOfFile } from './file-names.ts'
import { type ManifestEntry, type ManifestFolders, readManifest, writeManifest } from './manifest.ts'
import { readListed } from './read-document.ts'
import { faultsOfNames, remarkUnlisted } from './unlisted.ts'

/** One namespace on the disk; with a fault when its file holds no text that could be read. */
export interface StoredNamespace extends DecodedText {
  readonly path: string
}

/** All that the disk holds of a configuration. */
export interface StoredConfig {
  /** In the order of the manifest. */
  readonly namespaces: ReadonlyMap<string, StoredNamespace>
  readonly manifest: readonly ManifestEntry[]
  /** The paths of files that look like namespaces, and that the manifest does not name. */
  readonly unlisted: ReadonlySet<string>
  /** Remarks on the manifest and on files that it does not name. */
  readonly problems: readonly ConfigProblem[]
}

/** The documents that are stored. */
export function documentsOf({ namespaces }: StoredConfig): ReadonlyMap<string, ConfigDocument> {
  return new Map(
    Array.from(namespaces, ([namespace, { path, ...text }]) => [namespace, { ...text, file: path }]),
  )
}

/** The files of a configuration: what is there, and how it changes so that a crash at any moment leaves the old or the new. */
export interface ConfigStorage {
  /**
   * Makes the folder, its manifest and a MASTER of comments where they are missing. A file that cannot be read is a fault of its namespace alone.
   * @throws CONFIG_INVALID when the manifest cannot be read, or made of what the files are called
   */
  load(): Promise<StoredConfig>
  put(stored: StoredConfig, namespace: string, text: string): Promise<void>
  /** The file of a namespace: where it is, or would be. */
  pathOf(stored: StoredConfig, namespace: string): string
  /** Takes a namespace out of the manifest, and removes its file unless another is in it. Gives why the file is still there, null when it is not. */
  remove(stored: StoredConfig, namespace: string): Promise<string | null>
}

export interface StorageOptions extends ManifestFolders {
  readonly disk: ConfigDisk
  /** Larger files are not read. */
  readonly maxBytes: number
}

export function createConfigStorage({ disk, maxBytes, ...folders }: StorageOptions): ConfigStorage {
  const manifestPath = join(folders.directory, MANIFEST_FILE)
  const parts = { folders, disk, manifestPath, maxBytes }
  return {
    load: () => load(parts),
    put: (stored, namespace, text) => put(parts, stored, { namespace, text }),
    pathOf: (stored, namespace) => entryFor(parts, stored, namespace).path,
    remove: (stored, namespace) => remove(parts, stored, namespace),
  }
}

interface Parts {
  readonly folders: ManifestFolders
  readonly disk: ConfigDisk
  readonly manifestPath: string
  readonly maxBytes: number
}

async function load(parts: Parts): Promise<StoredConfig> {
  const { manifestPath, folders } = parts
  const manifest = (await readManifestText(parts)) ?? { text: await createMissing(parts) }
  const { entries, problems } = readManifest({ ...manifest, file: manifestPath }, folders)
  if (problems.errors > 0) throw unusable(problems.problems)
  const namespaces = new Map<string, StoredNamespace>()
  for (const entry of entries) {
    namespaces.set(entry.namespace, { path: entry.path, ...(await readListed(entry, parts)) })
  }
  const paths = new Map(entries.map(({ namespace, path }) => [namespace, path]))
  const unlisted = remarkUnlisted({ files: await filesOf(parts), folders, paths }, problems)
  return { namespaces, manifest: entries, unlisted, problems: problems.problems }
}

/** What the folder holds; nothing where nobody may look: the files that the manifest names can be read all the same. */
async function filesOf({ disk, folders }: Parts): Promise<readonly string[]> {
  return (await disk.list(folders.directory).catch(() => null)) ?? []
}

function unusable(problems: readonly ConfigProblem[]): TronError {
  const errors = problems.filter(({ severity }) => severity === 'error')
  return new TronError('CONFIG_INVALID', formatProblems(errors), { details: { problems } })
}

async function readManifestText({ disk, maxBytes, manifestPath }: Parts): Promise<DecodedText | null> {
  const bytes = await reading(manifestPath, disk.read(manifestPath, maxBytes))
  return bytes && decodeText(bytes, maxBytes)
}

/**
 * Lists what the folder holds in a new manifest. A folder that was made by hand needs none, and a crash between the first two files heals. Gives the
 * text of the manifest. @throws CONFIG_INVALID for files that nobody could tell whether they are meant
 */
async function createMissing({ disk, folders, manifestPath }: Parts): Promise<string> {
  const files = (await reading(folders.directory, disk.list(folders.directory))) ?? []
  const misnamed = faultsOfNames(folders.directory, files)
  if (misnamed.length > 0) throw unusable(misnamed)
  const found = files.flatMap((file) => nameOfFile(file)?.namespace ?? []).toSorted()
  const others = found.filter((namespace) => namespace !== 'MASTER')
  const entries = ['MASTER', ...others].map((namespace) => entryOf(namespace, folders))
  const text = writeManifest(entries, folders)
  await writing(folders.directory, async () => {
    await disk.makeDirectory(folders.directory)
    if (!found.includes('MASTER'))
      await disk.replace(join(folders.directory, fileOfNamespace('MASTER')), FIRST_MASTER)
    await disk.replace(manifestPath, text)
  })
  return text
}

function entryOf(namespace: string, folders: ManifestFolders): Omit<ManifestEntry, 'at'> {
  return { namespace, path: join(folders.directory, fileOfNamespace(namespace)) }
}

function entryFor(
  { folders }: Parts,
  { manifest }: StoredConfig,
  namespace: string,
): Omit<ManifestEntry, 'at'> {
  return manifest.find((entry) => entry.namespace === namespace) ?? entryOf(namespace, folders)
}

interface Written {
  readonly namespace: string
  readonly text: string
}

/** The file comes before the manifest that names it: a crash between the two leaves a file that nobody reads. */
async function put(parts: Parts, stored: StoredConfig, { namespace, text }: Written): Promise<void> {
  const { disk, folders, manifestPath } = parts
  const entry = entryFor(parts, stored, namespace)
  await writing(entry.path, () => disk.replace(entry.path, text))
  if (stored.manifest.some((listed) => listed.namespace === namespace)) return
  try {
    await writing(manifestPath, () =>
      disk.replace(manifestPath, writeManifest([...stored.manifest, entry], folders)),
    )
  } catch (error) {
    await disk.remove(entry.path).catch(() => undefined)
    throw error
  }
}

/** The manifest comes before the file that it no longer names. */
async function remove(parts: Parts, stored: StoredConfig, namespace: string): Promise<string | null> {
  const { disk, folders, manifestPath } = parts
  const entry = stored.manifest.find((candidate) => candidate.namespace === namespace)
  if (entry === undefined) return null
  const others = stored.manifest.filter((candidate) => candidate !== entry)
  await writing(manifestPath, () => disk.replace(manifestPath, writeManifest(others, folders)))
  const other = others.find(({ path }) => path === entry.path)
  if (other !== undefined) return `it is the file of the namespace ${other.namespace}, too`
  try {
    await disk.remove(entry.path)
    return null
  } catch (error) {
    // The namespace is gone: what is left is a file that nobody reads.
    return messageOf(error)
  }
}

async function reading<Value>(path: string, read: Promise<Value>): Promise<Value> {
  try {
    return await read
  } catch (cause) {
    throw new TronError('CONFIG_INVALID', `cannot read ${path}: ${messageOf(cause)}`, {
      cause,
      hint: 'Check that the daemon may read the configuration folder and its files.',
    })
  }
}

async function writing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (cause) {
    throw new TronError('CONFIG_INVALID', `cannot write ${path}: ${messageOf(cause)}`, {
      cause,
      hint: 'Check the space on the disk and the permissions of the configuration folder; nothing was changed.',
    })
  }
}

const FIRST_MASTER = `# The settings for all jobs, and the jobs of the namespace MASTER.
#
# nodes:
#   - {name: batch1, hostname: batch1.example.com}
# node_pools:
#   - {name: batch, nodes: [batch1]}
# jobs:
#   nightly:
#     node: batch1
#     schedule: "cron 0 3 * * *"
#     actions:
#       load: {command: "load --date {shortdate-1}"}
#       report: {command: "report", requires: [load]}

ssh_options:
  agent: false

nodes: {}

command_context: {}

jobs: {}
`
