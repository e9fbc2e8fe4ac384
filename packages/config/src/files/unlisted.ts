import { join } from 'node:path'
import type { ConfigProblem } from '@tron/model'
import { createProblemList, type ProblemList } from '../problems/problem-list.ts'
import { nameOfFile } from './file-names.ts'
import type { ManifestFolders } from './manifest.ts'

/** What stands in a configuration folder, and what its manifest names. */
export interface FolderContents {
  readonly files: readonly string[]
  readonly folders: ManifestFolders
  /** By namespace, absolute. */
  readonly paths: ReadonlyMap<string, string>
}

/** Remarks on files that look like namespaces and that the manifest does not name: nobody reads them. Gives their paths. */
export function remarkUnlisted(
  { files, folders, paths }: FolderContents,
  problems: ProblemList,
): ReadonlySet<string> {
  const named = new Set(paths.values())
  const unlisted = new Set<string>()
  for (const file of files.toSorted()) {
    const path = join(folders.directory, file)
    const name = nameOfFile(file)
    if (name === null || named.has(path)) continue
    unlisted.add(path)
    const why = name.fault ?? whyUnread(name.namespace, paths)
    problems.warning({ at: 0, path: '' }, `${file} is not read: ${why}`)
  }
  return unlisted
}

function whyUnread(namespace: string, paths: FolderContents['paths']): string {
  const other = paths.get(namespace)
  return other === undefined
    ? 'it is not listed here; upload it with tronfig, or add a line like the others'
    : `the namespace ${namespace} is in ${other}`
}

/** The files of a folder whose names say that they were meant for namespaces, and that cannot be such. */
export function faultsOfNames(directory: string, files: readonly string[]): readonly ConfigProblem[] {
  return files.toSorted().flatMap((file) => {
    const fault = nameOfFile(file)?.fault
    if (fault === undefined) return []
    const problems = createProblemList(join(directory, file), '')
    problems.error({ at: 0, path: '' }, fault)
    return problems.problems
  })
}
