import type { AttemptId } from '@tron/model'
import { createModelJournal, type ModelJournal } from './model-journal.ts'
import type { ModelNode } from './model-node.ts'
import { createSpoolFolder, type SpoolFolder } from './spool-folder.ts'

/** A spool as it stood once, as a backup keeps it. */
export interface SpoolCopy {
  readonly generation: string | null
  readonly link: string
  readonly holders: ReadonlyMap<string, string>
  readonly journal: ModelJournal
  readonly folders: readonly SpoolFolder[]
}

export function copySpool(node: ModelNode): SpoolCopy {
  const { generation, link, holders, journal, folders } = node
  return {
    generation,
    link,
    holders: new Map(holders),
    journal: journal.copy(),
    folders: [...folders.values()].map((folder) => copyFolder(folder)),
  }
}

function copyFolder(folder: SpoolFolder): SpoolFolder {
  const { released, files } = folder
  return { ...folder, released: released && [...released], files: files && { ...files } }
}

/** The spool is removed with all that it holds; whoever has it open works on in what nobody sees. */
export function removeSpool(node: ModelNode): void {
  for (const folder of node.folders.values()) loseFolder(node, folder)
  node.folders.clear()
  node.holders.clear()
  node.disk += 1
  node.generation = null
  node.link = '-'
  node.journal = createModelJournal('removed')
}

/** A copy of before stands in the place of the spool. */
export function putBack(node: ModelNode, copy: SpoolCopy): void {
  removeSpool(node)
  node.generation = copy.generation
  node.link = copy.link
  for (const [link, holder] of copy.holders) node.holders.set(link, holder)
  node.journal = copy.journal.copy()
  for (const kept of copy.folders) {
    const folder = { ...copyFolder(kept), disk: node.disk }
    node.folders.set(folder.id, isForgotten(node, folder) ? asNew(folder) : folder)
  }
}

/** What was launched in the meantime, and of which no scheduler knows that, may be launched again. */
function isForgotten(node: ModelNode, { id, go }: SpoolFolder): boolean {
  return go === null && !node.options.isConfirmed(id)
}

function asNew(folder: SpoolFolder): SpoolFolder {
  return { ...folder, truth: createSpoolFolder(folder.id).truth }
}

/**
 * An attempt's records are removed. Its command goes on, or is ended with them: of one that no scheduler knows to have started, nobody could say that it
 * is not to be started again.
 */
export function loseFolder(node: ModelNode, folder: SpoolFolder): void {
  const { id } = folder
  const livesOn = node.options.isConfirmed(id) && node.dice.happens(0.7)
  if (!livesOn) endProcesses(node, id)
  if (node.processes.get(id)?.size) node.world.book.cover('a command outlives its records')
  folder.disk = -1
  folder.truth.isGoing = false
  node.removed.set(id, folder)
}

function endProcesses(node: ModelNode, id: AttemptId): void {
  for (const process of node.processes.get(id) ?? []) process.vanish()
  node.supervisors.get(id)?.vanish()
  node.processes.delete(id)
  node.supervisors.delete(id)
}
