import type { ExecutorEvent, Sizes, Stream, Tail } from '@tron/executor'
import { type AttemptId, type Logger, messageOf } from '@tron/model'
import { listAttempts, MAX_PIECE, readPiece, readSizes } from './node-requests.ts'
import type { Session } from './session.ts'
import type { Track } from './track.ts'

/** Why an attempt's output is over. */
export type Closing =
  /** Its writers ended; `lost` says which of them could not write everything. */
  | {
      readonly why: 'ended'
      readonly lost: { readonly stdout: boolean; readonly stderr: boolean }
      readonly isEmpty: boolean
    }
  /** Something still holds it open, and the time for that is over. */
  | { readonly why: 'drained' }
  /** It was given back and removed long ago. */
  | { readonly why: 'released'; readonly sizes: Sizes }

/** Ends the output of attempts: asks for final sizes, fetches what is small, tells `closed`. */
export interface Closer {
  close(track: Track, closing: Closing): void
  /** There is a connection again: what waited for one goes on. */
  resume(): void
}

const NOTHING: Sizes = { stdout: 0, stderr: 0 }
const STREAMS = ['stdout', 'stderr'] as const

export interface CloserOptions {
  readonly session: () => Session | null
  readonly push: (event: ExecutorEvent) => void
  readonly log: Logger
}

interface Ending {
  readonly track: Track
  readonly closing: Closing
}

type ClosedEvent = Extract<ExecutorEvent, { kind: 'closed' }>

export function createCloser(options: CloserOptions): Closer {
  const { log, session: current } = options
  const waiting = new Map<AttemptId, Ending>()
  let isWorking = false

  /** What came while the node was asked goes together in the next round; what could not be asked waits for the next connection. */
  const work = async (): Promise<void> => {
    // Others of the same chunk of the journal can go along.
    await Promise.resolve()
    for (let session = current(); session !== null && waiting.size > 0; session = current()) {
      const round = [...waiting.values()]
      await endAll(options, session, round)
      for (const ending of round) {
        const { id } = ending.track
        // One that was begun anew meanwhile is still to come.
        if (waiting.get(id) === ending) waiting.delete(id)
      }
    }
  }
  const resume = (): void => {
    if (isWorking || waiting.size === 0) return
    isWorking = true
    work()
      .then(
        () => current() !== null,
        (error: unknown) => {
          log.debug('the end of output could not be read yet', { error: messageOf(error) })
          return false
        },
      )
      .then((mayGoOn) => {
        isWorking = false
        // Something may have come after the last look.
        if (mayGoOn) resume()
        return mayGoOn
      })
      .catch(() => undefined)
  }
  return {
    resume,
    close(track, closing) {
      if (track.told === 'closed') return
      if (closing.why === 'released') tell(options, track, { sizes: closing.sizes, leftRunning: 0 })
      else if (closing.why === 'ended' && closing.isEmpty) {
        tell(options, track, { sizes: NOTHING, leftRunning: 0, ...lostOf(closing) })
      } else {
        waiting.set(track.id, { track, closing })
        resume()
      }
    },
  }
}

async function endAll(options: CloserOptions, session: Session, round: readonly Ending[]): Promise<void> {
  const endings = await Promise.all(round.map((ending) => look(session, ending)))
  const sizes = await readSizes(
    session,
    round.map(({ track }) => track.id),
  )
  const end = async ({ track, closing, leftRunning }: Looked): Promise<void> => {
    if (track.told !== 'exit') return
    const size = sizes.get(track.id) ?? NOTHING
    const tail = await readTail(session, track.id, size)
    tell(options, track, { sizes: size, leftRunning, ...lostOf(closing), ...(tail === null ? {} : { tail }) })
  }
  await Promise.all(endings.map(end))
}

interface Looked extends Ending {
  readonly leftRunning: number
}

/** A drain may be over only because the node's last ring is slow to come: then its record says that nothing was left. */
async function look(session: Session, { track, closing }: Ending): Promise<Looked> {
  if (closing.why !== 'drained') return { track, closing, leftRunning: 0 }
  // In this order: what the record says was so after the count.
  const [leftRunning, [attempt]] = await Promise.all([
    countLeft(session, track.id),
    listAttempts(session, [track.id]),
  ])
  if (attempt?.exit?.kind !== 'exited') return { track, closing, leftRunning }
  const { closed } = attempt.exit
  // Where the supervisor still waits something holds the output open, even if its environment does not show whose it is.
  if (closed === null) return { track, closing, leftRunning: Math.max(1, leftRunning) }
  return { track, closing: { why: 'ended', lost: closed, isEmpty: false }, leftRunning: 0 }
}

function tell({ push }: CloserOptions, track: Track, event: Omit<ClosedEvent, 'kind' | 'id'>): void {
  // Told from its beginning meanwhile, by records that are older than its exit: the next look tells the rest.
  if (track.told !== 'exit') return
  // First, so that the cursor that goes with the event covers it.
  track.told = 'closed'
  track.since = null
  push({ kind: 'closed', id: track.id, ...event })
}

/** A node can only tell that something was lost: this states the least that it can have been. */
function lostOf(closing: Closing): { readonly lost?: number } {
  if (closing.why !== 'ended') return {}
  const streams = STREAMS.filter((stream) => closing.lost[stream]).length
  return streams === 0 ? {} : { lost: streams }
}

async function countLeft(session: Session, id: AttemptId): Promise<number> {
  const { words } = await session.control.ask({ header: `hunt ${id} 0` })
  return words.length
}

/** All of the output if that is little and can be read, else nothing: whoever wants it asks for it, and hears why it cannot be had. */
async function readTail(session: Session, id: AttemptId, sizes: Sizes): Promise<Tail | null> {
  if (sizes.stdout + sizes.stderr > MAX_PIECE) return null
  const parts = await Promise.all(
    STREAMS.map(async (stream: Stream) => {
      const bytes = await readPiece(session, id, { stream, from: 0, length: sizes[stream] })
      return [stream, { from: 0, bytes }] as const
    }),
  )
  if (parts.some(([stream, { bytes }]) => bytes.length < sizes[stream])) return null
  const kept = parts.filter(([, { bytes }]) => bytes.length > 0)
  return kept.length === 0 ? null : Object.fromEntries(kept)
}
