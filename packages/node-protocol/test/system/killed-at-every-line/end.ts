import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome, Tail } from '@tron/executor'
import type { EventOf } from '../node-in-namespace.ts'
import { type Attempt, adopt } from './attempt.ts'
import type { KillPoint } from './kill-point.ts'
import type { Lane } from './lane.ts'

/** What is told of an attempt, beside what it says itself. */
export interface End {
  readonly attempt: Attempt
  /** A line for each time that it ran. */
  readonly ran: readonly string[]
  /** A line for each time that it came to its end, with its status. */
  readonly status: readonly string[]
  readonly absent?: EventOf<'absent'>
  readonly closed?: EventOf<'closed'>
  readonly outcome?: Outcome
}

/** Has its story told anew from the beginning, and waits for its end. */
export async function settle(lane: Lane, attempt: Attempt): Promise<End> {
  const { id } = attempt.request
  const from = lane.events.length
  await adopt(lane, attempt)
  const end = await lane.wait(['closed', 'absent'], id, from)
  const traces = {
    attempt,
    ran: await linesOf(lane, `ran.${attempt.mark}`),
    status: await linesOf(lane, `ended.${attempt.mark}`),
  }
  if (end.kind === 'absent') return { ...traces, absent: end }
  const { outcome } = await lane.wait(['exit'], id, from)
  return { ...traces, closed: end, outcome }
}

/** What is wrong now with what was told before: whoever was late may have run it meanwhile. */
export async function lateWrongs(lane: Lane, { attempt, absent }: End): Promise<readonly string[]> {
  const ran = await linesOf(lane, `ran.${attempt.mark}`)
  if (ran.length > 1) return ['it ran more than once, the last time late']
  const isFalse = ran.length > 0 && absent !== undefined && attempt.isSwept !== true
  return isFalse ? ['it ran after it was told absent'] : []
}

async function linesOf(lane: Lane, file: string): Promise<readonly string[]> {
  const text = await readFile(join(lane.home, file), 'utf8').catch(() => '')
  return text.split('\n').slice(0, -1)
}

/** What happened to the program: nothing but the phase when nobody was killed. */
export type Fault = Pick<KillPoint, 'phase'> & Partial<KillPoint>

export interface Comparison {
  readonly ends: readonly End[]
  readonly fault: Fault
  /** Where the events begin that have to do with it. */
  readonly from: number
}

/** Compares what is told with what happened. @throws when something is false */
export function insistOnTruth(lane: Lane, { ends, fault, from }: Comparison): void {
  const wrong = ends.flatMap((end) => [
    ...(end.ran.length > 1 ? ['it ran more than once'] : []),
    ...(end.absent === undefined ? wrongExit(end, fault) : wrongAbsence(end)),
    ...wrongOutput(end),
    ...wrongEvents(lane, end, from),
  ])
  const lost = ends.filter(({ outcome, attempt }) => outcome?.type === 'lost' && attempt.isOrphan !== true)
  if (lost.length > mayBeLost(fault)) wrong.push('more are lost than lost their supervisor')
  if (wrong.length > 0) throw new Error(`${fault.phase.name}: ${wrong.join('; ')}: ${JSON.stringify(ends)}`)
}

/** How many attempts may have lost whoever waits for them. */
function mayBeLost({ step, who, where, phase }: Fault): number {
  if (step?.isSupervisor !== true) return 0
  if (who === 'group' || where === 'same') return Infinity
  // The one that was given the text has a subshell for each of two attempts, and those wait.
  return who === 'leader' && phase.isPair === true ? 0 : 1
}

/** Told absent: it never ran, by proof. */
function wrongAbsence({ attempt, absent, ran }: End): readonly string[] {
  if (attempt.isSwept === true) return []
  if (ran.length > 0) return ['it ran and is told absent']
  if (attempt.neverRuns === 'fenced') return []
  return attempt.neverRuns !== undefined && absent?.proof === 'never-started' ? [] : ['it is told absent']
}

function wrongExit(end: End, fault: Fault): readonly string[] {
  const { attempt, outcome, ran } = end
  const { neverRuns } = attempt
  if (neverRuns === 'revoked' || neverRuns === 'fenced') return [`it is told as run, and was ${neverRuns}`]
  if (outcome?.type === 'exited')
    return isTrueStatus(outcome.code, end, fault) ? [] : ['its status is not the true one']
  if (outcome?.type !== 'lost') return ['its end is of no kind that there is']
  const hasWaiter = fault.who === 'self' && fault.phase.isPair !== true
  return hasWaiter && ran.length > 0 ? ['it is told lost, and its supervisor lived'] : []
}

function isTrueStatus(code: number, { attempt, status }: End, { step, who }: Fault): boolean {
  if (attempt.isOrphan === true || attempt.neverRuns !== undefined) return false
  if (status.length === 1 && status[0] === String(code) && code === attempt.code) return true
  // A stop may strike between the last that the command wrote, which is its status, and its exit.
  if (attempt.isStopped === true) return code === 137 || code === 143
  return status.length === 0 && code === 137 && step?.isSupervisor === true && who === 'self'
}

/** All of the output is there, or it is said that something may not be. */
function wrongOutput({ attempt, closed, outcome }: End): readonly string[] {
  if (closed === undefined || outcome?.type !== 'exited') return []
  if (isLossTold(closed)) return []
  const { stdout, stderr } = attempt
  const isWhole = closed.sizes.stdout === stdout.length && closed.sizes.stderr === stderr.length
  // Somebody may have killed it before it could write.
  if (!isWhole) return outcome.code === attempt.code ? ['its output is not all there'] : []
  return isTrueTail(closed.tail, attempt) ? [] : ['its output is another one']
}

function isLossTold({ lost = 0, leftRunning }: EventOf<'closed'>): boolean {
  return lost > 0 || leftRunning > 0
}

/** There is none of what was released. */
function isTrueTail(tail: Tail | undefined, { stdout, stderr }: Attempt): boolean {
  return tail === undefined || (textOf(tail.stdout) === stdout && textOf(tail.stderr) === stderr)
}

function textOf(part: { readonly bytes: Uint8Array } | undefined): string {
  return Buffer.from(part?.bytes ?? []).toString()
}

/** However often an end is told, it is the same one. */
function wrongEvents(lane: Lane, { attempt }: End, from: number): readonly string[] {
  const told = lane.events.slice(from)
  const outcomes = told.flatMap((event) =>
    event.kind === 'exit' && event.id === attempt.request.id ? [JSON.stringify(event.outcome)] : [],
  )
  const different = new Set(outcomes)
  return different.size > 1 ? [`several ends are told: ${Array.from(different).join(' ')}`] : []
}
