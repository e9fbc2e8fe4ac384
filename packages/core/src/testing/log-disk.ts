import type { LogKey, LogRun, LogStore } from '@tron/logs'
import { TronError } from '@tron/model'
import type { Life } from './life.ts'

interface Log {
  bytes: Uint8Array
  /** So much of it survives a loss of power. */
  synced: number
}

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
  const logs = new Map<string, Log>()
  return {
    peek: (key) => logs.get(nameOf(key)) ?? EMPTY,
    runs: () => new Set([...logs.keys()].map((name) => name.split('.').slice(0, 3).join('.'))),
    losePower() {
      for (const log of logs.values()) log.bytes = log.bytes.slice(0, log.synced)
    },
    open: (life) => ({
      length: (key) =>
        life.pass('asking for the length of a log', async () => logs.get(nameOf(key))?.bytes.length ?? 0),
      append: (key, offset, bytes) =>
        life.pass('writing to a log', async () => append(logs, { name: nameOf(key), offset, bytes })),
      sync: (keys) =>
        life.pass('syncing logs', async () => {
          for (const key of keys) {
            const log = logs.get(nameOf(key))
            if (log !== undefined) log.synced = log.bytes.length
          }
        }),
      read: (key, from, to) =>
        life.pass('reading a log', async () => (logs.get(nameOf(key)) ?? EMPTY).bytes.slice(from, to)),
      remove: (run) =>
        life.pass('removing logs', async () => {
          for (const name of logs.keys()) if (name.startsWith(prefixOf(run))) logs.delete(name)
        }),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }),
  }
}

function append(
  logs: Map<string, Log>,
  part: { readonly name: string; readonly offset: number; readonly bytes: Uint8Array },
): number {
  const log = logs.get(part.name) ?? { bytes: new Uint8Array(), synced: 0 }
  if (part.offset > log.bytes.length) {
    throw new TronError('OUTPUT_UNAVAILABLE', `the log ${part.name} ends before ${part.offset}`)
  }
  const fresh = part.bytes.subarray(log.bytes.length - part.offset)
  log.bytes = Buffer.concat([log.bytes, fresh])
  logs.set(part.name, log)
  return log.bytes.length
}

function prefixOf({ namespace, job, run }: LogRun): string {
  return `${namespace}.${job}.${run}.`
}

function nameOf(key: LogKey): string {
  return `${prefixOf(key)}${key.action}.${key.ordinal}.${key.stream}`
}
