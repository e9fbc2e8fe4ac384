import type { Stream } from '@tron/executor'
import { isTronError, messageOf } from '@tron/model'
import { type AttemptRow, appendLog, hasAllOutput } from './attempt-row.ts'
import type { SchedulerLife } from './scheduler-life.ts'

/** What one control reply can carry; more comes in bulk. */
const SMALL = 64 * 1024
/** A read that does not end within this time, though its reader waits for it, never will. */
const READ_LIMIT_MS = 300_000

/** Reads on where the logs end, both streams, and holds what comes against what was written. */
export async function readOutputOf(life: SchedulerLife, row: AttemptRow): Promise<void> {
  for (const stream of ['stdout', 'stderr'] as const) {
    const isDone = row.output === 'closed' && row.logs[stream].length >= row.sizes[stream]
    if (!isDone) await readStream(life, row, stream)
  }
  // What was removed, or put back, may hold less for ever.
  const isAll = hasAllOutput(row) || life.nodeOf(row).removed.has(row.id)
  if (row.output === 'closed' && life.isCurrent() && isAll) row.output = 'complete'
}

async function readStream(life: SchedulerLife, row: AttemptRow, stream: Stream): Promise<void> {
  const { clock, book, hasFaults } = life.options.world
  const isImpatient = hasFaults() && life.dice.happens(0.1)
  const giveUp = new AbortController()
  const cancel = clock.timer(isImpatient ? life.dice.between(1, 500) : READ_LIMIT_MS, () => {
    if (!isImpatient) book.broken('reads', `a read of ${row.id} on ${row.request.target.node} does not end`)
    giveUp.abort(new Error('the reader gave up'))
  })
  const from = row.logs[stream].length
  const expected = life.nodeOf(row).folders.get(row.id)?.files?.[stream].length ?? 0
  if (row.phase === 'running') book.cover('output read while it grows')
  try {
    const end = await takeBytes(life, { row, stream, from, signal: giveUp.signal })
    book.cover(end - from > SMALL ? 'output read in bulk' : 'output read from control')
    if (end < expected && !row.isHostile && !life.nodeOf(row).removed.has(row.id)) {
      book.broken('output', `a read of ${row.id} ended at ${end} of ${expected} bytes`)
    }
  } catch (error) {
    checkFailure(life, row, { error, signal: giveUp.signal })
  } finally {
    cancel()
  }
}

interface Reading {
  readonly row: AttemptRow
  readonly stream: Stream
  readonly from: number
  readonly signal: AbortSignal
}

async function takeBytes(life: SchedulerLife, { row, stream, from, signal }: Reading): Promise<number> {
  const { clock, book, hasFaults } = life.options.world
  let offset = from
  const isSlow = hasFaults() && life.dice.happens(0.2)
  for await (const bytes of life.executor.read(life.ref(row), stream, from, { signal })) {
    const { folders, removed } = life.nodeOf(row)
    const folder = folders.get(row.id) ?? removed.get(row.id)
    const written = folder?.truth.written[stream] ?? Buffer.alloc(0)
    if (!row.isHostile && !written.subarray(offset, offset + bytes.length).equals(bytes)) {
      const wrong = `${bytes.length} bytes of ${stream} from ${offset} on`
      book.broken('output', `${row.id}: ${wrong} are not what was written, of ${written.length}`)
    }
    // What a hostile node sends of its own attempts is its own affair, but a log of it must stay small here.
    if (life.isCurrent() && offset < 1024 * 1024) appendLog(row, stream, { from: offset, bytes })
    offset += bytes.length
    if (isSlow) await clock.sleep(life.dice.between(1, 3_000), { signal })
  }
  return offset
}

function checkFailure(
  life: SchedulerLife,
  row: AttemptRow,
  { error, signal }: { readonly error: unknown; readonly signal: AbortSignal },
): void {
  const { book } = life.options.world
  book.mark(`a read failed: ${messageOf(error)}`)
  if (signal.aborted) return
  if (isTronError(error, 'UNREACHABLE')) {
    book.cover('read failed and was repeated')
    return
  }
  const { folders, removed } = life.nodeOf(row)
  const folder = folders.get(row.id)
  // A supervisor that comes too late makes empty files in a folder that was released.
  const isGone = folder?.files === null || (folder?.released ?? null) !== null || removed.has(row.id)
  if (!isTronError(error, 'OUTPUT_UNAVAILABLE') || !(isGone || row.isHostile)) {
    book.broken('reads', `a read of ${row.id} failed by: ${messageOf(error)}`)
  }
}
