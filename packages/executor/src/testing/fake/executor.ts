import { type AttemptId, type Clock, type Target, TronError } from '@tron/model'
import type {
  AttemptRef,
  Capabilities,
  Executor,
  ExecutorEvent,
  ExecutorModule,
  Fence,
  Holder,
  InventoryEntry,
  RevokeReply,
  StartReply,
  StartRequest,
  Stream,
} from '../../contract.ts'
import { EXECUTOR_API } from '../../contract.ts'
import type { FakeCluster } from './cluster.ts'
import { createEventFeed, type EventFeed } from './event-feed.ts'
import { createKeyedTimers } from './keyed-timers.ts'
import type { FakeNode, StopHow } from './node.ts'
import { historyOf, inventoryEntry } from './spool.ts'

const CAPABILITIES: Capabilities = {
  startOnce: 'enforced',
  fence: 'enforced',
  adopt: true,
  stop: 'proved',
  output: 'offsets',
  streams: ['stdout', 'stderr'],
  notBefore: false,
  resources: [],
}

const CHUNK_BYTES = 64 * 1024
const PAGE = 100

/** The nodes of a cluster as an executor that a scheduler can be given. It takes no options. */
export function fakeExecutorModule(cluster: FakeCluster): ExecutorModule {
  return {
    apiVersion: EXECUTOR_API,
    name: 'fake',
    options: { '~standard': { version: 1, vendor: 'tron', validate: (value) => ({ value }) } },
    create: (_options, host) => Promise.resolve(createFakeExecutor(cluster, host.fence)),
  }
}

/**
 * A small real implementation of the contract. It claims a node's fence at the first request that changes something there, and, once events are
 * asked for, as soon as it can reach a target.
 */
export function createFakeExecutor(cluster: FakeCluster, fence: Fence): Executor {
  const nodeOf = (target: Target): FakeNode => cluster.at(target.node, fence.installation)
  const fencedBy = createGate(fence, nodeOf)
  const feed = createEventFeed({ cluster, spoolOf: (target) => nodeOf(target).spool, fencedBy })
  const stops = createStops({
    clock: cluster.clock,
    canSend: ({ target }) => cluster.isReachable(target.node) && fencedBy(target) === null,
    send: ({ id, target }, signal) => nodeOf(target).stop(id, signal),
    tell: ({ target }, event) => {
      feed.push(target, [event])
    },
  })
  const unsubscribe = cluster.onChange(() => {
    stops.send()
    feed.wake()
  })
  const wiring: Wiring = { cluster, feed, nodeOf, fencedBy }

  return {
    capabilities: CAPABILITIES,
    setTargets(targets) {
      feed.setTargets(targets.map(({ target }) => target))
      return Promise.resolve()
    },
    start: (requests, { signal }) => inOrder(requests, (request) => start(wiring, request, signal)),
    async adopt(refs, { signal }) {
      signal.throwIfAborted()
      for (const ref of refs) adopt(wiring, ref)
    },
    revoke: (refs, { signal }) => inOrder(refs, (ref) => revoke(wiring, ref, signal)),
    stop(ref, how) {
      stops.add(ref, how)
      return Promise.resolve()
    },
    events: (from, { signal }) => feed.events(from, signal),
    read: (ref, stream, ...[from, { signal }]) => read(wiring, ref, { stream, from, signal }),
    async release(refs) {
      const released = await inOrder(refs, (ref) => release(wiring, ref))
      return released.flat()
    },
    async inspect(target) {
      assertReachable(cluster, target)
      return nodeOf(target).spool.holder
    },
    inventory: (target) => inventory(wiring, target),
    [Symbol.asyncDispose]() {
      unsubscribe()
      stops.end()
      feed.end()
      return Promise.resolve()
    },
  }
}

interface Wiring {
  readonly cluster: FakeCluster
  readonly feed: EventFeed
  readonly nodeOf: (target: Target) => FakeNode
  readonly fencedBy: (target: Target) => Holder | null
}

/**
 * The way through the fence: answers null when this scheduler may act on a target, else who may. A foreign pair is replaced once for each
 * take-over that the operator ordered, not again and again.
 */
function createGate(fence: Fence, nodeOf: (target: Target) => FakeNode): (target: Target) => Holder | null {
  const held = new Set<string>()
  return (target) => {
    const mayTakeOver = fence.takeOver.includes(target.node) && !held.has(target.node)
    const holder = nodeOf(target).claim(fence, mayTakeOver)
    if (holder === null) held.add(target.node)
    return holder
  }
}

interface StopWish {
  readonly ref: AttemptRef
  readonly how: StopHow
}

interface StopsOptions {
  readonly clock: Clock
  readonly canSend: (ref: AttemptRef) => boolean
  readonly send: (ref: AttemptRef, signal: StopHow['signal']) => ExecutorEvent | null
  readonly tell: (ref: AttemptRef, event: ExecutorEvent) => void
}

