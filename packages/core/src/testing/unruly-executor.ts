import type {
  AttemptRef,
  EventBatch,
  Executor,
  ExecutorEvent,
  ExecutorModule,
  Outcome,
  StartReply,
  StartRequest,
} from '@tron/executor'
import { createFakeExecutor, type FakeCluster } from '@tron/executor/fake'
import { TronError } from '@tron/model'
import type { Call } from './calls.ts'
import type { Draw } from './chance.ts'
import { type Life, never } from './life.ts'
import { createUnrulyEvents } from './unruly-events.ts'

/** How many calls do not arrive, and how many answers are not heard. */
const LOSS = 0.04

/** What a simulation sees of the calls, and decides about them. */
export interface ExecutorWatch {
  /** Before the calls reach a node. */
  starting(requests: readonly StartRequest[]): void
  /** The call of starts came back. */
  startsAnswered(replies: readonly StartReply[]): void
  revoking(refs: readonly AttemptRef[]): void
  stopping(ref: AttemptRef): void
  /** The call of a stop came back. */
  stopTaken(ref: AttemptRef): void
  adopting(refs: readonly AttemptRef[]): void
  releasing(refs: readonly AttemptRef[]): void
  inspecting(node: string): void
  happened(name: string): void
  /** How long a message is under way, 0 for at once. */
  latencyMs(): number
  delay(ms: number): Promise<void>
  /** Events that the executor tells beside those of the nodes. */
  extra(): readonly ExecutorEvent[]
}

interface Parts {
  readonly cluster: FakeCluster
  readonly life: Life
  readonly watch: ExecutorWatch
  readonly draw: Draw
  /** Events come as they are. */
  readonly orderly: () => boolean
  /** Registers what a kill of the process ends. */
  readonly onDeath: (call: () => void) => void
}

/** The executor of one scheduler: a conforming one, whose messages take their time and whose events come as badly as the contract allows. */
export function unrulyExecutorModule(parts: Parts): ExecutorModule {
  return {
    apiVersion: 1,
    name: 'fake',
    options: { '~standard': { version: 1, vendor: 'tron', validate: (value) => ({ value }) } },
    create: (_options, host) => {
      const inner = createFakeExecutor(parts.cluster, host.fence)
      parts.onDeath(() => void inner[Symbol.asyncDispose]())
      return Promise.resolve(unruly(inner, parts))
    },
  }
}

