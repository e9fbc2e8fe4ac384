import { TronError } from '@tron/model'
import type { Change, Rows } from '@tron/store'
import type { View } from '../tables/tables.ts'
import type { EngineChange } from '../tron.ts'

/** A reader that falls this far behind loses its place and is ended. */
const BUFFER = 10_000

/** The committed changes of state, given to whoever listens. Nothing in deciding depends on it. */
export interface ChangeFeed {
  /** Compares a batch with the records as they are before it is applied. */
  publish(
    batch: { readonly seq: number; readonly atMs: number; readonly changes: readonly Change[] },
    before: View,
  ): void
  /** @throws NOT_FOUND to a reader that fell too far behind, after what it can still have without a gap */
  subscribe(options: { readonly signal: AbortSignal }): AsyncIterable<EngineChange>
}

interface Reader {
  readonly buffer: EngineChange[]
  isLost: boolean
  wake: (() => void) | null
}

export function createChangeFeed(): ChangeFeed {
  const readers = new Set<Reader>()

  /** It gets no more: what it would read on with has a gap before it. */
  const lose = (reader: Reader) => {
    reader.isLost = true
    readers.delete(reader)
  }

  async function* subscribe({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<EngineChange> {
    const reader: Reader = { buffer: [], isLost: false, wake: null }
    const end = () => reader.wake?.()
    readers.add(reader)
    signal.addEventListener('abort', end)
    try {
      while (!signal.aborted) {
        yield* reader.buffer.splice(0)
        if (signal.aborted || reader.buffer.length > 0) continue
        if (reader.isLost) throw behindError()
        await new Promise<void>((resolve) => {
          reader.wake = resolve
        })
        reader.wake = null
      }
    } finally {
      readers.delete(reader)
      signal.removeEventListener('abort', end)
    }
  }

  return {
    subscribe,
    publish({ seq, atMs, changes }, before) {
      if (readers.size === 0) return
      const made = stateChanges(changes, before).map(({ kind, id, from, to }) => ({
        seq,
        atMs,
        kind,
        id,
        from,
        to,
      }))
      for (const reader of readers) {
        if (reader.buffer.length < BUFFER) for (const change of made) reader.buffer.push(change)
        else lose(reader)
        reader.wake?.()
      }
    },
  }
}

function behindError(): TronError {
  return new TronError(
    'NOT_FOUND',
    `more than ${BUFFER} changes wait to be read; the later ones were not kept`,
    {
      hint: 'Read the records again and follow the changes from there.',
    },
  )
}

type StateChange = Pick<EngineChange, 'kind' | 'id' | 'from' | 'to'>

function stateChanges(changes: readonly Change[], before: View): readonly StateChange[] {
  const found: StateChange[] = []
  for (const { put } of changes) {
    if (put === undefined) continue
    const change = stateChange(put, before)
    if (change !== null && change.from !== change.to) found.push(change)
  }
  return found
}

function stateChange(put: NonNullable<Change['put']>, before: View): StateChange | null {
  if (put.table === 'runs') {
    return {
      kind: 'run',
      id: put.row.id,
      from: before.runs.get(put.row.id)?.state ?? null,
      to: put.row.state,
    }
  }
  if (put.table === 'actions') {
    return {
      kind: 'action',
      id: put.row.id,
      from: before.actions.get(put.row.id)?.state ?? null,
      to: put.row.state,
    }
  }
  if (put.table !== 'jobs') return null
  const old = before.jobs.get(put.row.id)
  return { kind: 'job', id: put.row.id, from: old === undefined ? null : flag(old), to: flag(put.row) }
}

function flag(job: Rows['jobs']): string {
  return job.removed ? 'removed' : job.enabled ? 'enabled' : 'disabled'
}
