import { rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '@tron/testkit'
import { patience } from '../node-in-namespace.ts'
import {
  type Attempt,
  adopt,
  ended,
  finish,
  folderOf,
  newAttempt,
  newVeryLongAttempt,
  PATIENT,
  release,
} from './attempt.ts'
import {
  CLAIMED,
  COMMAND,
  FENCE,
  FILE,
  FILE_LINE,
  FILE_WHOLE,
  FOLDER,
  GENERATION,
  GO,
  LAUNCH,
  META,
  RECORD,
} from './landmarks.ts'
import type { Lane } from './lane.ts'
import type { Phase } from './phase.ts'

/** What only happens when something was killed, or when two meet: that is brought about first, and then somebody is killed. */
export const RARE_PHASES: readonly Phase[] = [
  { name: 'start what was claimed', isPair: true, needs: [CLAIMED], act: startClaimed },
  { name: 'adopt what was claimed', needs: [CLAIMED], act: adoptClaimed },
  { name: 'stop what was claimed', needs: [CLAIMED], act: stopClaimed },
  { name: 'look at a go without a record', needs: [RECORD], act: unrecorded },
  { name: 'look between a go and its record', needs: [RECORD], act: lookEarly },
  { name: 'revoke before the go', needs: [GO], act: contested },
  { name: 'stop before the group', needs: [COMMAND], act: stopEarly },
  { name: 'write the file again', needs: [GO, FILE_LINE], act: rewrite },
  { name: 'claim late', needs: [FENCE], act: claimLate },
  { name: 'begin late', needs: [GENERATION], act: beginLate },
  { name: 'start late', needs: [LAUNCH], act: startLate },
  { name: 'make the folder late', needs: [FOLDER], act: deposedAt(FOLDER) },
  { name: 'describe late', needs: [META], act: deposedAt(META) },
  { name: 'write the file late', needs: [FILE], act: deposedAt(FILE) },
  { name: 'put the file in its place late', needs: [FILE_WHOLE], act: deposedAt(FILE_WHOLE) },
]

/** Starts them, with the program killed at a line of its own; the node is out of reach until nothing of that is under way. */
async function abandon(lane: Lane, attempts: readonly Attempt[], order: string): Promise<void> {
  lane.transport.setReachable(false)
  await lane.orders.give(order)
  const requests = attempts.map(({ request }) => request)
  const starting = lane.executor.start(requests, patience()).catch(() => [])
  await until('somebody is dead', () => lane.orders.isDone(), PATIENT)
  await lane.orders.give('- -')
  lane.transport.cutAll()
  await starting
  await reachAgain(lane)
}

/** Puts the cable in, and waits until it is connected. */
async function reachAgain(lane: Lane): Promise<void> {
  lane.transport.setReachable(true)
  const isHeld = (): Promise<boolean> => lane.executor.inspect(lane.target).then((holder) => holder !== null)
  await until('it is connected again', isHeld, PATIENT)
}

/** One of them lacks its reserved record. */
async function startClaimed(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const [torn, whole] = [newAttempt(lane), newAttempt(lane)]
  for (const attempt of [torn, whole]) await abandon(lane, [attempt], `${lane.lineOf(CLAIMED)} leader`)
  await truncate(join(await folderOf(lane, torn), 'state'))
  await armed()
  await lane.start([torn.request, whole.request])
  await ended(lane, torn)
  await ended(lane, whole)
  return [torn, whole]
}

/** Which revokes it. */
async function adoptClaimed(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  await abandon(lane, [attempt], `${lane.lineOf(CLAIMED)} leader`)
  await armed()
  const from = lane.events.length
  await adopt(lane, attempt)
  await lane.wait(['absent'], attempt.request.id, from)
  return [{ ...attempt, neverRuns: 'revoked' }]
}

/** Which revokes it. */
async function stopClaimed(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  await abandon(lane, [attempt], `${lane.lineOf(CLAIMED)} leader`)
  await armed()
  const from = lane.events.length
  await lane.executor.stop(attempt.request, { signal: 'KILL', graceMs: 0 })
  await lane.wait(['stopped'], attempt.request.id, from)
  return [{ ...attempt, neverRuns: 'revoked' }]
}

/** Whoever made the go died before it was written down. */
async function unrecorded(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  await abandon(lane, [attempt], `${lane.lineOf(RECORD)} group`)
  await armed()
  const [reply] = await lane.start([attempt.request])
  if (reply?.result !== 'exists') throw new Error(`a go without a record is answered: ${reply?.result}`)
  const from = lane.events.length
  await adopt(lane, attempt)
  await lane.wait(['closed', 'absent'], attempt.request.id, from)
  await release(lane, attempt)
  return [{ ...attempt, isOrphan: true }]
}

/** Somebody makes the go, and has not written it down yet. */
async function lookEarly(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(RECORD))
  const starting = lane.start([attempt.request])
  await held.reached()
  await armed()
  await adopt(lane, attempt)
  await held.letGo()
  await starting
  await lane.wait(['closed'], attempt.request.id)
  return [attempt]
}

