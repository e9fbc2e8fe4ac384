import type {
  AttemptRef,
  Capabilities,
  EventBatch,
  Executor,
  ExecutorHost,
  StartReply,
  StartRequest,
} from '@tron/executor'
import { type AttemptId, type Target, targetKey } from '@tron/model'
import type { Transport } from './link.ts'
import { Node } from './node.ts'

export interface NodeExecutorOptions {
  readonly transport: Transport
  readonly host: ExecutorHost
  /** The POSIX shell that runs the protocol's program on nodes, as an absolute path without blanks; `/bin/sh` when left out. */
  readonly shell?: string
  /** A connection older than so many milliseconds is made anew as soon as nothing is asked there; without it connections live as long as they can. */
  readonly sessionMaxAgeMs?: number
}

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

/**
 * An executor over the node protocol: whatever a transport connects to, each start happens at most once there, and outlives connection and scheduler.
 * `start` leaves out ids of which it cannot be known whether the node has them, and rejects when that holds for all: ask again, under the same ids.
 */
export function createNodeExecutor(options: NodeExecutorOptions): Executor {
  const nodes = createNodes(options)
  return {
    capabilities: CAPABILITIES,
    async setTargets(targets) {
      nodes.configure(targets)
    },
    async start(requests, { signal }) {
      signal.throwIfAborted()
      const starting = requests.map((request) => nodes.of(request.target).start(request))
      return decided(await orAborted(Promise.allSettled(starting), signal), requests)
    },
    async adopt(refs, { signal }) {
      signal.throwIfAborted()
      const adopting = byTarget(refs).map(({ target, ids }) => nodes.of(target).adopt(ids))
      await orAborted(Promise.all(adopting), signal)
    },
    async revoke(refs, { signal }) {
      signal.throwIfAborted()
      return orAborted(Promise.all(refs.map(({ id, target }) => nodes.of(target).revoke(id))), signal)
    },
    async stop({ id, target }, how) {
      nodes.of(target).stop(id, how)
    },
    events: (from, { signal }) => nodes.events(from, signal),
    read(ref, stream, ...[from, { signal }]) {
      return nodes.of(ref.target).read({ id: ref.id, stream, from, signal })
    },
    async release(refs) {
      const releasing = byTarget(refs).map(({ target, ids }) => nodes.of(target).release(ids))
      const results = await Promise.allSettled(releasing)
      return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
    },
    inspect: (target) => nodes.of(target).inspect(),
    inventory: (target) => nodes.of(target).inventory(),
    [Symbol.asyncDispose]: () => nodes.dispose(),
  }
}

/** The replies there are. Only when there is none at all does the call fail. */
function decided(
  results: readonly PromiseSettledResult<StartReply>[],
  requests: readonly StartRequest[],
): readonly StartReply[] {
  const replies = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  const failed = results.find((result) => result.status === 'rejected')
  if (replies.length === 0 && requests.length > 0 && failed !== undefined) throw failed.reason
  return replies
}

interface Nodes {
  of(target: Target): Node
  configure(
    targets: readonly { readonly target: Target; readonly settings: Parameters<Node['configure']>[0] }[],
  ): void
  events(from: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<EventBatch>
  dispose(): Promise<void>
}

function createNodes(options: NodeExecutorOptions): Nodes {
  const { transport, host, shell = '/bin/sh', sessionMaxAgeMs = null } = options
  const nodes = new Map<string, Node>()
  const life = new AbortController()
  let bell = Promise.withResolvers<void>()
  const ring = (): void => {
    bell.resolve()
    bell = Promise.withResolvers<void>()
  }
  const of = (target: Target): Node => {
    const key = targetKey(target)
    const node = nodes.get(key) ?? new Node({ target, transport, host, shell, sessionMaxAgeMs, onPush: ring })
    nodes.set(key, node)
    return node
  }
  async function* events(
    from: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch> {
    const over = AbortSignal.any([signal, life.signal])
    over.addEventListener('abort', ring, { once: true })
    const resumed = new Set<Node>()
    while (!over.aborted) {
      const rung = bell.promise
      let isQuiet = true
      for (const [key, node] of nodes) {
        if (!resumed.has(node)) node.resumeFrom(from[key])
        resumed.add(node)
        const next = node.queue.take()
        if (next === null) node.refill()
        if (next === null || over.aborted) continue
        isQuiet = false
        yield next.batch
        // Being asked for the next batch acknowledges this one.
        node.queue.acknowledge(next)
      }
      if (isQuiet && !over.aborted) await rung
    }
  }
  return {
    of,
    configure(targets) {
      const wanted = new Set(targets.map(({ target }) => targetKey(target)))
      for (const [key, node] of nodes) if (!wanted.has(key)) node.retire()
      for (const { target, settings } of targets) of(target).configure(settings)
      ring()
    },
    events,
    async dispose() {
      life.abort()
      await Promise.all([...nodes.values()].map((node) => node.dispose()))
    },
  }
}

function byTarget(
  refs: readonly AttemptRef[],
): readonly { readonly target: Target; readonly ids: readonly AttemptId[] }[] {
  const groups = new Map<string, { readonly target: Target; readonly ids: AttemptId[] }>()
  for (const { id, target } of refs) {
    const key = targetKey(target)
    const group = groups.get(key) ?? { target, ids: [] }
    group.ids.push(id)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/** The caller's patience ends; what is under way goes on. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => {
    reject(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  return Promise.race([work, promise]).finally(() => {
    signal.removeEventListener('abort', abort)
  })
}
