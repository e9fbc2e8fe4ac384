import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { ApiProblem } from '@tron/api/light'
import { messageOf, TronError } from '@tron/model'
import type { Terminal } from '../terminal.ts'

export const MASTER = 'MASTER'

/** What `-` stands for: yargs drops a single dash. */
export const STDIN = '/dev/stdin'

/** What standard input is called in messages. */
export const STDIN_NAME = '<stdin>'

/** The text of a source with what to call it, or why it cannot be sent. */
export type ReadSource = { readonly kind: 'read'; readonly text: string; readonly file: string } | Refusal

/** Why a text is not sent, or not taken, as a whole: for people, and at a place in its file for programs. */
export interface Refusal {
  readonly kind: 'refused'
  readonly error: TronError
  readonly problems: readonly ApiProblem[]
}

/** Reads a file or standard input; an empty text is refused, for it would delete its namespace. */
export async function readSource(terminal: Terminal, source: string): Promise<ReadSource> {
  const file = source === STDIN ? STDIN_NAME : source
  const bytes = await readBytes(terminal, source)
  if ('kind' in bytes) return bytes
  try {
    const text = decode(bytes, file)
    return text.trim() === '' ? refusalOf(file, empty(file)) : { kind: 'read', text, file }
  } catch (error) {
    return withPlace(error, bytes, file)
  }
}

function empty(file: string): TronError {
  const hint = 'An empty text would delete the namespace: use -d.'
  return new TronError('BAD_REQUEST', `${file} is empty`, { hint })
}

/** The refusal of a file as a whole. */
export function refusalOf(file: string, error: TronError): Refusal {
  const { message } = error
  return {
    kind: 'refused',
    error,
    problems: [{ severity: 'error', file, line: 1, column: 1, path: '', message }],
  }
}

async function readBytes(terminal: Terminal, source: string): Promise<Uint8Array | Refusal> {
  try {
    return source === STDIN ? await terminal.readInput() : readFileSync(source)
  } catch (cause) {
    const isGone = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'
    const hint = isGone
      ? 'Check the name of the file.'
      : 'Name a file that can be read, or say -e to edit a namespace.'
    const file = source === STDIN ? STDIN_NAME : source
    const said = messageOf(cause)
    const message = said.includes(file) ? said : `${file}: ${said}`
    return refusalOf(file, new TronError('BAD_REQUEST', message, { cause, hint }))
  }
}

/** Where a file is not UTF-8: finding them takes libraries that nothing else here needs. */
async function withPlace(cause: unknown, bytes: Uint8Array, file: string): Promise<Refusal> {
  const { decodeText, formatProblems, parseConfig } = await import('@tron/config')
  const documents = new Map([[MASTER, { ...decodeText(bytes, bytes.length), file }]])
  const { problems } = parseConfig({ documents, systemZone: 'UTC', daemonUser: '' })
  const error = new TronError('BAD_REQUEST', formatProblems(problems), { cause, hint: NOT_UTF_8 })
  return { kind: 'refused', error, problems }
}

const NOT_UTF_8 = 'Save it as UTF-8.'

/** Whether a file has this name. Why one cannot be looked at is told when it is read. */
export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === false
  } catch {
    return true
  }
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
