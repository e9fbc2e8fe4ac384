import {
  createLiveTables,
  createSpecs,
  type DecideContext,
  decide,
  type Input,
  type LiveTables,
  type View,
} from '@tron/core/internal/replay'
import { type ConfigSnapshot, type JobId, jobId, runId } from '@tron/model'
import type { Change, Rows, TableName } from '@tron/store'
import { job, MINUTE, START_MS, snapshotOf } from './stage.ts'

/** Takes recorded inputs in one after the other, with no store, no executor and no clock. */
export interface Replay {
  readonly tables: LiveTables
  take(input: Input, nowMs: number): readonly Change[]
  rows<N extends TableName>(table: N): readonly Rows[N][]
}

export function createReplay(snapshot: ConfigSnapshot, installation: string): Replay {
  const tables = createLiveTables()
  const context = contextOf(snapshot, installation)
  return {
    tables,
    take(input, nowMs) {
      const { changes } = decide(tables.view, input, context(nowMs))
      tables.apply(changes)
      return changes
    },
    rows: (table) => tables.view[table].all(),
  }
}

function contextOf(snapshot: ConfigSnapshot, installation: string): (nowMs: number) => DecideContext {
  const specs = createSpecs()
  specs.addAll(snapshot)
  return (nowMs) => ({
    nowMs,
    installation,
    snapshot,
    spec: (hash) => specs.spec(hash),
    schedule: (spec) => specs.schedule(spec),
  })
}

const crowd = jobId('MASTER.crowd')
const other = jobId('MASTER.other')
const snapshot = snapshotOf(job('crowd', { allowOverlap: true }), job('other'))

/** That many runs of one job, all running, beside another job. */
export function liveRuns(count: number): Replay {
  const replay = createReplay(snapshot, 'installation')
  replay.take({ kind: 'configure', snapshot, actor: 'test' }, START_MS)
  for (let number = 1; number <= count; number += 1) {
    replay.take(startOf(crowd, `request-${number}`), START_MS)
  }
  const attempts = replay.rows('attempts')
  const events = attempts.map(({ id }) => ({
    event: { kind: 'started', id, atMs: START_MS } as const,
    complete: false,
  }))
  replay.take({ kind: 'events', source: 's', cursor: '1', events }, START_MS)
  return replay
}

/** How many rows of the live tables one decision reads. */
export function countReads(replay: Replay, what: 'exit' | 'start by hand' | 'tick'): number {
  return readsOf(replay, inputOf(replay, what), snapshot)
}

/** How many rows of the live tables one tick reads at which that many jobs are due. */
export function countReadsOfTick(jobs: number): number {
  const wide = snapshotOf(...Array.from({ length: jobs }, (_, at) => job(`job${at}`)))
  const replay = createReplay(wide, 'installation')
  replay.take({ kind: 'configure', snapshot: wide, actor: 'test' }, START_MS)
  const due = replay.rows('runs').map(({ id }) => id)
  return readsOf(replay, { kind: 'tick', due }, wide)
}

function readsOf(replay: Replay, input: Input, of: ConfigSnapshot): number {
  let reads = 0
  const counted = countingView(replay.tables.view, (rows) => {
    reads += rows
  })
  decide(counted, input, contextOf(of, 'installation')(START_MS + MINUTE))
  return reads
}

function inputOf(replay: Replay, what: 'exit' | 'start by hand' | 'tick'): Input {
  if (what === 'start by hand') return startOf(crowd, 'one more')
  if (what === 'tick') return { kind: 'tick', due: [runId(other, 0)] }
  const id = replay.rows('attempts').at(-1)?.id
  if (id === undefined) throw new Error('nothing runs')
  const exit = {
    kind: 'exit',
    id,
    atMs: START_MS,
    outcome: { type: 'exited', code: 0 },
    sizes: { stdout: 0, stderr: 0 },
  } as const
  return { kind: 'events', source: 's', cursor: '2', events: [{ event: exit, complete: false }] }
}

function startOf(id: JobId, requestId: string): Input {
  const subject = { kind: 'job', job: id, verb: 'start' } as const
  return { kind: 'command', command: { requestId, actor: 'ann', source: 'test', subject }, history: [] }
}

/** A view that reports how many rows each read gives. */
function countingView(view: View, read: (rows: number) => void): View {
  const counting = <N extends TableName>(name: N): View[N] => ({
    ...view[name],
    get: (key) => {
      read(1)
      return view[name].get(key)
    },
    by: (index, key) => {
      const rows = view[name].by(index, key)
      read(rows.length)
      return rows
    },
    all: () => {
      const rows = view[name].all()
      read(rows.length)
      return rows
    },
  })
  return {
    meta: counting('meta'),
    cursors: counting('cursors'),
    specs: counting('specs'),
    jobs: counting('jobs'),
    runs: counting('runs'),
    actions: counting('actions'),
    attempts: counting('attempts'),
    slots: counting('slots'),
    audit: counting('audit'),
    trash: counting('trash'),
  }
}