function unruly(inner: Executor, parts: Parts): Executor {
  const { life, watch } = parts
  const wire = createWire(parts)
  return {
    capabilities: inner.capabilities,
    setTargets: (targets) => life.pass('naming the nodes', () => inner.setTargets(targets)),
    async start(requests, options) {
      if (!life.dead) watch.starting(requests)
      const replies = await wire.send('asking for starts', async () =>
        observed(await observedStart(inner, watch, { requests, options }), watch),
      )
      if (!life.dead) watch.startsAnswered(replies)
      return replies
    },
    adopt: (refs, options) => {
      if (!life.dead) watch.adopting(refs)
      watch.happened('adopt')
      return wire.sendBadly('adopting', () => inner.adopt(refs, options))
    },
    revoke: (refs, options) => {
      if (!life.dead) watch.revoking(refs)
      return wire.sendBadly('revoking', async () => {
        const replies = await inner.revoke(refs, options)
        for (const { result } of replies) watch.happened(`revoke: ${result}`)
        return replies
      })
    },
    async stop(ref, how) {
      if (!life.dead) watch.stopping(ref)
      watch.happened(`stop: ${how.signal}`)
      await wire.sendBadly('stopping a command', () => inner.stop(ref, how))
      if (!life.dead) watch.stopTaken(ref)
    },
    events: (from, options) => events(inner, parts, { from, options }),
    read: (ref, stream, ...[from, options]) =>
      read(life, inner.read(ref, stream, from, options), () => wire.breaks()),
    release: (refs) => {
      if (!life.dead) watch.releasing(refs)
      return wire.sendBadly('releasing', () => inner.release(refs))
    },
    inspect: (target) => {
      if (!life.dead) watch.inspecting(target.node)
      return wire.send('asking who holds a node', () => inner.inspect(target))
    },
    inventory: (target) => read(life, inner.inventory(target), () => false),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
}

/** What calls go through. */
interface Wire {
  /** There and back; a request that has left arrives, whatever becomes of who sent it. */
  send<T>(what: Call, act: () => Promise<T>): Promise<T>
  /** As `send`, but now and then nobody hears the answer, or the call does not arrive. */
  sendBadly<T>(what: Call, act: () => Promise<T>): Promise<T>
  /** Whether something that is being read breaks off here. */
  breaks(): boolean
}

function createWire({ life, watch, draw, orderly }: Parts): Wire {
  const breaks = () => !orderly() && draw.often(LOSS)
  const wire: Wire = {
    breaks,
    send: (what, act) =>
      life.pass(what, async () => {
        await watch.delay(watch.latencyMs())
        try {
          return await act()
        } finally {
          await watch.delay(watch.latencyMs())
        }
      }),
    sendBadly: (what, act) =>
      wire.send(what, async () => {
        if (breaks()) throw lost(what)
        const result = await act()
        if (breaks()) throw lost(what)
        return result
      }),
  }
  return wire
}

function lost(what: string): TronError {
  return new TronError('EXECUTOR_FAILED', `${what} was not answered, in this simulation`)
}

async function observedStart(
  inner: Executor,
  watch: ExecutorWatch,
  call: { readonly requests: readonly StartRequest[]; readonly options: { readonly signal: AbortSignal } },
): Promise<readonly StartReply[]> {
  try {
    return await inner.start(call.requests, call.options)
  } catch (error) {
    watch.happened('start: no answer')
    throw error
  }
}

function observed(replies: readonly StartReply[], watch: ExecutorWatch): readonly StartReply[] {
  for (const reply of replies) {
    watch.happened(reply.result === 'refused' ? `start: refused, ${reply.code}` : `start: ${reply.result}`)
  }
  return replies
}

async function* events(
  inner: Executor,
  { life, watch, draw, orderly }: Parts,
  call: {
    readonly from: Readonly<Record<string, string>>
    readonly options: { readonly signal: AbortSignal }
  },
): AsyncGenerator<EventBatch> {
  const disturb = createUnrulyEvents(draw)
  const cursors = new Map(Object.entries(call.from))
  for await (const batch of inner.events(call.from, call.options)) {
    await watch.delay(watch.latencyMs())
    const before = cursors.get(batch.source)
    // Without a place to go back to, a batch cannot come in two.
    const parts = orderly() ? [batch] : disturb(batch, before ?? batch.cursor)
    const [first = batch, ...rest] = before === undefined && parts.length > 1 ? [batch] : parts
    for (const part of [{ ...first, events: [...watch.extra(), ...first.events] }, ...rest]) {
      if (life.ends('before telling what happened on a node')) await never()
      for (const event of part.events) watch.happened(nameOf(event))
      yield part
    }
    cursors.set(batch.source, batch.cursor)
  }
}

function nameOf(event: ExecutorEvent): string {
  switch (event.kind) {
    case 'exit':
      return `exit: ${outcomeName(event.outcome)}`
    case 'target':
      return `target: ${event.state}`
    case 'closed':
      return closedName(event)
    case 'stopped':
      return event.survivors.length > 0 ? 'stopped, survivors' : 'stopped'
    case 'absent':
      return `absent: ${event.proof}`
    case 'started':
    case 'progress':
      return event.kind
  }
}

function outcomeName(outcome: Outcome): string {
  if (outcome.type !== 'exited') return outcome.type
  return outcome.code === 0 ? 'exited 0' : 'exited other'
}

function closedName(event: Extract<ExecutorEvent, { kind: 'closed' }>): string {
  return `closed${event.leftRunning > 0 ? ', left running' : ''}${event.lost === undefined ? '' : ', lost output'}`
}

/** @param breaks whether the connection breaks before the next piece */
async function* read<T>(life: Life, source: AsyncIterable<T>, breaks: () => boolean): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]()
  for (;;) {
    const next = await life.pass('reading from a node', () => iterator.next())
    if (next.done === true) return
    if (breaks()) throw lost('reading from a node')
    yield next.value
  }
}
