import { type Target, targetKey } from '@tron/model'
import type { EventBatch, ExecutorEvent, Holder } from '../../contract.ts'
import type { FakeCluster } from './cluster.ts'
import { type FakeSpool, historyOf } from './spool.ts'

const MAX_BATCH = 256

/** What one executor tells about its targets: journals of nodes, answers to adopt, and how the targets are. */
export interface EventFeed {
  setTargets(targets: readonly Target[]): void
  /** Events that stand in no journal; they go before the journal's, and stay until they were acknowledged. */
  push(target: Target, events: readonly ExecutorEvent[]): void
  events(from: Readonly<Record<string, string>>, signal: AbortSignal): AsyncGenerator<EventBatch>
  /** Something may have happened. */
  wake(): void
  end(): void
}

interface Source {
  readonly target: Target
  readonly extras: ExecutorEvent[]
  /** As last told. */
  state: 'unknown' | 'reachable' | 'unreachable' | 'fenced'
}

interface Position {
  readonly generation: number
  readonly index: number
}

interface Draft {
  readonly batch: EventBatch
  readonly extras: number
  readonly next: Position
}

export interface EventFeedOptions {
  readonly cluster: FakeCluster
  readonly spoolOf: (target: Target) => FakeSpool
  readonly fencedBy: (target: Target) => Holder | null
}

export function createEventFeed(options: EventFeedOptions): EventFeed {
  const sources = new Map<string, Source>()
  const life = new AbortController()
  let bell = Promise.withResolvers<void>()

  const wake = (): void => {
    bell.resolve()
    bell = Promise.withResolvers<void>()
  }
  const sourceOf = (target: Target): Source => {
    const key = targetKey(target)
    const source = sources.get(key) ?? { target, extras: [], state: 'unknown' }
    sources.set(key, source)
    return source
  }

  async function* events(
    from: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): AsyncGenerator<EventBatch> {
    // Not one signal of both: Node keeps such a one, and with it all that its listeners know, until it is aborted.
    for (const end of [signal, life.signal]) end.addEventListener('abort', wake, { once: true })
    const isOver = () => signal.aborted || life.signal.aborted
    const cursors = new Map<string, Position>()
    while (!isOver()) {
      const rung = bell.promise
      const quiet = yield* round({ options, sources, cursors, from, isOver })
      if (quiet && !isOver()) await rung
    }
  }

  return {
    events,
    wake,
    setTargets(targets) {
      const wanted = new Set(targets.map(targetKey))
      for (const key of sources.keys()) if (!wanted.has(key)) sources.delete(key)
      for (const target of targets) sourceOf(target)
      wake()
    },
    push(target, more) {
      sourceOf(target).extras.push(...more)
      wake()
    },
    end() {
      life.abort()
    },
  }
}

interface Round {
  readonly options: EventFeedOptions
  readonly sources: ReadonlyMap<string, Source>
  /** How far each was acknowledged. */
  readonly cursors: Map<string, Position>
  readonly from: Readonly<Record<string, string>>
  readonly isOver: () => boolean
}

/** One batch of each source that has something; answers whether none had. */
async function* round({
  options,
  sources,
  cursors,
  from,
  isOver,
}: Round): AsyncGenerator<EventBatch, boolean> {
  let quiet = true
  for (const [key, source] of sources) {
    observe(source, options)
    const spool = options.spoolOf(source.target)
    const draft = draftOf({ key, source, spool, position: cursors.get(key) ?? parseCursor(from[key]) })
    if (draft !== null && !isOver()) {
      quiet = false
      yield draft.batch
      // Being asked for the next batch acknowledges this one.
      source.extras.splice(0, draft.extras)
      cursors.set(key, draft.next)
    }
  }
  return quiet
}

/** Looks at a target as a connection would, and tells what changed. */
function observe(source: Source, { cluster, fencedBy }: EventFeedOptions): void {
  const { target } = source
  const reachable = cluster.isReachable(target.node)
  const holder = reachable ? fencedBy(target) : null
  const held = holder === null ? 'reachable' : 'fenced'
  const state = reachable ? held : 'unreachable'
  if (state === source.state) return
  source.state = state
  source.extras.push({ kind: 'target', target, state, reason: reasonOf(target, state, holder) })
}

function reasonOf(target: Target, state: Source['state'], holder: Holder | null): string {
  if (holder !== null) return `node ${target.node} is held by ${holder.holder}`
  return state === 'unreachable' ? `node ${target.node} cannot be reached` : 'connected'
}

function draftOf(o: {
  readonly key: string
  readonly source: Source
  readonly spool: FakeSpool
  readonly position: Position | null
}): Draft | null {
  const { key, source, spool } = o
  const position = o.position ?? { generation: spool.generation, index: 0 }
  const extras = source.extras.slice(0, MAX_BATCH)
  const journal =
    source.state === 'unreachable'
      ? { events: [], next: position }
      : journalFrom(spool, position, MAX_BATCH - extras.length)
  const events = [...extras, ...journal.events]
  if (events.length === 0) return null
  return {
    batch: { source: key, cursor: formatCursor(journal.next), events },
    extras: extras.length,
    next: journal.next,
  }
}

function journalFrom(
  spool: FakeSpool,
  position: Position,
  limit: number,
): { readonly events: readonly ExecutorEvent[]; readonly next: Position } {
  const { generation, journal } = spool
  if (position.generation !== generation || position.index > journal.length) {
    const living = [...spool.attempts.values()].filter(
      ({ released, phase }) => !released && phase !== 'revoked',
    )
    return {
      events: living.flatMap(({ id }) => historyOf(spool, id)),
      next: { generation, index: journal.length },
    }
  }
  const events = journal.slice(position.index, position.index + limit)
  return { events, next: { generation, index: position.index + events.length } }
}

function formatCursor({ generation, index }: Position): string {
  return `${generation}:${index}`
}

/** A cursor that is not one of ours counts as too old. */
function parseCursor(text: string | undefined): Position | null {
  if (text === undefined) return null
  const [, generation, index] = /^(\d+):(\d+)$/.exec(text) ?? []
  return { generation: Number(generation ?? -1), index: Number(index ?? 0) }
}
