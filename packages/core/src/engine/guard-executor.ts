import type {
  AttemptRef,
  CallOptions,
  EventBatch,
  Executor,
  InventoryEntry,
  RevokeReply,
  StartReply,
  StartRequest,
} from '@tron/executor'
import { type AttemptId, type Clock, type Logger, type Target, TronError } from '@tron/model'
import {
  type Check,
  checkBatch,
  checkEvent,
  checkHolder,
  checkInventoryEntry,
  checkReleased,
  checkRevokeReply,
  checkStartReply,
} from './answer-shapes.ts'

/** How long each call may take before its result counts as unknown. Executors have deadlines of their own; these catch those that have none. */
const DEADLINE_MS = {
  start: 120_000,
  adopt: 60_000,
  revoke: 60_000,
  stop: 60_000,
  release: 60_000,
  inspect: 45_000,
} as const

type Guarded = keyof typeof DEADLINE_MS

/**
 * The executor calls that the engine makes, each with a deadline and with an answer of the contract's shape: robustness belongs to the host, not to every
 * adapter. What does not fit, or is about something else than was asked, is left out with a word in the log: for the engine it was not answered.
 */
export interface GuardedExecutor {
  readonly name: string
  readonly executor: Executor
  start(requests: readonly StartRequest[]): Promise<readonly StartReply[]>
  adopt(refs: readonly AttemptRef[]): Promise<void>
  revoke(refs: readonly AttemptRef[]): Promise<readonly RevokeReply[]>
  stop: Executor['stop']
  release: Executor['release']
  inspect: Executor['inspect']
  events: Executor['events']
  inventory: Executor['inventory']
}

/** What an executor's guard works with. */
interface Guarding {
  readonly name: string
  readonly executor: Executor
  readonly clock: Clock
  readonly log: Logger
}

/** Wraps an executor. Errors that it throws at once become rejections like all others. */
export function guardExecutor(guarding: Guarding): GuardedExecutor {
  const { name, executor } = guarding
  const within = <T>(what: Guarded, call: (options: CallOptions) => Promise<T>) =>
    withDeadline(guarding, what, call)
  return {
    name,
    executor,
    start: async (requests) => {
      const replies = await within('start', (options) => executor.start(requests, options))
      return answersTo(guarding, requests, { what: 'start', replies, idOf: ofReply, check: checkStartReply })
    },
    adopt: (refs) => within('adopt', (options) => executor.adopt(refs, options)),
    revoke: async (refs) => {
      const replies = await within('revoke', (options) => executor.revoke(refs, options))
      return answersTo(guarding, refs, { what: 'revoke', replies, idOf: ofReply, check: checkRevokeReply })
    },
    stop: (ref, how) => within('stop', () => executor.stop(ref, how)),
    release: async (refs) => {
      const replies = await within('release', () => executor.release(refs))
      return answersTo(guarding, refs, { what: 'release', replies, idOf: (id) => id, check: checkReleased })
    },
    inspect: async (target) => {
      const held = await within('inspect', () => executor.inspect(target))
      const wrong = checkHolder(held)
      if (wrong !== null) throw unfit(name, 'inspect', wrong)
      return held
    },
    events: (from, options) => eventsOf(guarding, from, options),
    inventory: (target) => inventoryOf(guarding, target),
  }
}

async function withDeadline<T>(
  { name, clock }: Guarding,
  what: Guarded,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const seconds = DEADLINE_MS[what] / 1000
  const cancel = clock.timer(DEADLINE_MS[what], () => {
    deadline.abort(new TronError('EXECUTOR_FAILED', `${name}: ${what} did not answer in ${seconds} s`))
  })
  try {
    return await Promise.race([call({ signal: deadline.signal }), aborted(deadline.signal)])
  } finally {
    cancel()
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason)
    })
  })
}

function ofReply({ id }: { readonly id: AttemptId }): AttemptId {
  return id
}

interface Answers<T> {
  readonly what: Guarded
  readonly replies: readonly T[]
  readonly idOf: (reply: T) => AttemptId
  readonly check: Check<T>
}

/** Keeps the answers to what was asked. Where there are two for one id, nobody knows which is meant. */
function answersTo<T>(
  { name, log }: Guarding,
  asked: readonly { readonly id: AttemptId }[],
  { what, replies, idOf, check }: Answers<T>,
): readonly T[] {
  if (!isList(replies)) throw unfit(name, what, 'it is not a list')
  const open = new Map<AttemptId, T | null>(asked.map(({ id }) => [id, null]))
  for (const reply of replies) {
    const wrong = check(reply) ?? whyUnasked(open, idOf(reply))
    if (wrong === null) open.set(idOf(reply), reply)
    else log.error('an answer of an executor is left out', { executor: name, call: what, wrong })
  }
  return [...open.values()].filter((reply) => reply !== null)
}

/** What another module answers may be anything. */
function isList(answer: unknown): boolean {
  return Array.isArray(answer)
}

/** Null for the first answer to what was asked. */
function whyUnasked<T>(open: Map<AttemptId, T | null>, id: AttemptId): string | null {
  if (open.get(id) === null) return null
  return open.delete(id) ? `${id} is answered twice` : `${id} was not asked for`
}

async function* eventsOf(
  { name, executor, log }: Guarding,
  from: Readonly<Record<string, string>>,
  options: CallOptions,
): AsyncGenerator<EventBatch> {
  for await (const batch of executor.events(from, options)) {
    const wrong = checkBatch(batch)
    if (wrong !== null) throw unfit(name, 'events', wrong)
    const events = batch.events.filter((event) => {
      const unfitting = checkEvent(event)
      if (unfitting === null) return true
      log.error('an event does not fit the contract and is left out', {
        executor: name,
        source: batch.source,
        wrong: unfitting,
      })
      return false
    })
    yield { ...batch, events }
  }
}

async function* inventoryOf(
  { name, executor }: Guarding,
  target: Target,
): AsyncGenerator<readonly InventoryEntry[]> {
  for await (const page of executor.inventory(target)) {
    if (!isList(page)) throw unfit(name, 'inventory', 'a page is not a list')
    for (const entry of page) {
      const wrong = checkInventoryEntry(entry)
      // What cannot be read may be what runs: the node counts as not asked.
      if (wrong !== null) throw unfit(name, 'inventory', wrong)
    }
    yield page
  }
}

function unfit(name: string, what: string, wrong: string): TronError {
  return new TronError(
    'EXECUTOR_FAILED',
    `${name}: what ${what} answered does not fit the contract: ${wrong}`,
  )
}
