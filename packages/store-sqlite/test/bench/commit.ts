/**
 * How many commits and rows a second the store takes, as ratios against bare inserts with the same driver on the same disk, and what its threads hold in
 * memory. Run it with `node test/bench/commit.ts` after a build: run from source, the threads would also hold the compiler.
 */
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { jobId, runId } from '@tron/model'
import type { Change, Lease, RunRow, Store } from '@tron/store'
import { store as sqlite } from '@tron/store-sqlite'
import { host } from '../host.ts'

const RUN_MS = 2000
const SIZES = [1, 10, 100, 1000]
const signal = new AbortController().signal
const scratch = mkdtempSync(join(tmpdir(), 'tron-bench-'))

interface Rate {
  readonly commits: number
  readonly rows: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the calling thread, for each commit. */
  readonly cpuMs: number
}

let number = 0

const JOB = jobId('ns.nightly')

function runRow(at: number): RunRow {
  return {
    id: runId(JOB, at),
    job: JOB,
    number: at,
    phase: 'ended',
    state: 'succeeded',
    slotMs: 1_793_491_200_000,
    runMs: 1_793_491_200_000,
    zone: 'Europe/Berlin',
    nodeSlot: 0,
    request: null,
    actor: 'schedule',
    manual: false,
    node: 'web1.example.com',
    specHash: '8f14e45fceea167a5a36dedd4bea2543',
    held: null,
    cancelling: false,
    dueMs: null,
    createdMs: 1_793_491_200_003,
    startedMs: 1_793_491_200_005,
    endedMs: 1_793_491_260_005,
    note: null,
    live: false,
  }
}

try {
  await main()
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

async function main(): Promise<void> {
  print(`rss before anything: ${rss()}`)
  const store = await sqlite.open({ directory: join(scratch, 'state') }, host)
  const lease = await store.acquire({ host: 'bench', pid: process.pid }, { ttlMs: 1000, signal })
  print(`rss with the writer idle: ${rss()}`)
  await store.query({ name: 'audit', params: {}, limit: 1 }, { signal })
  print(`rss with writer and reader idle: ${rss()}`)
  print(
    'changes   store commits/s      rows/s  p50 ms  p99 ms caller ms | bare rows/s  p50 ms | ratio of rows | 8 in flight rows/s',
  )
  let seq = lease.seq
  for (const size of SIZES) {
    const bare = measureBare(size)
    const ours = await measure(size, (changes) => commit(store, lease, { seq: (seq += 1), changes }))
    const flight = await measureInFlight(size, (changes) =>
      commit(store, lease, { seq: (seq += 1), changes }),
    )
    print(
      [
        String(size).padStart(7),
        String(ours.commits).padStart(17),
        String(ours.rows).padStart(11),
        ours.p50Ms.toFixed(2).padStart(7),
        ours.p99Ms.toFixed(2).padStart(7),
        ours.cpuMs.toFixed(3).padStart(9),
        '|',
        String(bare.rows).padStart(11),
        bare.p50Ms.toFixed(2).padStart(7),
        '|',
        (ours.rows / bare.rows).toFixed(2).padStart(13),
        '|',
        String(flight).padStart(12),
      ].join(' '),
    )
  }
  print(`rss after: ${rss()}`)
  await measureQueries(store)
  await store[Symbol.asyncDispose]()
}

function changesOf(size: number): readonly Change[] {
  return Array.from({ length: size }, (): Change => {
    number += 1
    return { put: { table: 'runs', row: runRow(number) } }
  })
}

async function commit(
  store: Store,
  lease: Lease,
  { seq, changes }: { readonly seq: number; readonly changes: readonly Change[] },
): Promise<void> {
  const result = await store.commit(lease, { seq, atMs: seq, changes, cursors: {} })
  if (!result.ok) throw result.error
}

async function measure(size: number, run: (changes: readonly Change[]) => Promise<void>): Promise<Rate> {
  const times: number[] = []
  const endMs = performance.now() + RUN_MS
  const cpu = process.threadCpuUsage()
  while (performance.now() < endMs) {
    const changes = changesOf(size)
    const startMs = performance.now()
    await run(changes)
    times.push(performance.now() - startMs)
  }
  const { user, system } = process.threadCpuUsage(cpu)
  return rate(times, size, (user + system) / 1000)
}

/** As an engine that does not wait for one commit before it sends the next would. */
async function measureInFlight(
  size: number,
  run: (changes: readonly Change[]) => Promise<void>,
): Promise<number> {
  const endMs = performance.now() + RUN_MS
  let rows = 0
  while (performance.now() < endMs) {
    await Promise.all(Array.from({ length: 8 }, () => run(changesOf(size))))
    rows += 8 * size
  }
  return Math.round((rows / RUN_MS) * 1000)
}

/** The least that the driver could do: one table, one statement, the same columns and indexes, durable commits on the calling thread. */
function measureBare(size: number): Rate {
  const file = join(scratch, `bare-${size}.sqlite`)
  const database = new DatabaseSync(file)
  const columns = Object.keys(runRow(0))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
  database.exec(
    `CREATE TABLE runs (${columns.map((name) => (name === 'id' ? 'id TEXT PRIMARY KEY' : name)).join()})`,
  )
  database.exec('CREATE INDEX a ON runs (job, number); CREATE INDEX b ON runs (job, state, number)')
  const insert = database.prepare(`INSERT INTO runs VALUES (${columns.map(() => '?').join()})`)
  const times: number[] = []
  const endMs = performance.now() + RUN_MS
  while (performance.now() < endMs) {
    const changes = changesOf(size)
    const startMs = performance.now()
    database.exec('BEGIN IMMEDIATE')
    for (const { put } of changes) {
      const values: readonly unknown[] = Object.values(put?.row ?? {})
      insert.run(
        ...values.map((value) =>
          typeof value === 'string' || typeof value === 'number' ? value : Number(value),
        ),
      )
    }
    database.exec('COMMIT')
    times.push(performance.now() - startMs)
  }
  database.close()
  return rate(times, size, 0)
}

function rate(times: readonly number[], size: number, cpuMs: number): Rate {
  const sorted = times.toSorted((a, b) => a - b)
  const wholeMs = times.reduce((sum, ms) => sum + ms, 0)
  return {
    commits: Math.round((times.length / wholeMs) * 1000),
    rows: Math.round(((times.length * size) / wholeMs) * 1000),
    p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0,
    p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
    cpuMs: cpuMs / times.length,
  }
}

async function measureQueries(store: Store): Promise<void> {
  for (const limit of [50, 1000, 10_000]) {
    const times: number[] = []
    const cpu = process.threadCpuUsage()
    for (let round = 0; round < 20; round += 1) {
      const startMs = performance.now()
      await store.query(
        { name: 'runsOfJob', params: { job: 'ns.nightly', before: number - round }, limit },
        { signal },
      )
      times.push(performance.now() - startMs)
    }
    const { user, system } = process.threadCpuUsage(cpu)
    const { p50Ms, p99Ms, cpuMs } = rate(times, limit, (user + system) / 1000)
    print(
      `query of ${limit} rows: p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms, of it on the calling thread ${cpuMs.toFixed(2)} ms`,
    )
  }
}

function rss(): string {
  const smaps = readFileSync('/proc/self/smaps_rollup', 'utf8')
  const [, kb = '0'] = /^Rss:\s+(\d+)/m.exec(smaps) ?? []
  return `${Math.round(Number(kb) / 1024)} MB`
}

function print(line: string): void {
  writeSync(1, `${line}\n`)
}
