import type { CallOptions } from '@tron/executor'
import { type Clock, type Logger, messageOf, TronError } from '@tron/model'

/** How long each call may take before its result counts as unknown. Executors have deadlines of their own; these catch those that have none. */
const DEADLINE_MS = {
  setTargets: 30_000,
  start: 120_000,
  adopt: 60_000,
  revoke: 60_000,
  stop: 60_000,
  release: 60_000,
  inspect: 45_000,
  dispose: 1_500,
} as const

/**
 * How long a stream may give nothing while its next part is waited for: each part of a large output has that time anew, and a connection may have to be
 * made for the first. Events are silent until something happens.
 */
const SILENCE_MS = { events: null, read: 300_000, inventory: 60_000 } as const

/** How long a stream may take to end when it is told to. Nothing is lost by going without: what it gives then was not taken, and is asked for again. */
const END_MS = 1_000

export type CallName = keyof typeof DEADLINE_MS
export type StreamName = keyof typeof SILENCE_MS

/** Whose calls have deadlines. */
export interface Dated {
  readonly name: string
  readonly clock: Clock
  readonly log: Logger
}

/** Makes a call. @throws EXECUTOR_FAILED when it takes too long: its signal is aborted, and what it answers later is not heard */
export async function withDeadline<T>(
  { name, clock }: Dated,
  what: CallName,
  call: (options: CallOptions) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController()
  const cancel = clock.timer(DEADLINE_MS[what], () => {
    deadline.abort(tooLate(name, `${what} did not answer`, DEADLINE_MS[what]))
  })
  try {
    return await Promise.race([call({ signal: deadline.signal }), aborted(deadline.signal)])
  } finally {
    cancel()
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(signal.reason)
    })
  })
}

function tooLate(name: string, what: string, ms: number): TronError {
  return new TronError('EXECUTOR_FAILED', `${name}: ${what} in ${ms / 1000} s`)
}

/** Why a stream is told to end. One for all: Node makes an error with its stack for each signal that is given no reason. */
const LEFT = new Error('nobody reads on')

interface Stream<T> {
  readonly what: StreamName
  readonly open: (options: CallOptions) => AsyncIterable<T>
  /** Tells it to end. */
  readonly signal?: AbortSignal
}

/** The parts of a stream. @throws EXECUTOR_FAILED when it is silent for too long while it is waited for, or goes on although it was told to end */
export async function* withoutSilence<T>(dated: Dated, { what, open, signal }: Stream<T>): AsyncGenerator<T> {
  // Not one signal of both: Node keeps such a one, and with it all that its listeners know, until it is aborted, also where the stream was abandoned.
  const ending = new AbortController()
  const end = () => {
    ending.abort(signal?.reason)
  }
  if (signal?.aborted === true) end()
  signal?.addEventListener('abort', end)
  const over = ending.signal
  const parts = open({ signal: over })[Symbol.asyncIterator]()
  let state: 'asked' | 'at rest' | 'over' = 'at rest'
  try {
    for (;;) {
      state = 'asked'
      const next = await nextPart(dated, { what, parts, over })
      state = next.done === true ? 'over' : 'at rest'
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal?.removeEventListener('abort', end)
    if (state !== 'over') {
      ending.abort(LEFT)
      const ended = endOf(dated, what, parts)
      // One that owes a part ends behind it, if ever.
      if (state === 'at rest') await ended
    }
  }
}

async function nextPart<T>(
  { name, clock }: Dated,
  from: { readonly what: StreamName; readonly parts: AsyncIterator<T>; readonly over: AbortSignal },
): Promise<IteratorResult<T>> {
  const { what, parts, over } = from
  const late = Promise.withResolvers<never>()
  const cancels: (() => void)[] = []
  const within = (ms: number, how: string) => {
    cancels.push(clock.timer(ms, () => late.reject(tooLate(name, `${what} ${how}`, ms))))
  }
  const hurry = () => within(END_MS, 'did not end')
  const silenceMs = SILENCE_MS[what]
  if (silenceMs !== null) within(silenceMs, 'gave nothing')
  if (over.aborted) hurry()
  over.addEventListener('abort', hurry)
  try {
    return await Promise.race([parts.next(), late.promise])
  } finally {
    over.removeEventListener('abort', hurry)
    for (const cancel of cancels) cancel()
  }
}

/** Never rejects: whoever leaves a stream has what it wanted of it, or an error that says more. */
async function endOf<T>(
  { name, clock, log }: Dated,
  what: StreamName,
  parts: AsyncIterator<T>,
): Promise<void> {
  const late = Promise.withResolvers<never>()
  const cancel = clock.timer(END_MS, () => late.reject(tooLate(name, `${what} did not end`, END_MS)))
  try {
    await Promise.race([parts.return?.(), late.promise])
  } catch (error) {
    log.warn('a stream of an executor did not end well', { executor: name, error: messageOf(error) })
  } finally {
    cancel()
  }
}
