import { attemptId } from '@tron/model'
import type { Said } from './model-requests.ts'
import type { ModelShell } from './model-shell.ts'
import { listingLines, type SpoolFolder, sizeLines } from './spool-folder.ts'

export function list(shell: ModelShell, ids: readonly string[]): Said {
  for (const id of ids) shell.node.lookedAt(attemptId(id))
  return listed(
    shell,
    ids.map((id) => [id, shell.folder(id)] as const),
  )
}

export function live(shell: ModelShell): Said {
  return listed(shell, named(shell.folders().filter(({ isLive }) => isLive)))
}

export function prefixes(shell: ModelShell): Said {
  const names = new Set(shell.folders().map(({ id }) => id.slice(0, 2)))
  return { answer: ['prefixes', ...names].join(' ') }
}

export function inventory(shell: ModelShell, wanted: readonly string[]): Said {
  return listed(shell, named(shell.folders().filter(({ id }) => wanted.includes(id.slice(0, 2)))))
}

export function sizes(shell: ModelShell, ids: readonly string[]): Said {
  return { lines: ids.flatMap((id) => sizeLines(shell.folder(id))), answer: 'listed' }
}

type Found = readonly [string, SpoolFolder | undefined]

function named(folders: readonly SpoolFolder[]): readonly Found[] {
  return folders.map((folder) => [folder.id, folder])
}

function listed({ node }: ModelShell, found: readonly Found[]): Said {
  const records = found.flatMap(([id, folder]) => listingLines(folder, id, node.isCarried(attemptId(id))))
  const files = found.flatMap(([, folder]) => (folder?.released === null ? sizeLines(folder) : []))
  return { lines: [...records, ...files], answer: 'listed' }
}
