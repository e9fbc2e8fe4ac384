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
  /** Whoever made it for a launch is gone, and left no record of it. The boot and the time are those of the launch. */
  | { readonly kind: 'unrecorded'; readonly boot: string; readonly atMs: number }

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
const SIZE = /^-\S*\s+\d+\s+\S+\s+\S+\s+(\d{1,15})\s.* a\/..\/([a-z2-7]{26})\/(out|err)$/

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
  if (kind === 's') return { exit: parseExit(words) }
  const size = kind === 'r' ? whole(words[2]) : null
  return size === null ? {} : { sizes: { ...sizes, [words[1] === 'out' ? 'stdout' : 'stderr']: size } }
}

function parseMeta([, startKey = '', runNumber, configHash = '']: readonly string[]): NodeAttempt['meta'] {
  return {
    startKey: plainText(startKey),
    runNumber: whole(runNumber) ?? 0,
    configHash: plainText(configHash),
  }
}

function parseGo(words: readonly string[]): GoRecord {
  const [, kind] = words
  const [boot = '', instant, end] = kind === 'G' ? words.slice(6) : words.slice(2)
  const atMs = whole(instant)
  if (words.at(-1) === '.' && kind === 'R') return { kind: 'revoked' }
  if (end !== '.' || atMs === null) return { kind: 'pending' }
  if (kind === 'G') return { kind: 'launched', boot, atMs }
  return kind === 'L' ? { kind: 'unrecorded', boot, atMs } : { kind: 'pending' }
}

function parseExit([, kind, codeWord, instant, lostOut, lostErr]: readonly string[]): ExitRecord | null {
  if (kind === 'N') return { kind: 'never-ran' }
  if (kind !== 'X' && kind !== 'C') return null
  const code = whole(codeWord)
  const atMs = whole(instant)
  if (code === null || atMs === null) return null
  const closed = kind === 'C' ? { stdout: lostOut !== '0', stderr: lostErr !== '0' } : null
  return { kind: 'exited', code, atMs, closed }
}

/** A number as a node's records hold them; null for anything else, which only a node that lies can say. */
function whole(word: string | undefined): number | null {
  return word !== undefined && /^\d{1,15}$/.test(word) ? Number(word) : null
}
