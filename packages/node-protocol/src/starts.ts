import type { StartReply, StartRequest } from '@tron/executor'
import { type AttemptId, type Clock, isTronError, messageOf, TronError } from '@tron/model'
import type { Story } from './attempt-story.ts'
import type { Reply } from './control-channel.ts'
import { createLauncher, type Launching } from './launcher.ts'
import type { Session } from './session.ts'
import { type CommandShell, shellOf } from './settings.ts'
import type { JournalEntry } from './wire/journal-line.ts'
import { safeWord } from './wire/safe-text.ts'

/** Starts attempts on one node, each id once at a time. */
export interface Starts {
  /** @throws when it cannot be known whether the node has it: ask again, under the same id */
  start(request: StartRequest): Promise<StartReply>
  isUnderWay(id: AttemptId): boolean
  isIdle(): boolean
  /** The journal says that a supervisor made the go, or could not. */
  hear(entry: JournalEntry): void
}

type Ring = 'started' | 'full' | 'not-launched'

export interface StartsOptions {
  readonly node: string
  readonly clock: Clock
  /** A live session with its fence ours, or who holds it; rejects when the node cannot be reached. */
  readonly hold: () => Promise<Session | string>
  readonly onFull: (reason: string) => void
  /** A start found room for all that is written of it. */
  readonly onRoom: () => void
  /** Reads the records of an attempt, and tells what was not told of it: no bell may have rung. Null when the node does not answer for it. */
  readonly look: (session: Session, id: AttemptId) => Promise<Story | null>
}

/** Requests on their way at once: enough to keep a node busy, little enough to stay in memory. */
const WINDOW = 128
/** How long the bell may be silent after a launch before the records are asked. */
const BELL_MS = 15_000
const TRIES = 4
/** Longer texts cannot be an argument of a program; commands go through a file. */
const MAX_ARGUMENT = 100 * 1024
const MAX_ENV = 256 * 1024
/** What an attempt adds to the arguments of its supervisor beside command and environment, at most. */
const ARGUMENT_BYTES = 300
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/

export function createStarts(options: StartsOptions): Starts {
  const underWay = new Map<AttemptId, Promise<StartReply>>()
  const bells = new Map<AttemptId, (ring: Ring) => void>()
  const window = createWindow(WINDOW)
  const context: Context = {
    ...options,
    within: window,
    send: createLauncher(),
    bell: (id) => {
      const { promise, resolve } = Promise.withResolvers<Ring | 'silence'>()
      bells.set(id, resolve)
      const cancel = options.clock.timer(BELL_MS, () => {
        resolve('silence')
      })
      const stop = (): void => {
        cancel()
        bells.delete(id)
      }
      return {
        rang: promise,
        stop,
        silence: () => {
          resolve('silence')
        },
      }
    },
  }
  return {
    async start(request) {
      const earlier = underWay.get(request.id)
      if (earlier !== undefined) {
        const reply = await earlier
        return reply.result === 'accepted' ? { id: request.id, result: 'exists' } : reply
      }
      const starting = startOnce(context, request)
      underWay.set(request.id, starting)
      try {
        return await starting
      } finally {
        underWay.delete(request.id)
      }
    },
    isUnderWay: (id) => underWay.has(id),
    isIdle: () => underWay.size === 0,
    hear(entry) {
      if (entry.kind === 'started') bells.get(entry.id)?.('started')
      if (entry.kind === 'not-launched') bells.get(entry.id)?.(entry.full ? 'full' : 'not-launched')
    },
  }
}

interface Bell {
  readonly rang: Promise<Ring | 'silence'>
  readonly silence: () => void
  readonly stop: () => void
}

interface Context extends StartsOptions {
  readonly send: (session: Session, launching: Launching) => Promise<Reply>
  readonly within: <T>(call: () => Promise<T>) => Promise<T>
  readonly bell: (id: AttemptId) => Bell
}

async function startOnce(context: Context, request: StartRequest): Promise<StartReply> {
  const { id } = request
  const wrong = whatIsWrong(request)
  if (wrong !== null) return { id, result: 'refused', retry: false, code: 'BAD_REQUEST', reason: wrong }
  let wasSent = false
  for (let tried = 0; tried < TRIES; tried += 1) {
    let session: Session | string
    try {
      session = await context.hold()
    } catch (error) {
      if (wasSent) throw undecided(context, id, error)
      return { id, result: 'refused', retry: true, code: 'UNREACHABLE', reason: messageOf(error) }
    }
    if (typeof session === 'string')
      return { id, result: 'refused', retry: true, code: 'FENCED', reason: session }
    try {
      if (wasSent && (await outlivesRecords(context, session, id))) return { id, result: 'accepted' }
      wasSent = true
      const reply = await launch(context, session, request)
      if (reply !== null) return reply
    } catch (error) {
      // The connection broke: the next one tells, or starts it if this one did not.
      if (!isTronError(error, 'UNREACHABLE')) throw error
    }
  }
  if (!wasSent)
    return {
      id,
      result: 'refused',
      retry: true,
      code: 'UNREACHABLE',
      reason: `node ${context.node} does not stay connected`,
    }
  throw undecided(context, id, null)
}

