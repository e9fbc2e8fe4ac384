import type { ExecutorEvent } from '@tron/executor'
import { type AttemptId, type Clock, isTronError, type Logger, messageOf } from '@tron/model'
import type { Session } from './session.ts'

/** How a stop is meant. */
export interface StopHow {
  readonly signal: 'TERM' | 'KILL'
  readonly graceMs: number
}

/** Stops that are wanted on one node: remembered until they were carried out, also while it is away. */
export interface Stops {
  want(id: AttemptId, how: StopHow): void
  /** Carries out what is wanted, on a session whose fence is ours. */
  carryOut(): void
  /** Whether none is under way; what waits for another connection does not keep this one. */
  isIdle(): boolean
  dispose(): void
}

export interface StopsOptions {
  readonly clock: Clock
  readonly log: Logger
  /** The live session if its fence is ours. */
  readonly held: () => Session | null
  readonly onExit: (id: AttemptId, call: () => void) => () => void
  readonly push: (event: ExecutorEvent) => void
}

interface Wish {
  readonly id: AttemptId
  how: StopHow
  /** Aborted to go on to KILL at once. */
  hurry: AbortController
  isUnderWay: boolean
}

const FIRST_LOOK_MS = 50
const MAX_LOOK_MS = 1_000
/** Rounds of "find and kill" before what is left counts as a survivor. */
const KILL_ROUNDS = 20
const KILL_PAUSE_MS = 50
const GROUP_TRIES = 100
const GROUP_PAUSE_MS = 20

export function createStops(options: StopsOptions): Stops {
  const wishes = new Map<AttemptId, Wish>()
  const life = new AbortController()

  const run = async (wish: Wish, session: Session): Promise<void> => {
    wish.isUnderWay = true
    try {
      const stopped = await stopOnce({ ...options, session, wish, life: life.signal })
      if (stopped === null) return
      wishes.delete(wish.id)
      options.push({ kind: 'stopped', id: wish.id, atMs: options.clock.nowMs(), ...stopped })
    } catch (error) {
      if (!life.signal.aborted && !isTronError(error, 'UNREACHABLE')) {
        options.log.warn('a stop was interrupted; it is taken up at the next connection', {
          attempt: wish.id,
          error: messageOf(error),
        })
      }
    } finally {
      wish.isUnderWay = false
      // Whoever brought another connection up meanwhile found it under way, and left it alone.
      if (wishes.get(wish.id) === wish && options.held() !== session) carryOut()
    }
  }
  const carryOut = (): void => {
    const session = options.held()
    if (session === null) return
    for (const wish of wishes.values()) if (!wish.isUnderWay) void run(wish, session)
  }
  return {
    want(id, how) {
      const wish = wishes.get(id)
      if (wish === undefined) wishes.set(id, { id, how, hurry: new AbortController(), isUnderWay: false })
      else if (how.signal === 'KILL') {
        wish.how = how
        wish.hurry.abort()
      }
      carryOut()
    },
    carryOut,
    isIdle: () => [...wishes.values()].every((wish) => !wish.isUnderWay),
    dispose() {
      life.abort()
      wishes.clear()
    },
  }
}

interface Work extends StopsOptions {
  readonly session: Session
  readonly wish: Wish
  readonly life: AbortSignal
}

interface Stopped {
  readonly signalled: readonly string[]
  readonly survivors: readonly string[]
}

