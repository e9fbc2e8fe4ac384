import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { messageOf, TronError } from '@tron/model'

/** Makes a directory that an option names, when it is not there. @throws SETTINGS when it cannot be made */
export async function prepareDirectory(
  dir: string,
  { what, option }: { readonly what: string; readonly option: string },
): Promise<void> {
  try {
    await makeFolders(dir)
  } catch (error) {
    throw new TronError('SETTINGS', `the ${what} ${dir} cannot be made: ${messageOf(error)}`, {
      hint: `Name another with ${option}, or make it and give it to the user that runs trond.`,
      cause: error,
    })
  }
}

/** As `mkdir` with `recursive`, which never comes back where a folder takes no folders, as in /proc. */
async function makeFolders(dir: string): Promise<void> {
  if (await isFolder(dir)) return
  const parent = dirname(dir)
  if (parent !== dir) await makeFolders(parent)
  await mkdir(dir).catch(async (error: unknown) => {
    // Somebody else may have been first.
    if (!(await isFolder(dir))) throw error
  })
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    return false
  }
}

/** Which installation the file in the working directory says this is; undefined when there is none. */
export async function readInstallation(dir: string): Promise<string | undefined> {
  try {
    return (await readFile(join(dir, 'installation'), 'utf8')).trim() || undefined
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new TronError('SETTINGS', `${join(dir, 'installation')} cannot be read: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/**
 * Notes the name of the installation beside its state where no note is: for people, and for a state that is lost, since a store that begins anew
 * takes over the name that is noted, so that the nodes still know this scheduler. A note of another name was refused before anything was done.
 */
export async function noteInstallation(dir: string, installation: string): Promise<void> {
  if ((await readInstallation(dir)) !== undefined) return
  const file = join(dir, 'installation')
  try {
    await writeFile(`${file}.new`, `${installation}\n`)
    await rename(`${file}.new`, file)
  } catch (error) {
    throw new TronError('SETTINGS', `${file} cannot be written: ${messageOf(error)}`, {
      hint: 'Give the working directory to the user that runs trond, on a disk that can be written.',
      cause: error,
    })
  }
}
