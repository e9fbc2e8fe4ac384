import type { LogStore } from '@tron/logs'
import { type AttemptId, type Clock, isActive } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import { logKey } from '../engine/attempt-refs.ts'
import type { OutputFetcher } from '../engine/output-fetcher.ts'
import type { ActionView, OutputView } from '../tron.ts'

/** At most this much of a stream is looked at for one answer. */
const LOOK_BYTES = 1024 * 1024
/** Stands at the front of a look that does not begin with the stream. */
const CUT = '[what comes before is left out] '
/** How long an answer waits for output that is on its way. */
const WAIT_MS = 2_000
const POLL_MS = 20

export interface OutputOptions {
  readonly logs: LogStore
  readonly fetcher: OutputFetcher
  readonly clock: Clock
  /** The attempt as it is now; undefined once it is history. */
  read(id: AttemptId): AttemptRow | undefined
}

/** The last lines of one stream of an action, its attempts one after the other. */
export async function readOutput(
  options: OutputOptions,
  action: ActionView,
  request: { readonly stream: 'stdout' | 'stderr'; readonly lines: number },
): Promise<OutputView> {
  const newest = action.attempts.at(-1)
  if (newest !== undefined) await waitFor(options, newest)
  const attempts = action.attempts.map((attempt) => options.read(attempt.id) ?? attempt)
  const { bytes, tail, whole } = await readTail(options.logs, attempts, request.stream)
  const lines = lastLines(tail, { limit: request.lines, whole })
  const reason =
    attempts.map((attempt) => reasonOf(attempt, request.stream)).find((text) => text !== null) ??
    overruled(action, attempts)
  const complete = reason === null && !isActive(action.row.state)
  return { lines, bytes, complete, reason }
}

/** Output of a running command is fetched as far as it is; that of one that ended is waited for until it is complete. */
async function waitFor(options: OutputOptions, attempt: AttemptRow): Promise<void> {
  const { clock, fetcher } = options
  const untilMs = clock.monotonicMs() + WAIT_MS
  const now = options.read(attempt.id)
  if (now === undefined || now.output === 'complete' || now.output === 'gone') return
  if (now.phase !== 'ended') {
    const enough = new AbortController()
    const late = clock.sleep(WAIT_MS, { signal: enough.signal }).catch(() => undefined)
    await Promise.race([fetcher.watch(attempt.id), late])
    // A reader that was answered at once must not leave a timer behind.
    enough.abort()
    return
  }
  for (;;) {
    const row = options.read(attempt.id)
    if (row === undefined || row.output === 'complete' || row.output === 'gone') return
    if (clock.monotonicMs() >= untilMs) return
    await clock.sleep(POLL_MS)
  }
}

function reasonOf(attempt: AttemptRow, stream: 'stdout' | 'stderr'): string | null {
  if (attempt.output === 'gone') return attempt.note ?? 'its output cannot be had any more'
  if (attempt.phase !== 'ended') return null
  if (attempt.output === 'complete') return attempt.lost > 0 ? attempt.note : null
  return `${attempt[stream]} bytes are on node ${attempt.target.node} and have yet to be fetched`
}

/** A verdict ends an action, and not its command. */
function overruled({ row }: ActionView, attempts: readonly AttemptRow[]): string | null {
  if (isActive(row.state)) return null
  const live = attempts.find(({ phase }) => phase !== 'ended')
  return live === undefined ? null : `its command on node ${live.target.node} is not known to have ended`
}

/** The end of what the attempts wrote, at most `LOOK_BYTES` of it, read from the newest attempt backwards. */
async function readTail(logs: LogStore, attempts: readonly AttemptRow[], stream: 'stdout' | 'stderr') {
  const parts: Uint8Array[] = []
  let bytes = 0
  let left = LOOK_BYTES
  for (const attempt of attempts.toReversed()) {
    const key = logKey(attempt, stream)
    const length = await logs.length(key)
    bytes += length
    const from = Math.max(0, length - left)
    if (length > 0 && left > 0) parts.unshift(await logs.read(key, from, length))
    left = Math.max(0, left - length)
  }
  return { bytes, tail: Buffer.concat(parts), whole: bytes <= LOOK_BYTES }
}

/** Bytes that are no UTF-8 become the replacement character; the line at the front of a look that was cut says so. */
function lastLines(
  tail: Uint8Array,
  options: { readonly limit: number; readonly whole: boolean },
): readonly string[] {
  if (tail.length === 0) return []
  const text = new TextDecoder().decode(tail)
  const lines = `${options.whole ? '' : CUT}${text}`.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return options.limit > 0 ? lines.slice(-options.limit) : lines
}
