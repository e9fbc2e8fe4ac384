import type { AttemptRef, CallOptions, Executor, RevokeReply, StartReply, StartRequest } from '@tron/executor'
import { type Clock, TronError } from '@tron/model'

/** How long each call may take before its result counts as unknown. Executors have deadlines of their own; these catch those that have none. */
const DEADLINE_MS = {
  start: 120_000,
  adopt: 60_000,
  revoke: 60_000,
  stop: 60_000,
  release: 60_000,
  inspect: 45_000,
} as const

type Guarded = keyof typeof DEADLINE_MS

/** The executor calls that the engine makes, each with a deadline: robustness belongs to the host, not to every adapter. */
export interface GuardedExecutor {
  readonly name: string
  readonly executor: Executor
  start(requests: readonly StartRequest[]): Promise<readonly StartReply[]>
  adopt(refs: readonly AttemptRef[]): Promise<void>
  revoke(refs: readonly AttemptRef[]): Promise<readonly RevokeReply[]>
  stop: Executor['stop']
  release: Executor['release']
  inspect: Executor['inspect']
}

/** Wraps an executor. Errors that it throws at once become rejections like all others. */
export function guardExecutor(name: string, executor: Executor, clock: Clock): GuardedExecutor {
  const within = async <T>(what: Guarded, call: (options: CallOptions) => Promise<T>): Promise<T> => {
    const deadline = new AbortController()
    const seconds = DEADLINE_MS[what] / 1000
    const cancel = clock.timer(DEADLINE_MS[what], () => {
      deadline.abort(new TronError('EXECUTOR_FAILED', `${name}: ${what} did not answer in ${seconds} s`))
    })
    try {
      return await Promise.race([call({ signal: deadline.signal }), aborted(deadline.signal)])
    } finally {
      cancel()
    }
  }
  return {
    name,
    executor,
    start: (requests) => within('start', (options) => executor.start(requests, options)),
    adopt: (refs) => within('adopt', (options) => executor.adopt(refs, options)),
    revoke: (refs) => within('revoke', (options) => executor.revoke(refs, options)),
    stop: (ref, how) => within('stop', () => executor.stop(ref, how)),
    release: (refs) => within('release', () => executor.release(refs)),
    inspect: (target) => within('inspect', () => executor.inspect(target)),
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason)
    })
  })
}