/** One try on one connection; null when nothing was launched and it may be tried again. */
async function launch(context: Context, session: Session, request: StartRequest): Promise<StartReply | null> {
  const { id } = request
  const bell = context.bell(id)
  try {
    const reply = await context.within(() =>
      context.send(session, launchingOf(request, shellOf(request.spec, session.settings))),
    )
    if (reply.status === 'fenced') session.noteFenced()
    if (reply.status !== 'launching') return answered(context, id, reply.status)
    const ring = await bell.rang.finally(session.onClosed(bell.silence))
    if (ring === 'started') {
      context.onRoom()
      return { id, result: 'accepted' }
    }
    if (ring === 'full') return answered(context, id, 'full')
    const found = await lookUp(context, session, id)
    if (found === null && (await session.control.ask({ header: 'ping' })).status === 'fenced')
      session.noteFenced()
    return found
  } finally {
    bell.stop()
  }
}

function answered(context: Context, id: AttemptId, status: string): StartReply | null {
  const refused = (retry: boolean, code: string, reason: string): StartReply => ({
    id,
    result: 'refused',
    retry,
    code,
    reason,
  })
  switch (status) {
    case 'exists':
      return { id, result: 'exists' }
    case 'revoked':
      return refused(false, 'REVOKED', 'it was revoked before it started')
    case 'never':
      return refused(false, 'FULL', `node ${context.node}: it was not run, because the disk is full`)
    case 'full': {
      const reason = `node ${context.node}: the spool cannot be written; its disk is probably full`
      context.onFull(reason)
      return refused(true, 'FULL', reason)
    }
    case 'failed':
      return refused(true, 'LAUNCH', `node ${context.node}: no process could be made`)
    case 'fenced':
      return null
    default:
      throw new TronError('PROTOCOL', `node ${context.node} answered a start by "${status}"`)
  }
}

/** The bell was silent, or said that somebody else made the go: the records decide. */
async function lookUp(context: Context, session: Session, id: AttemptId): Promise<StartReply | null> {
  const story = await context.look(session, id)
  if (story === null) return null
  if (story.kind === 'running' || story.kind === 'ended') return { id, result: 'accepted' }
  if (story.kind === 'absent' && story.proof === 'never-started') {
    return { id, result: 'refused', retry: false, code: 'REVOKED', reason: story.reason }
  }
  return null
}

/** Where its folder was removed after it was launched, a second launch would find nothing of the first. */
async function outlivesRecords(context: Context, session: Session, id: AttemptId): Promise<boolean> {
  const story = await context.look(session, id)
  return story?.kind === 'running' && story.reason !== undefined
}

function undecided(context: Context, id: AttemptId, cause: unknown): TronError {
  const why = cause === null ? 'the node did not say' : messageOf(cause)
  return new TronError(
    'EXECUTOR_FAILED',
    `node ${context.node}: whether ${id} was started is not known: ${why}`,
    { cause },
  )
}

/** What can never work; null when nothing is wrong. */
function whatIsWrong({ command, env }: StartRequest): string | null {
  if (command.includes('\0')) return 'a command cannot hold NUL'
  let total = 0
  for (const [name, value] of Object.entries(env)) {
    if (!VARIABLE.test(name)) return `"${name}" cannot be the name of an environment variable`
    if (value.includes('\0')) return `the environment variable ${name} cannot hold NUL`
    const length = Buffer.byteLength(value) + name.length
    if (length > MAX_ARGUMENT) return `the environment variable ${name} is longer than ${MAX_ARGUMENT} bytes`
    total += length
  }
  return total > MAX_ENV ? `the environment is larger than ${MAX_ENV} bytes` : null
}

/** The command and its assignments travel as words of sh, so that the node's program can hold several starts until they are launched. */
function launchingOf(request: StartRequest, shell: CommandShell): Launching {
  const { id, startKey, runNumber, configHash, command, env } = request
  const isLong = Buffer.byteLength(command) > MAX_ARGUMENT
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const words = [isLong ? '' : command, ...assignments].map(quote).join(' ')
  const texts = [...(isLong ? [command] : []), words].map((text) => text.split('\n'))
  const counts = texts.map((lines) => lines.length).join(' ')
  const meta = `${safeWord(startKey)} ${runNumber} ${safeWord(configHash)}`
  const kind = isLong ? `${shell}-file` : shell
  const header = `start ${id} ${meta} ${kind} ${assignments.length + 1} ${counts}`
  return { id, message: { header, raw: texts.flat() }, bytes: Buffer.byteLength(words) + ARGUMENT_BYTES }
}

/** A text as one word of sh, whatever it holds but NUL. */
function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** Lets so many calls be under way at once; the others wait in order. */
function createWindow(size: number): <T>(call: () => Promise<T>) => Promise<T> {
  const queue: (() => void)[] = []
  let free = size
  return async (call) => {
    if (free > 0) free -= 1
    else
      await new Promise<void>((resolve) => {
        queue.push(resolve)
      })
    try {
      return await call()
    } finally {
      const next = queue.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}
