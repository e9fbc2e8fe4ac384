import { TronError } from '@tron/model'
import type { LogKey, LogRun, LogStore } from '../contract.ts'

const MAX_READ = 1024 * 1024

/** Output in memory: the reference of the contract, for tests and demonstrations. It forgets everything with the process. */
export function createMemoryLogs(): LogStore {
  const logs = new Map<string, Uint8Array>()
  const bytesOf = (key: LogKey): Uint8Array => logs.get(nameOf(key)) ?? new Uint8Array()
  return {
    length: async (key) => bytesOf(key).length,
    async append(key, offset, bytes) {
      const before = bytesOf(key)
      if (offset > before.length) {
        const gap = `the log of ${nameOf(key)} has ${before.length} bytes; ${offset} is beyond its end`
        throw new TronError('OUTPUT_UNAVAILABLE', gap)
      }
      const fresh = bytes.subarray(before.length - offset)
      const after = new Uint8Array(before.length + fresh.length)
      after.set(before)
      after.set(fresh, before.length)
      logs.set(nameOf(key), after)
      return after.length
    },
    sync: () => Promise.resolve(),
    read: async (key, from, to) => bytesOf(key).slice(from, Math.min(to, from + MAX_READ)),
    async remove(run) {
      for (const name of logs.keys()) if (name.startsWith(prefixOf(run))) logs.delete(name)
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function prefixOf({ namespace, job, run }: LogRun): string {
  return `${namespace}.${job}.${run}.`
}

function nameOf(key: LogKey): string {
  return `${prefixOf(key)}${key.action}.${key.ordinal}.${key.stream}`
}
