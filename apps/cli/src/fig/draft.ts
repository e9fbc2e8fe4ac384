import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf, TronError } from '@tron/model'
import type { Terminal } from '../terminal.ts'
import { decode } from './source.ts'

/** A text in a folder of its own, for an editor. It stays there until it is removed, whatever becomes of this process. */
export interface Draft {
  readonly file: string
  /** Empty when the file is gone. @throws BAD_REQUEST for what is not UTF-8 */
  read(): string
  write(text: string): void
  /** Puts another text next to it, and gives the name of its file. */
  putBeside(kind: string, text: string): string
  remove(): void
}

/** Makes a draft that nobody else can read: a configuration may hold secrets. @throws SETTINGS */
export function createDraft(env: Terminal['env'], name: string, text: string): Draft {
  try {
    const folder = mkdtempSync(join(env['TMPDIR'] ?? tmpdir(), 'tronfig-'))
    const stem = name.replaceAll(/[^\w.-]/g, '_')
    const file = join(folder, `${stem}.yaml`)
    put(file, text)
    return {
      file,
      read: () => decode(readIfThere(file), file),
      write: (content) => {
        put(file, content)
      },
      putBeside: (kind, content) => put(join(folder, `${stem}.${kind}.yaml`), content),
      remove: () => {
        rmSync(folder, { recursive: true, force: true })
      },
    }
  } catch (cause) {
    throw new TronError('SETTINGS', `there is no place for a draft: ${messageOf(cause)}`, {
      cause,
      hint: 'Make room, or name another folder in TMPDIR.',
    })
  }
}

/** Gives the name of the file. */
function put(path: string, content: string): string {
  writeFileSync(path, content, { mode: 0o600 })
  return path
}

function readIfThere(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch {
    // Whoever deletes the draft means an empty one.
    return new Uint8Array()
  }
}
