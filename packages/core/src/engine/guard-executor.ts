import type {
  AttemptRef,
  CallOptions,
  Capabilities,
  EventBatch,
  Executor,
  InventoryEntry,
  RevokeReply,
  StartReply,
  StartRequest,
} from '@tron/executor'
import { type AttemptId, type Target, TronError } from '@tron/model'
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
import { type CallName, type Dated, withDeadline, withoutSilence } from './deadlines.ts'

/**
 * The executor calls that the engine makes, each with a deadline, streams with a bound on their silence, and with an answer of the contract's shape:
 * robustness belongs to the host, not to every adapter. What does not fit, or is about something else than was asked, is left out with a word in the log: for the engine it was not answered.
 */
export interface GuardedExecutor extends AsyncDisposable {
  readonly name: string
  readonly capabilities: Capabilities
  setTargets: Executor['setTargets']
  start(requests: readonly StartRequest[]): Promise<readonly StartReply[]>
  adopt(refs: readonly AttemptRef[]): Promise<void>
  revoke(refs: readonly AttemptRef[]): Promise<readonly RevokeReply[]>
  stop: Executor['stop']
  release: Executor['release']
  inspect: Executor['inspect']
  events: Executor['events']
  read: Executor['read']
  inventory: Executor['inventory']
}

/** What an executor's guard works with. */
interface Guarding extends Dated {
  readonly executor: Executor
}

/** Wraps an executor. Errors that it throws at once become rejections like all others. */
export function guardExecutor(guarding: Guarding): GuardedExecutor {
  const { name, executor } = guarding
  const within = <T>(what: CallName, call: (options: CallOptions) => Promise<T>) =>
    withDeadline(guarding, what, call)
  return {
    name,
    capabilities: executor.capabilities,
    setTargets: (targets) => within('setTargets', () => executor.setTargets(targets)),
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
    read: (ref, stream, ...[from, { signal }]) => {
      const open = (options: CallOptions) => executor.read(ref, stream, from, options)
      return withoutSilence(guarding, { what: 'read', open, signal })
    },
    inventory: (target) => inventoryOf(guarding, target),
    [Symbol.asyncDispose]: () => within('dispose', async () => executor[Symbol.asyncDispose]()),
  }
}

function ofReply({ id }: { readonly id: AttemptId }): AttemptId {
  return id
}

interface Answers<T> {
  readonly what: CallName
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
  guarding: Guarding,
  from: Readonly<Record<string, string>>,
  { signal }: CallOptions,
): AsyncGenerator<EventBatch> {
  const { name, executor, log } = guarding
  const open = (options: CallOptions) => executor.events(from, options)
  for await (const batch of withoutSilence(guarding, { what: 'events', open, signal })) {
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

async function* inventoryOf(guarding: Guarding, target: Target): AsyncGenerator<readonly InventoryEntry[]> {
  const { name, executor } = guarding
  const open = () => executor.inventory(target)
  for await (const page of withoutSilence(guarding, { what: 'inventory', open })) {
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
