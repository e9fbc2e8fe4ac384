import { isAbsolute, relative, resolve } from 'node:path'
import { stringify } from 'yaml'
import { createProblemList, type ProblemList } from '../problems/problem-list.ts'
import type { ConfigDocument } from '../read/parse-config.ts'
import { describeFound, textOf } from '../yaml/located.ts'
import { readYaml } from '../yaml/read-yaml.ts'

/** Where the namespaces are kept. */
export interface ManifestFolders {
  readonly directory: string
  /** What relative paths in the manifest start from. */
  readonly workingDirectory: string
}

/** One namespace of the manifest, with the absolute path of its file. */
export interface ManifestEntry {
  readonly namespace: string
  readonly path: string
  /** Where it stands in the manifest. */
  readonly at: number
}

export interface ReadManifest {
  readonly entries: readonly ManifestEntry[]
  readonly problems: ProblemList
}

/**
 * Reads a manifest: a mapping from namespace to path. A path outside the configuration folder, and one that stands there twice, is obeyed with a warning. `locate` says which file a
 * path stands for; unless given, relative ones start from the working directory.
 */
export function readManifest(
  { text, file, fault }: ConfigDocument,
  folders: ManifestFolders,
  locate = (given: string) => resolve(folders.workingDirectory, given),
): ReadManifest {
  const problems = createProblemList(file, text)
  if (fault !== undefined) {
    problems.error({ at: fault.at, path: '' }, fault.message)
    return { entries: [], problems }
  }
  const root = readYaml(text, problems)
  if (root?.kind !== 'map') {
    if (root !== null)
      problems.error(
        { at: 0, path: '' },
        `found ${describeFound(root)}, expected a mapping from namespace to path`,
      )
    return { entries: [], problems }
  }
  const entries = [...root.entries].flatMap(([namespace, { keyAt, value }]) => {
    const given = textOf(value)
    if (given === undefined) {
      problems.error(
        { at: value.at, path: namespace },
        `found ${describeFound(value)}, expected the path of a file`,
      )
      return []
    }
    return [{ namespace, path: locate(given), at: keyAt }]
  })
  for (const entry of entries) remarkOutside(entry, folders, problems)
  remarkShared(entries, problems)
  return { entries, problems }
}

/** In Tron 3, the names `a.b` and `a_b` came to one file. It is obeyed, since the jobs of both ran. */
function remarkShared(entries: readonly ManifestEntry[], problems: ProblemList): void {
  const first = new Map<string, ManifestEntry>()
  for (const entry of entries) {
    const other = first.get(entry.path)
    first.set(entry.path, other ?? entry)
    if (other === undefined) continue
    const place = { at: entry.at, path: entry.namespace }
    problems.warning(
      place,
      `${entry.path} is the file of the namespace ${other.namespace} already, in line ${problems.lineOf(other.at)}: its jobs run in both, and an upload to one changes both; delete this one with tronfig -d ${entry.namespace}, which leaves the file to the other, or, while no daemon runs, name a copy of it here`,
    )
  }
}

function remarkOutside(entry: ManifestEntry, folders: ManifestFolders, problems: ProblemList): void {
  if (isInside(folders.directory, entry.path)) return
  const place = { at: entry.at, path: entry.namespace }
  problems.warning(
    place,
    `${entry.path} is outside the configuration folder ${folders.directory}; was the folder moved or copied?`,
  )
}

/** The text of a manifest. Paths are relative to the working directory, so that the whole can be moved. */
export function writeManifest(
  entries: readonly Omit<ManifestEntry, 'at'>[],
  folders: ManifestFolders,
): string {
  const paths = entries.map(({ namespace, path }) => [namespace, pathInManifest(path, folders)])
  return entries.length === 0 ? '{}\n' : stringify(Object.fromEntries(paths), { lineWidth: 0 })
}

/** How a manifest names a file: relative to the working directory where it is below it. */
function pathInManifest(path: string, { workingDirectory }: ManifestFolders): string {
  return isInside(workingDirectory, path) ? relative(workingDirectory, path) : path
}

/** Whether a path leads into a folder. */
export function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path)
  return way !== '' && !isAbsolute(way) && way.split('/')[0] !== '..'
}
