import type { RevokeReply, StartReply } from '@tron/executor'
import { messageOf } from '@tron/model'
import { type AttemptRow, endUnstarted } from './attempt-row.ts'
import type { Coverage } from './coverage.ts'
import type { SchedulerLife } from './scheduler-life.ts'
import { isUnrecorded } from './spool-folder.ts'

type Refused = Extract<StartReply, { result: 'refused' }>

const REFUSALS: Readonly<Record<string, Coverage>> = {
  UNREACHABLE: 'start refused: UNREACHABLE',
  FENCED: 'start refused: FENCED',
  FULL: 'start refused: FULL',
  REVOKED: 'start refused: REVOKED',
}

/** Asks for starts, as often as it takes, always under the same ids. */
export async function askStart(
  life: SchedulerLife,
  rows: readonly AttemptRow[],
  signal: AbortSignal,
): Promise<void> {
  const { book } = life.options.world
  const before = new Map(rows.map((row) => [row.id, row.maybeSent]))
  for (const row of rows) row.maybeSent = true
  book.tell(`asks to start ${rows.map(({ id }) => id.slice(0, 6)).join(' ')}`)
  let replies: readonly StartReply[]
  try {
    replies = await life.executor.start(
      rows.map(({ request }) => request),
      { signal },
    )
  } catch (error) {
    book.cover('start not confirmed')
    book.tell(`a start is not confirmed: ${messageOf(error)}`)
    return
  }
  for (const reply of replies) {
    const row = rows.find(({ id }) => id === reply.id)
    if (row === undefined) book.broken('known', `a start is answered for ${reply.id}, which was not in it`)
    else if (life.isCurrent()) takeStart(life, row, { reply, wasSent: before.get(row.id) === true })
  }
}

interface TakenStart {
  readonly reply: StartReply
  readonly wasSent: boolean
}

function takeStart(life: SchedulerLife, row: AttemptRow, { reply, wasSent }: TakenStart): void {
  const { book } = life.options.world
  const launches = life.nodeOf(row).folders.get(row.id)?.truth.launches ?? 0
  book.tell(
    `start of ${row.id.slice(0, 6)}: ${reply.result}${reply.result === 'refused' ? ` ${reply.code}` : ''}`,
  )
  switch (reply.result) {
    case 'accepted':
      book.cover('start accepted')
      if (launches === 0 && !mayLackLaunch(life, row))
        book.broken('started', `${row.id} is accepted, and was not launched`)
      break
    case 'exists':
      book.cover('start exists')
      if (row.phase === 'starting') life.adopt([row])
      break
    case 'refused':
      takeRefusal(life, row, { reply, wasSent, launches })
      break
  }
}

/** Whether it may be accepted though its node shows no launch: what was put back may be from before that. */
function mayLackLaunch(life: SchedulerLife, row: AttemptRow): boolean {
  const { folders, removed } = life.nodeOf(row)
  const folder = folders.get(row.id)
  return row.isHostile || removed.has(row.id) || (folder !== undefined && isUnrecorded(folder))
}

function takeRefusal(
  life: SchedulerLife,
  row: AttemptRow,
  taken: { readonly reply: Refused; readonly wasSent: boolean; readonly launches: number },
): void {
  const { book } = life.options.world
  const { reply, wasSent, launches } = taken
  const covered = REFUSALS[reply.code]
  if (covered !== undefined) book.cover(covered)
  if (row.isHostile && reply.code !== 'UNREACHABLE') return
  if (!reply.retry) {
    if (launches > 0)
      book.broken('refused', `${row.id} is refused for good (${reply.code}), and it was launched`)
    if (row.phase === 'starting') endUnstarted(row, { rule: 'refused', why: reply.code })
  } else if (reply.code === 'UNREACHABLE' && !wasSent) {
    if (launches > 0) book.broken('unreachable', `${row.id} never left, they say, and it was launched`)
    row.maybeSent = false
    // Half of them are given up for good, so that one that comes after all is noticed.
    if (life.dice.happens(0.5)) endUnstarted(row, { rule: 'unreachable', why: 'it never left' })
  }
}

export async function askRevoke(
  life: SchedulerLife,
  rows: readonly AttemptRow[],
  signal: AbortSignal,
): Promise<void> {
  const { book } = life.options.world
  book.tell(`asks to revoke ${rows.map(({ id }) => id.slice(0, 6)).join(' ')}`)
  let replies: readonly RevokeReply[]
  try {
    replies = await life.executor.revoke(
      rows.map((row) => life.ref(row)),
      { signal },
    )
  } catch (error) {
    if (!signal.aborted)
      book.broken('answers', `a revoke of ${rows.length} gives no answers: ${messageOf(error)}`)
    return
  }
  for (const { id, result } of replies) {
    const row = rows.find((each) => each.id === id)
    if (row !== undefined && life.isCurrent()) takeRevoke(life, row, result)
  }
}

function takeRevoke(life: SchedulerLife, row: AttemptRow, result: RevokeReply['result']): void {
  const { book } = life.options.world
  const folder = life.nodeOf(row).folders.get(row.id)
  book.tell(`revoke of ${row.id.slice(0, 6)}: ${result}`)
  if (result === 'revoked') {
    book.cover('revoke won')
    if ((folder?.truth.launches ?? 0) > 0 && !row.isHostile) {
      book.broken('revoked', `${row.id} is answered revoked, and it was launched`)
    }
    if (row.phase === 'starting') endUnstarted(row, { rule: 'revoked', why: 'it was revoked' })
  } else if (result === 'started') {
    book.cover('revoke lost')
    row.revokeWanted = false
    row.stopWanted ??= 'TERM'
  } else {
    book.cover('revoke unreachable')
    // Some want it to run after all: it may have been revoked all the same.
    if (life.dice.happens(0.3)) row.revokeWanted = false
  }
}

/** Gives back what is safe. What a node says to have released must be empty. */
export async function askRelease(life: SchedulerLife, rows: readonly AttemptRow[]): Promise<void> {
  const { book } = life.options.world
  const released = await life.executor.release(rows.map((row) => life.ref(row)))
  for (const id of released) {
    const row = rows.find((each) => each.id === id)
    if (row === undefined || !life.isCurrent()) continue
    const { folders, removed } = life.nodeOf(row)
    // A supervisor that comes too late makes empty files, and nothing more. A copy from before the release holds what it held.
    const files = removed.has(id) ? null : folders.get(id)?.files
    const left = (files?.stdout.length ?? 0) + (files?.stderr.length ?? 0)
    if (left > 0 && !row.isHostile)
      book.broken('release', `${id} is told released, and ${left} bytes are there`)
    row.released = true
    book.cover('released')
  }
}
