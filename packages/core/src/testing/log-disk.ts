import type { LogKey, LogRun, LogStore } from '@tron/logs'
import { TronError } from '@tron/model'
import type { Life } from './life.ts'

interface Log {
  bytes: Uint8Array
  /** So much of it survives a loss of power. */
  synced: number
}

/** The logs of each run. */
type Runs = Map<string, Map<string, Log>>

/** The disk that logs are kept on. It outlives the schedulers that write there. */
export interface LogDisk {
  /** The log store of one scheduler. */
  open(life: Life): LogStore
  peek(key: LogKey): { readonly bytes: Uint8Array; readonly synced: number }
  /** The runs that there is output of: `namespace.job.number`. */
  runs(): ReadonlySet<string>
  /** The power fails: what was not synced is gone. */
  losePower(): void
}

const EMPTY: Log = { bytes: new Uint8Array(), synced: 0 }

export function createLogDisk(): LogDisk {
  const runs: Runs = new Map()
  const find = (key: LogKey): Log => runs.get(runOf(key))?.get(partOf(key)) ?? EMPTY
  return {
    peek: find,
    runs: () => new Set(runs.keys()),
    losePower() {
      for (const logs of runs.values()) {
        for (const log of logs.values()) log.bytes = log.bytes.slice(0, log.synced)
      }
    },
    open: (life) => ({
      length: (key) => life.pass('asking for the length of a log', async () => find(key).bytes.length),
      append: (key, offset, bytes) =>
        life.pass('writing to a log', async () => append(runs, key, { offset, bytes })),
      sync: (keys) =>
        life.pass('syncing logs', async () => {
          for (const key of keys) {
            const log = runs.get(runOf(key))?.get(partOf(key))
            if (log !== undefined) log.synced = log.bytes.length
          }
        }),
      read: (key, from, to) => life.pass('reading a log', async () => find(key).bytes.slice(from, to)),
      remove: (run) =>
        life.pass('removing logs', async () => {
          runs.delete(runOf(run))
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  }
}

function append(
  runs: Runs,
  key: LogKey,
  part: { readonly offset: number; readonly bytes: Uint8Array },
): number {
  const logs = runs.get(runOf(key)) ?? new Map<string, Log>()
  const log = logs.get(partOf(key)) ?? { bytes: new Uint8Array(), synced: 0 }
  if (part.offset > log.bytes.length) {
    const name = `${runOf(key)}.${partOf(key)}`
    throw new TronError('OUTPUT_UNAVAILABLE', `the log ${name} ends before ${part.offset}`)
  }
  const fresh = part.bytes.subarray(log.bytes.length - part.offset)
  log.bytes = Buffer.concat([log.bytes, fresh])
  logs.set(partOf(key), log)
  runs.set(runOf(key), logs)
  return log.bytes.length
}

function runOf({ namespace, job, run }: LogRun): string {
  return `${namespace}.${job}.${run}`
}

function partOf({ action, ordinal, stream }: LogKey): string {
  return `${action}.${ordinal}.${stream}`
}
