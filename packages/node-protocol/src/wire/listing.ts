import type { Sizes, Stream } from '@tron/executor'
import { type AttemptId, attemptId } from '@tron/model'
import { plainText } from './safe-text.ts'

/** What a node holds of one attempt, as its records say. */
export interface NodeAttempt {
  readonly id: AttemptId
  readonly held: 'absent' | 'kept' | 'released'
  readonly commandAlive: boolean
  readonly supervisorAlive: boolean
  readonly meta: { readonly startKey: string; readonly runNumber: number; readonly configHash: string } | null
  /** Who made the *go*; `pending` while that is being written down. */
  readonly go: GoRecord | null
  readonly exit: ExitRecord | null
  readonly sizes: Sizes
}

export type GoRecord =
  | { readonly kind: 'launched'; readonly boot: string; readonly atMs: number }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'pending' }

export type ExitRecord =
  | {
      readonly kind: 'exited'
      readonly code: number
      readonly atMs: number
      /** Set when the writers had ended. */
      readonly closed: { readonly stdout: boolean; readonly stderr: boolean } | null
    }
  /** The go was made but nothing was run, for want of space. */
  | { readonly kind: 'never-ran' }

const HEAD = /^a [a-z2-7]{26} (?:kept|released|absent) [01] [01] \.$/
const SIZE = /^-\S*\s+\d+\s+\S+\s+\S+\s+(\d+)\s.* a\/..\/([a-z2-7]{26})\/(out|err)$/

/** Reads the lines of a listing. Lines that are not whole are left out, and so is what is no attempt. */
export function parseListing(lines: readonly string[]): readonly NodeAttempt[] {
  const sizes = parseSizes(lines)
  const attempts: NodeAttempt[] = []
  let isIn = false
  for (const line of lines) {
    const words = line.split(' ')
    const last = attempts.at(-1)
    if (words[0] === 'a') {
      isIn = HEAD.test(line)
      if (isIn) attempts.push({ ...parseHead(words), sizes: sizes.get(words[1] ?? '') ?? NOTHING })
    } else if (isIn && last !== undefined) {
      attempts[attempts.length - 1] = { ...last, ...parseRecord(words, last.sizes) }
    }
  }
  return attempts
}

const NOTHING: Sizes = { stdout: 0, stderr: 0 }

/** Reads the sizes that stand in a listing, by id. */
export function parseSizes(lines: readonly string[]): ReadonlyMap<string, Sizes> {
  const sizes = new Map<string, Sizes>()
  for (const line of lines) {
    const [, size, id, file] = SIZE.exec(line) ?? []
    if (size === undefined || id === undefined) continue
    const stream: Stream = file === 'out' ? 'stdout' : 'stderr'
    sizes.set(id, { ...(sizes.get(id) ?? NOTHING), [stream]: Number(size) })
  }
  return sizes
}

function parseHead([, id = '', held, command, supervisor]: readonly string[]): NodeAttempt {
  return {
    id: attemptId(id),
    held: held === 'kept' || held === 'released' ? held : 'absent',
    commandAlive: command === '1',
    supervisorAlive: supervisor === '1',
    meta: null,
    go: null,
    exit: null,
    sizes: NOTHING,
  }
}

function parseRecord(words: readonly string[], sizes: Sizes): Partial<NodeAttempt> {
  const [kind] = words
  if (kind === 'g') return { go: parseGo(words) }
  if (words.at(-1) !== '.') return {}
  if (kind === 'm') return { meta: parseMeta(words) }
  if (kind === 'r')
    return { sizes: { ...sizes, [words[1] === 'out' ? 'stdout' : 'stderr']: Number(words[2]) } }
  return kind === 's' ? { exit: parseExit(words) } : {}
}

function parseMeta([, startKey = '', runNumber, configHash = '']: readonly string[]): NodeAttempt['meta'] {
  return { startKey: plainText(startKey), runNumber: Number(runNumber), configHash: plainText(configHash) }
}

function parseGo(words: readonly string[]): GoRecord {
  const [, kind, , , , , boot = '', atMs] = words
  if (words.at(-1) === '.' && kind === 'R') return { kind: 'revoked' }
  if (words.at(-1) === '.' && kind === 'G') return { kind: 'launched', boot, atMs: Number(atMs) }
  return { kind: 'pending' }
}

function parseExit([, kind, code, atMs, lostOut, lostErr]: readonly string[]): ExitRecord | null {
  if (kind === 'N') return { kind: 'never-ran' }
  if (kind !== 'X' && kind !== 'C') return null
  const closed = kind === 'C' ? { stdout: lostOut !== '0', stderr: lostErr !== '0' } : null
  return { kind: 'exited', code: Number(code), atMs: Number(atMs), closed }
}
