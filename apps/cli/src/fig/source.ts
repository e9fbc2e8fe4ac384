import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { messageOf, TronError } from '@tron/model'
import type { Terminal } from '../terminal.ts'

export const MASTER = 'MASTER'

/** What `-` stands for: yargs drops a single dash. */
export const STDIN = '/dev/stdin'

/** What standard input is called in messages. */
export const STDIN_NAME = '<stdin>'

/** The text of a file or of standard input, and what to call it. @throws BAD_REQUEST when it cannot be read, or is not UTF-8, and where */
export async function readSource(
  terminal: Terminal,
  source: string,
): Promise<{ readonly text: string; readonly file: string }> {
  const file = source === STDIN ? STDIN_NAME : source
  const bytes = source === STDIN ? await terminal.readInput() : readBytes(source)
  try {
    return { text: decode(bytes, file), file }
  } catch (error) {
    throw await withPlace(error, bytes, file)
  }
}

/** @throws BAD_REQUEST */
function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file)
  } catch (cause) {
    const isGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const hint = isGone ? 'Check the name of the file.' : 'Name a file that you may read.'
    const said = messageOf(cause)
    throw new TronError('BAD_REQUEST', said.includes(file) ? said : `${file}: ${said}`, { cause, hint })
  }
}

/** The same, with line and column: finding them takes libraries that nothing else here needs. */
async function withPlace(cause: unknown, bytes: Uint8Array, file: string): Promise<TronError> {
  const { decodeText, formatProblems, parseConfig } = await import('@tron/config')
  const documents = new Map([[MASTER, { ...decodeText(bytes, bytes.length), file }]])
  const { problems } = parseConfig({ documents, systemZone: 'UTC', daemonUser: '' })
  return new TronError('BAD_REQUEST', formatProblems(problems), { cause, hint: NOT_UTF_8 })
}

const NOT_UTF_8 = 'Save it as UTF-8.'

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
}

/** @throws BAD_REQUEST */
export function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', `${file} is not UTF-8`, { cause, hint: NOT_UTF_8 })
  }
}

/** The namespace of a source: that of its name, MASTER for standard input. */
export function namespaceOfSource(source: string): string {
  return source === STDIN || source === '' ? MASTER : basename(source).replace(/\.[^.]*$/, '')
}
