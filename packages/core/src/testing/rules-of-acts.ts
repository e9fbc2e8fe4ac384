import type { AttemptRef, StartRequest } from '@tron/executor'
import type { AttemptId } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import { logKey } from '../engine/attempt-refs.ts'
import type { Books } from './books.ts'
import type { LogDisk } from './log-disk.ts'
import type { Nodes } from './nodes.ts'
import type { Verdict } from './verdict.ts'

/** What can be asked of a node about an attempt. */
export type Ask = 'start' | 'revoke' | 'stop' | 'adopt' | 'release'

export interface ActRules {
  /** What was asked, in the life of this process. */
  readonly wasAsked: (id: AttemptId, ...any: readonly Ask[]) => boolean
  adopting(refs: readonly AttemptRef[]): void
  starting(requests: readonly StartRequest[]): void
  revoking(refs: readonly AttemptRef[]): void
  stopping(ref: AttemptRef): void
  releasing(refs: readonly AttemptRef[]): void
}

interface Judging {
  readonly books: Books
  readonly logs: LogDisk
  readonly nodes: Nodes
  readonly verdict: Verdict
  /** What each run number was used for, by all who ever started something. */
  readonly numbers: Map<string, string>
}

/** Rules on what a scheduler asks of nodes: nothing before the wish for it is committed, nothing that loses what is not safe. */
export function createActRules(judging: Judging): ActRules {
  const { books, verdict, numbers } = judging
  const row = (id: AttemptId) => books.records.tables.attempts.get(id)
  const asked = new Set<string>()
  const note = (id: AttemptId, ask: Ask) => asked.add(`${ask} ${id}`)
  return {
    wasAsked: (id, ...any) => any.some((ask) => asked.has(`${ask} ${id}`)),
    adopting(refs) {
      for (const { id } of refs) note(id, 'adopt')
    },
    starting(requests) {
      for (const { id, startKey, runNumber } of requests) {
        note(id, 'start')
        const attempt = row(id)
        if (attempt === undefined) {
          verdict.fail('committed-first', `the start of ${startKey} was asked for before it was committed`, [
            id,
          ])
          continue
        }
        const number = `${attempt.job}.${runNumber}`
        const cause = startKey.split('/')[1] ?? ''
        const used = numbers.get(number)
        if (used !== undefined && used !== cause) {
          const text = `run number ${runNumber} of ${attempt.job} was used for ${used}, and now for ${cause}`
          verdict.fail('numbers-once', text, [attempt.job])
        }
        numbers.set(number, cause)
      }
    },
    revoking(refs) {
      for (const { id } of refs) {
        note(id, 'revoke')
        if (row(id)?.revokeWanted === true || row(id)?.phase !== 'starting') continue
        verdict.fail('committed-first', `the revoke of ${id} was asked for before it was committed`, [id])
      }
    },
    stopping({ id }) {
      note(id, 'stop')
      const attempt = row(id)
      if (attempt !== undefined && attempt.stopWanted !== null) return
      verdict.fail('committed-first', `a stop of ${id} was asked for before it was committed`, [id])
    },
    releasing(refs) {
      for (const { id } of refs) {
        note(id, 'release')
        judgeRelease(judging, id)
      }
    },
  }
}

/** Nothing is given back before its end is committed and its output is safe. */
function judgeRelease({ books, logs, nodes, verdict }: Judging, id: AttemptId): void {
  const attempt = books.records.tables.attempts.get(id)
  if (attempt === undefined || attempt.phase !== 'ended') {
    verdict.fail('released-safe', `${id} was to be released before its end was committed`, [id])
    return
  }
  if (attempt.output !== 'complete' || !nodes.wasLaunched(id) || nodes.wasRolledBack(attempt)) return
  for (const stream of ['stdout', 'stderr'] as const) {
    const { synced } = logs.peek(logKey(attempt, stream))
    const bytes = nodes.written(attempt.startKey, stream).length
    if (synced >= bytes) continue
    const text = `${attempt.action} was to be released with ${synced} of ${bytes} bytes of its ${stream} safe`
    verdict.fail('released-safe', text, [attempt.action, id])
  }
}

/** Whether what the records demand for an attempt was asked; null where they demand nothing that takes asking. */
export function unaskedDemand(row: AttemptRow, wasAsked: ActRules['wasAsked']): string | null {
  if (row.phase === 'starting') {
    return wasAsked(row.id, row.revokeWanted ? 'revoke' : 'start')
      ? null
      : row.revokeWanted
        ? 'its revoke'
        : 'its start'
  }
  if (row.phase === 'running') {
    if (row.stopWanted !== null && !wasAsked(row.id, 'stop')) return 'nobody asked for the stop'
    return wasAsked(row.id, 'adopt', 'start', 'revoke') ? null : 'nobody asked what became'
  }
  const isOver = row.output === 'complete' || row.output === 'gone'
  return isOver && !wasAsked(row.id, 'release') ? 'its release' : null
}