/** Stops that are wanted: each is sent when it can be, and what TERM left of an attempt is killed after the grace. */
function createStops({ clock, canSend, send, tell }: StopsOptions): {
  readonly add: (ref: AttemptRef, how: StopHow) => void
  readonly send: () => void
  readonly end: () => void
} {
  const wishes = new Map<AttemptId, StopWish>()
  const graces = createKeyedTimers(clock)
  const add = (ref: AttemptRef, how: StopHow): void => {
    if (wishes.get(ref.id)?.how.signal !== 'KILL') wishes.set(ref.id, { ref, how })
    sendAll()
  }
  const sendOne = ({ ref, how }: StopWish): void => {
    wishes.delete(ref.id)
    const came = send(ref, how.signal)
    if (came !== null) {
      graces.cancel(ref.id)
      tell(ref, came)
    } else if (!graces.has(ref.id)) {
      graces.after(ref.id, how.graceMs, () => {
        add(ref, { signal: 'KILL', graceMs: 0 })
      })
    }
  }
  const sendAll = (): void => {
    for (const wish of wishes.values()) if (canSend(wish.ref)) sendOne(wish)
  }
  return {
    add,
    send: sendAll,
    end() {
      graces.clear()
    },
  }
}

async function inOrder<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const item of items) results.push(await call(item))
  return results
}

async function start(wiring: Wiring, request: StartRequest, signal: AbortSignal): Promise<StartReply> {
  const { id, target } = request
  signal.throwIfAborted()
  const act = (): StartReply => {
    const holder = wiring.fencedBy(target)
    if (holder === null) return wiring.nodeOf(target).start(request)
    return { id, result: 'refused', retry: false, code: 'FENCED', reason: heldBy(target, holder) }
  }
  const sent = await wiring.cluster.deliver(target.node, act, signal)
  if (sent.way === 'answered') return sent.answer
  if (sent.way === 'unsent') {
    return { id, result: 'refused', retry: true, code: 'UNREACHABLE', reason: unreachable(target) }
  }
  throw new TronError('EXECUTOR_FAILED', `node ${target.node} did not answer whether ${id} was started`)
}

async function revoke(wiring: Wiring, ref: AttemptRef, signal: AbortSignal): Promise<RevokeReply> {
  const { id, target } = ref
  const act = () => (wiring.fencedBy(target) === null ? wiring.nodeOf(target).revoke(id) : null)
  const sent = await wiring.cluster.deliver(target.node, act, signal)
  return (sent.way === 'answered' ? sent.answer : null) ?? { id, result: 'unreachable' }
}

async function release(wiring: Wiring, { id, target }: AttemptRef): Promise<readonly AttemptId[]> {
  const act = () => wiring.fencedBy(target) === null && wiring.nodeOf(target).release(id)
  const sent = await wiring.cluster.deliver(target.node, act, new AbortController().signal)
  return sent.way === 'answered' && sent.answer ? [id] : []
}

function adopt({ cluster, feed, nodeOf }: Wiring, { id, target }: AttemptRef): void {
  if (cluster.isReachable(target.node)) feed.push(target, historyOf(nodeOf(target).spool, id))
  else feed.push(target, [{ kind: 'target', target, state: 'unreachable', reason: unreachable(target) }])
}

async function* read(
  { cluster, nodeOf }: Wiring,
  { id, target }: AttemptRef,
  part: { readonly stream: Stream; readonly from: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  for (let at = part.from; ; at += CHUNK_BYTES) {
    part.signal.throwIfAborted()
    assertReachable(cluster, target)
    const attempt = nodeOf(target).spool.attempts.get(id)
    if (attempt === undefined || attempt.released) {
      throw new TronError('OUTPUT_UNAVAILABLE', `node ${target.node} keeps no output of attempt ${id}`)
    }
    if (at >= attempt[part.stream].length) return
    yield attempt[part.stream].slice(at, at + CHUNK_BYTES)
  }
}

async function* inventory(
  { cluster, nodeOf }: Wiring,
  target: Target,
): AsyncGenerator<readonly InventoryEntry[]> {
  assertReachable(cluster, target)
  const entries = [...nodeOf(target).spool.attempts.values()].map(inventoryEntry)
  for (let at = 0; at < entries.length; at += PAGE) yield entries.slice(at, at + PAGE)
}

function assertReachable(cluster: FakeCluster, target: Target): void {
  if (!cluster.isReachable(target.node)) throw new TronError('UNREACHABLE', unreachable(target))
}

function unreachable(target: Target): string {
  return `node ${target.node} cannot be reached`
}

function heldBy(target: Target, { holder }: Holder): string {
  return `node ${target.node} is held by ${holder}`
}
