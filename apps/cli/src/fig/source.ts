import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { messageOf, TronError } from '@tron/model'
import type { Terminal } from '../terminal.ts'

export const MASTER = 'MASTER'

/** What `-` stands for: yargs drops a single dash. */
export const STDIN = '/dev/stdin'

/** The text of a file or of standard input, and what to call it. @throws BAD_REQUEST when it cannot be read */
export async function readSource(
  terminal: Terminal,
  source: string,
): Promise<{ readonly text: string; readonly file: string }> {
  if (source === STDIN) return { text: decode(await terminal.readInput(), '<stdin>'), file: '<stdin>' }
  return { text: readText(source), file: source }
}

/** @throws BAD_REQUEST */
export function readText(file: string): string {
  try {
    return decode(readFileSync(file), file)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', messageOf(cause), { cause, hint: 'Check the name of the file.' })
  }
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
}

/** @throws BAD_REQUEST */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', `${file} is not UTF-8`, { cause, hint: 'Save it as UTF-8.' })
  }
}

/** The namespace of a source: that of its name, MASTER for standard input. */
export function namespaceOfSource(source: string): string {
  return source === STDIN || source === '' ? MASTER : basename(source).replace(/\.[^.]*$/, '')
}
