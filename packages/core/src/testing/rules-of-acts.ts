import type { AttemptRef, StartReply, StartRequest } from '@tron/executor'
import type { AttemptId } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import { logKey } from '../engine/attempt-refs.ts'
import type { Books } from './books.ts'
import type { LogDisk } from './log-disk.ts'
import type { Nodes } from './nodes.ts'
import type { Verdict } from './verdict.ts'

/** What can be asked of a node about an attempt. */
type Ask = 'start' | 'revoke' | 'stop' | 'adopt' | 'release'

export interface ActRules {
  /** When any of these was last asked in the life of this process. */
  readonly lastAsked: (id: AttemptId, ...any: readonly Ask[]) => number | undefined
  adopting(refs: readonly AttemptRef[]): void
  starting(requests: readonly StartRequest[]): void
  /** Starts were answered: what was accepted is the executor's to tell from then on. */
  startsAnswered(replies: readonly StartReply[]): void
  readonly wasAccepted: (id: AttemptId) => boolean
  revoking(refs: readonly AttemptRef[]): void
  stopping(ref: AttemptRef): void
  /** A stop was taken: to see it through is the executor's from then on. */
  stopTaken(ref: AttemptRef): void
  readonly wasStopTaken: (id: AttemptId) => boolean
  releasing(refs: readonly AttemptRef[]): void
  /** A node is asked who holds it. */
  inspecting(node: string): void
  readonly wasInspected: (node: string) => boolean
}

interface Judging {
  readonly books: Books
  readonly logs: LogDisk
  readonly nodes: Nodes
  readonly verdict: Verdict
  readonly nowMs: () => number
  /** The store has said that another scheduler holds it. */
  readonly refused: () => boolean
  /** The store did not take the newest commit. */
  readonly degraded: () => boolean
  /** What each run number was used for, by all who ever started something. */
  readonly numbers: Map<string, string>
}

/** Rules on what a scheduler asks of nodes: nothing before the wish for it is committed, nothing that loses what is not safe. */
export function createActRules(judging: Judging): ActRules {
  const { books, verdict } = judging
  const row = (id: AttemptId) => books.records.tables.attempts.get(id)
  const asked = new Map<string, number>()
  const stopsTaken = new Set<AttemptId>()
  const accepted = new Set<AttemptId>()
  const inspected = new Set<string>()
  const note = (id: AttemptId, ask: Ask) => {
    asked.set(`${ask} ${id}`, judging.nowMs())
    if (judging.refused()) verdict.fail('none-beside', `a ${ask} of ${id} was asked for all the same`, [id])
    // To ask what became of something changes nothing.
    if (ask !== 'adopt' && judging.degraded())
      verdict.fail('idle-while-degraded', `a ${ask} of ${id} was asked for`, [id])
  }
  return {
    lastAsked: (id, ...any) => latest(any.map((ask) => asked.get(`${ask} ${id}`))),
    inspecting: (node) => inspected.add(node),
    wasInspected: (node) => inspected.has(node),
    wasAccepted: (id) => accepted.has(id),
    startsAnswered(replies) {
      for (const { id, result } of replies) if (result !== 'refused') accepted.add(id)
    },
    wasStopTaken: (id) => stopsTaken.has(id),
    stopTaken: ({ id }) => stopsTaken.add(id),
    adopting(refs) {
      for (const { id } of refs) note(id, 'adopt')
    },
    starting(requests) {
      for (const request of requests) {
        note(request.id, 'start')
        judgeStart(judging, request)
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

/** Nothing is started before it is committed, and nothing else under a number that was used. */
function judgeStart({ books, verdict, numbers }: Judging, { id, startKey, runNumber }: StartRequest): void {
  const attempt = books.records.tables.attempts.get(id)
  if (attempt === undefined) {
    verdict.fail('committed-first', `the start of ${startKey} was asked for before it was committed`, [id])
    return
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

/** Nothing is given back before its end is committed and its output is safe. */
function judgeRelease({ books, logs, nodes, verdict }: Judging, id: AttemptId): void {
  const attempt = books.records.tables.attempts.get(id)
  if (attempt === undefined || attempt.phase !== 'ended') {
    verdict.fail('released-safe', `${id} was to be released before its end was committed`, [id])
    return
  }
  if (attempt.stopWanted !== null && nodes.truth(attempt)?.left === true) {
    const text = `${attempt.action} was to be released, and a process of it goes on that was to be stopped`
    verdict.fail('stop-proved', text, [attempt.action, id])
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

/** What is asked and not answered is asked again within this: longer than any pause between two tries, and any message under way. */
const ASKED_AGAIN_MS = 5 * 60_000

type Asked = Pick<ActRules, 'lastAsked' | 'wasStopTaken' | 'wasAccepted'>

interface Asking {
  readonly asked: Asked
  readonly nowMs: number
  /** Its node can be reached. */
  readonly reachable: boolean
}

/** What the records demand for an attempt and nobody asks for; null where they demand nothing that takes asking. */
export function unaskedDemand(row: AttemptRow, { asked, nowMs, reachable }: Asking): string | null {
  const ask = demanded(row)
  if (ask === null || isTaken(row.id, ask, { asked, reachable })) return unadopted(row, asked)
  const late = nowMs - (asked.lastAsked(row.id, ask) ?? -Infinity) >= ASKED_AGAIN_MS
  return late ? `nobody asks for the ${ask}` : unadopted(row, asked)
}

/** To see it through is the executor's: a stop always, a start as long as its node cannot tell that it was done. */
function isTaken(id: AttemptId, ask: Ask, { asked, reachable }: Omit<Asking, 'nowMs'>): boolean {
  return (
    (ask === 'stop' && asked.wasStopTaken(id)) || (ask === 'start' && !reachable && asked.wasAccepted(id))
  )
}

function demanded(row: AttemptRow): Ask | null {
  if (row.phase === 'starting') return row.revokeWanted ? 'revoke' : 'start'
  if (row.phase === 'running') return row.stopWanted === null ? null : 'stop'
  if (awaitsProof(row)) return 'stop'
  return row.output === 'complete' || row.output === 'gone' ? 'release' : null
}

/** A stop of it is wanted, its command ended, and that nothing of it is left was not told. */
export function awaitsProof({ phase, stopWanted, stopped, outcome }: AttemptRow): boolean {
  if (phase !== 'ended' || stopWanted === null) return false
  // Null where the node has lost all trace of it.
  if (stopped !== null && (stopped.survivors === null || stopped.survivors.length === 0)) return false
  // What never ran, was not found, or stood on a machine that was rebooted has left nothing.
  return /"type":"exited"|"cause":"(killed|unknowable)"/.test(JSON.stringify(outcome))
}

function unadopted(row: AttemptRow, asked: Asked): string | null {
  if (row.phase !== 'running') return null
  return asked.lastAsked(row.id, 'adopt', 'start', 'revoke') === undefined ? 'nobody asked what became' : null
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  return times.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined)
}