/** TERM to the group, the grace, KILL to the group and to all that carries the marker, until nothing does. Null when the fence is not ours. */
async function stopOnce(work: Work): Promise<Stopped | null> {
  const { wish } = work
  const signalled = new Set<string>()
  if (await neverStarts(work)) return { signalled: [], survivors: [] }
  if (wish.how.signal === 'TERM' && !wish.hurry.signal.aborted) {
    const sent = await sendTerm(work, signalled)
    if (sent === null) return null
    if (await isGone(work, sent)) return { signalled: [...signalled], survivors: [] }
  }
  const sent = await signal(work, 'KILL')
  if (sent === 'fenced') return null
  if (sent === 'sent') signalled.add('KILL')
  let found: readonly string[] | null = []
  for (let round = 0; round < KILL_ROUNDS; round += 1) {
    found = await hunt(work, 'KILL')
    if (found === null) return null
    if (found.length === 0) break
    signalled.add('KILL')
    await work.clock.sleep(KILL_PAUSE_MS, { signal: work.life })
  }
  return { signalled: [...signalled], survivors: found }
}

/** Null when the fence is not ours, else what became of the signal to the group. */
async function sendTerm(work: Work, signalled: Set<string>): Promise<string | null> {
  const sent = await signal(work, 'TERM')
  if (sent === 'fenced') return null
  // A command that has ended has no group that could be trusted: what it left behind is told one by one.
  const left = sent === 'sent' ? [] : await hunt(work, 'TERM')
  if (left === null) return null
  if (sent === 'sent' || left.length > 0) signalled.add('TERM')
  return sent
}

/** What was claimed and not launched is revoked: that is a stop as well. Unless the folder is from before the launch, and its processes are there. */
async function neverStarts(work: Work): Promise<boolean> {
  const { session, wish } = work
  const { status } = await session.control.ask({ header: `signal ${wish.id} 0` })
  if (status !== 'not-launched') return false
  const revoked = await session.control.ask({ header: `revoke ${wish.id}` })
  return revoked.status === 'revoked' && (await hunt(work, '0'))?.length === 0
}

async function signal({ session, wish, clock, life }: Work, name: 'TERM' | 'KILL'): Promise<string> {
  for (let tried = 0; ; tried += 1) {
    const { status } = await session.control.ask({ header: `signal ${wish.id} ${name}` })
    if (status === 'fenced') session.noteFenced()
    // Between its launch and its session of its own a command has no group yet.
    if (status !== 'no-group' || tried >= GROUP_TRIES) return status
    await clock.sleep(GROUP_PAUSE_MS, { signal: life })
  }
}

/** The processes that carry the marker; signals them unless the name is `0`. Null when the node did not look for them, as the fence is not ours. */
async function hunt({ session, wish }: Work, name: 'TERM' | 'KILL' | '0'): Promise<readonly string[] | null> {
  const { status, words } = await session.control.ask({ header: `hunt ${wish.id} ${name}` })
  if (status === 'fenced') session.noteFenced()
  return status === 'found' ? words : null
}

/** Waits for the grace at most until nothing of the attempt is left. */
async function isGone(work: Work, sent: string): Promise<boolean> {
  const { clock, wish, life } = work
  const deadline = clock.monotonicMs() + wish.how.graceMs
  let isRunning = sent === 'sent'
  let isOver = false
  let bell = Promise.withResolvers<void>()
  // The exit may have come before the answer to the signal that made it.
  const forgetExit = work.onExit(wish.id, () => {
    isRunning = false
    bell.resolve()
  })
  const forgetEnd = work.session.onClosed(() => {
    isOver = true
    bell.resolve()
  })
  try {
    for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(MAX_LOOK_MS, pauseMs * 2)) {
      if (!isRunning && (await hunt(work, '0'))?.length === 0) return true
      const left = deadline - clock.monotonicMs()
      if (left <= 0 || isOver || wish.hurry.signal.aborted) return false
      bell = Promise.withResolvers<void>()
      const over = new AbortController()
      const stop = AbortSignal.any([over.signal, wish.hurry.signal, life])
      // While the command runs its exit is the news; afterwards only looking tells.
      const pause = clock
        .sleep(isRunning ? left : Math.min(left, pauseMs), { signal: stop })
        .catch(() => undefined)
      await Promise.race([bell.promise, pause])
      over.abort()
      life.throwIfAborted()
    }
  } finally {
    forgetExit()
    forgetEnd()
  }
}
