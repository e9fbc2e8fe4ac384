import { randomBytes } from 'node:crypto'
import type { Clock, Logger, Random } from '@tron/model'
import type { StoreHost } from '@tron/store'

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: () => Promise.reject(new Error('not needed here')),
  timer(ms, call) {
    const timer = setTimeout(call, ms)
    return () => clearTimeout(timer)
  },
}

const random: Random = { next: () => Math.random(), bytes: (length) => randomBytes(length) }

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
}

/** The real clock and chance, and no log. */
export const host: StoreHost = { log: silent, clock, random }
