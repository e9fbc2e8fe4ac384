import { attemptId } from '@tron/model'
import type { Said } from './model-requests.ts'
import type { ModelShell } from './model-shell.ts'
import { listingLines, type SpoolFolder, sizeLines } from './spool-folder.ts'

export function list({ node }: ModelShell, ids: readonly string[]): Said {
  for (const id of ids) node.lookedAt(attemptId(id))
  return listed(ids.map((id) => [id, node.folders.get(attemptId(id))] as const))
}

export function live({ node }: ModelShell): Said {
  return listed([...node.folders].filter(([, folder]) => folder.isLive))
}

export function prefixes({ node }: ModelShell): Said {
  const names = new Set([...node.folders.keys()].map((id) => id.slice(0, 2)))
  return { answer: ['prefixes', ...names].join(' ') }
}

export function inventory({ node }: ModelShell, wanted: readonly string[]): Said {
  return listed([...node.folders].filter(([id]) => wanted.includes(id.slice(0, 2))))
}

export function sizes({ node }: ModelShell, ids: readonly string[]): Said {
  return { lines: ids.flatMap((id) => sizeLines(node.folders.get(attemptId(id)))), answer: 'listed' }
}

function listed(found: readonly (readonly [string, SpoolFolder | undefined])[]): Said {
  const records = found.flatMap(([id, folder]) => listingLines(folder, id))
  const files = found.flatMap(([, folder]) => (folder?.released === null ? sizeLines(folder) : []))
  return { lines: [...records, ...files], answer: 'listed' }
}
