import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes folders, and remembers which ones hold entries that a loss of power could still take away. */
export interface FolderJournal {
  /** Makes a file's folder, mode 0700, with all above it. */
  makeFor(path: string): Promise<void>
  /** Makes the entries of the folders durable that were changed since the last time. */
  sync(): Promise<void>
}

/** @param root the folder above all files; the entry that names it counts as well */
export function createFolderJournal(root: string): FolderJournal {
  const changed = new Set<string>()
  return {
    async makeFor(path) {
      const folder = dirname(path)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      // Also those that were there: a process that crashed may have made them.
      for (let above = folder; above.length >= root.length; above = dirname(above)) changed.add(above)
      changed.add(dirname(root))
    },
    async sync() {
      for (const folder of changed) {
        changed.delete(folder)
        await syncFolder(folder, () => changed.add(folder))
      }
    },
  }
}

async function syncFolder(folder: string, onFailure: () => void): Promise<void> {
  try {
    await using handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    // A folder that was removed meanwhile has nothing to lose.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return
    onFailure()
    throw error
  }
}