/** A supervisor is about to make the go when a revoke does. */
async function contested(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(GO))
  const starting = lane.start([attempt.request])
  await held.reached()
  const [reply] = await lane.executor.revoke([attempt.request], patience())
  if (reply?.result !== 'revoked') throw new Error(`a revoke before the go is answered: ${reply?.result}`)
  await armed()
  await held.letGo()
  await starting
  await held.gone()
  return [{ ...attempt, neverRuns: 'revoked' }]
}

/** A command that is about to run has no group of its own yet. */
async function stopEarly(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(COMMAND))
  await lane.start([attempt.request])
  await held.reached()
  await armed()
  const before = lane.program.signals()
  const from = lane.events.length
  await lane.executor.stop(attempt.request, { signal: 'KILL', graceMs: 0 })
  await until('it was tried twice', () => lane.program.signals() > before + 1, PATIENT)
  await held.letGo()
  await lane.wait(['stopped'], attempt.request.id, from)
  await lane.wait(['closed'], attempt.request.id, from)
  return [{ ...attempt, isStopped: true }]
}

/** It was not told for long, and is asked for again while a supervisor is about to run its command: that must not read half of a file. */
async function rewrite(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newVeryLongAttempt(lane)
  const supervisor = await lane.orders.hold(lane.lineOf(GO))
  const starting = lane.start([attempt.request])
  await supervisor.reached()
  const program = await lane.orders.hold(lane.lineOf(FILE_LINE))
  lane.clock.silence()
  await program.reached()
  await armed()
  await supervisor.letGo()
  await supervisor.gone()
  await program.letGo()
  await starting
  await ended(lane, attempt)
  return [attempt]
}

/** A connection is about to claim the fence when the next one does. */
async function claimLate(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const held = await lane.orders.hold(lane.lineOf(FENCE))
  await lane.reconnect()
  await held.reached()
  lane.transport.cutAll()
  const attempt = await finish(lane, newAttempt(lane))
  await armed()
  await held.letGo()
  await held.gone()
  return [attempt]
}

/** A connection is about to make its spool the only one when the next one does; a third shows which it is. */
async function beginLate(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  await rm(lane.spool, { recursive: true })
  const held = await lane.orders.hold(lane.lineOf(GENERATION))
  await lane.reconnect()
  await held.reached()
  lane.transport.cutAll()
  const attempt = await finish(lane, newAttempt(lane))
  await armed()
  await held.letGo()
  await held.gone()
  await lane.reconnect()
  return [attempt]
}

/** A connection is about to have a supervisor run it when the next one claims the fence, and nobody asks for it again. */
async function startLate(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(LAUNCH))
  const starting = lane.executor.start([attempt.request], patience()).catch(() => [])
  await held.reached()
  lane.transport.setReachable(false)
  lane.transport.cutAll()
  await starting
  await reachAgain(lane)
  await armed()
  await held.letGo()
  await held.gone()
  return [{ ...attempt, neverRuns: 'fenced' }]
}

/** A connection is in the middle of a start when the next one claims the fence. */
function deposedAt(text: RegExp): Phase['act'] {
  return async (lane, armed) => {
    const attempt = text === FILE || text === FILE_WHOLE ? newVeryLongAttempt(lane) : newAttempt(lane)
    const held = await lane.orders.hold(lane.lineOf(text))
    const starting = lane.start([attempt.request])
    await held.reached()
    lane.transport.cutAll()
    await starting
    await lane.wait(['closed'], attempt.request.id)
    await armed()
    await held.letGo()
    await held.gone()
    return [attempt]
  }
}
