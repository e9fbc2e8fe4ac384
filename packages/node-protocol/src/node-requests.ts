import type { Sizes, Stream } from '@tron/executor'
import { type AttemptId, TronError } from '@tron/model'
import type { Session } from './session.ts'
import { type NodeAttempt, parseListing, parseSizes } from './wire/listing.ts'

/** Ids in one request: a listing of them is answered within some tens of milliseconds, and their files are arguments enough for one program. */
const IDS_A_REQUEST = 200
const PREFIXES_A_REQUEST = 16

/** What control may carry of one stream in one piece. */
export const MAX_PIECE = 64 * 1024

/** What the node holds of these ids, one entry each. */
export async function listAttempts(
  session: Session,
  ids: readonly AttemptId[],
): Promise<readonly NodeAttempt[]> {
  const parts = await Promise.all(
    chunks(ids).map(async (part) => {
      const { lines } = await session.control.ask({ header: `list ${part.join(' ')}` })
      return parseListing(lines)
    }),
  )
  return parts.flat()
}

/** What a connection has lost of its spool without noticing, if anything. */
export async function ping(session: Session): Promise<'fence' | 'journal' | null> {
  const { status } = await session.control.ask({ header: 'ping' })
  if (status === 'held') return null
  if (status === 'unheard') return 'journal'
  session.noteFenced()
  return 'fence'
}

/** All that was not released. */
export async function listLive(session: Session): Promise<readonly NodeAttempt[]> {
  const { lines } = await session.control.ask({ header: 'live' })
  return parseListing(lines)
}

/** All that the spool holds, released ones too, in pages. */
export async function* listAll(session: Session): AsyncGenerator<readonly NodeAttempt[]> {
  const { words } = await session.control.ask({ header: 'prefixes' })
  for (const part of chunks(words, PREFIXES_A_REQUEST)) {
    const { lines } = await session.control.ask({ header: `inventory ${part.join(' ')}` })
    const page = parseListing(lines)
    if (page.length > 0) yield page
  }
}

/** How much each has written; what has no files yet is left out. */
export async function readSizes(
  session: Session,
  ids: readonly AttemptId[],
): Promise<ReadonlyMap<string, Sizes>> {
  const parts = await Promise.all(
    chunks(ids).map(async (part) => {
      const { lines } = await session.control.ask({ header: `sizes ${part.join(' ')}` })
      return parseSizes(lines)
    }),
  )
  return new Map(parts.flatMap((part) => Array.from(part)))
}

/**
 * A piece of a stream, at most `MAX_PIECE` bytes: all that was asked for, or less where the file cannot be read so far. @throws UNREACHABLE, also for anything
 * else that comes instead
 */
export async function readPiece(
  session: Session,
  id: AttemptId,
  part: { readonly stream: Stream; readonly from: number; readonly length: number },
): Promise<Uint8Array> {
  if (part.length === 0) return new Uint8Array()
  const what = `${fileOf(part.stream)} ${part.from} ${part.length}`
  const { pieces } = await session.control.ask({ header: `bytes ${id} ${what} ${session.drawMark()}` })
  const [piece] = pieces
  if (pieces.length === 1 && piece !== undefined && piece.length <= part.length) return new Uint8Array(piece)
  const reason = `a piece of output is not the ${part.length} bytes that were asked for`
  session.control.end(reason)
  throw new TronError('UNREACHABLE', reason)
}

/** The name of a stream's file in the attempt's folder. */
export function fileOf(stream: Stream): 'out' | 'err' {
  return stream === 'stdout' ? 'out' : 'err'
}

/** The items in as many parts as requests are needed for them. */
export function chunks<T>(items: readonly T[], size: number = IDS_A_REQUEST): readonly (readonly T[])[] {
  const count = Math.ceil(items.length / size)
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size))
}
