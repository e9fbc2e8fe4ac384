import { existsSync } from 'node:fs'
import { chmod, open, rm, truncate, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '@tron/testkit'
import { DEADLINE_MS, patience } from '../node-in-namespace.ts'
import {
  type Attempt,
  adopt,
  appears,
  ended,
  finish,
  folderOf,
  generationOf,
  newAttempt,
  newLongAttempt,
  PATIENT,
  release,
  run,
  WAIT_FOR_GO,
} from './attempt.ts'
import type { Lane } from './lane.ts'
import { readText } from './patient-calls.ts'
import type { Phase } from './phase.ts'

/** A journal of this size begins anew. */
const LARGE_JOURNAL = 5 * 1024 * 1024
const LONG_AGO_SECONDS = 1_000_000_000

/** What happens every day, the cheapest first. */
export const EVERYDAY_PHASES: readonly Phase[] = [
  { name: 'start', act: start },
  { name: 'start two', isPair: true, act: startTwo },
  { name: 'start a long one', act: startLong },
  { name: 'revoke', act: revoke },
  { name: 'adopt', act: adoptEnded },
  { name: 'release', act: releaseEnded },
  { name: 'look', act: look },
  { name: 'stop', act: stop },
  { name: 'sweep', act: sweep },
  { name: 'connect', act: connect },
  { name: 'connect to a folder that others may enter', act: connectUnfit },
  { name: 'rotate', act: rotate },
  { name: 'begin', act: begin },
  { name: 'start with the tools of busybox', tools: 'busybox', act: start },
  { name: 'stop with the tools of busybox', tools: 'busybox', act: stop },
  { name: 'connect with the tools of busybox', tools: 'busybox', act: connect },
  { name: 'start with plain tools', tools: 'plain', act: start },
]

async function start(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  await armed()
  return run(lane, attempt)
}

/** Both are run by one supervisor. */
async function startTwo(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempts = [newAttempt(lane), newAttempt(lane)]
  await armed()
  await lane.start(attempts.map(({ request }) => request))
  for (const attempt of attempts) await ended(lane, attempt)
  return attempts
}

/** Its command goes through a file, and /bin/sh runs it. */
async function startLong(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newLongAttempt(lane, { env: { NAME: 'value' }, spec: { shell: 'sh' } })
  await armed()
  return run(lane, attempt)
}

/** Asks what became of one that ended, and for it once more. */
async function adoptEnded(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = await finish(lane, newAttempt(lane))
  await armed()
  const from = lane.events.length
  await adopt(lane, attempt)
  await lane.wait(['closed'], attempt.request.id, from)
  const [again] = await lane.start([attempt.request])
  if (again?.result !== 'exists') throw new Error(`what ended is started again: ${JSON.stringify(again)}`)
  const part = await readText(lane.executor, { request: attempt.request, stream: 'stdout', from: 2 })
  if (part !== attempt.stdout.slice(2)) throw new Error(`read from 2 on: ${JSON.stringify(part)}`)
  return [attempt]
}

/** Asks for all that can be asked of one that runs. */
async function look(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const running = newAttempt(lane, WAIT_FOR_GO)
  const unknown = newAttempt(lane)
  await lane.start([running.request])
  const { id } = running.request
  const hold = await appears(lane, `hold-${id}.`)
  await armed()
  const from = lane.events.length
  await adopt(lane, running)
  await lane.wait(['started'], id, from)
  await adopt(lane, unknown)
  await lane.wait(['absent'], unknown.request.id, from)
  const held = await until('the inventory was read', () => inventoryOf(lane), PATIENT)
  if (!held.has(id)) throw new Error('the inventory lacks what runs')
  const released = await lane.executor.release([running.request])
  if (released.length > 0) throw new Error('what runs is released')
  const fifo = await open(hold, 'r+')
  await fifo.write('go on\n')
  await lane.wait(['closed'], id, from)
  await fifo.close()
  return [running]
}

async function inventoryOf(lane: Lane): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for await (const page of lane.executor.inventory(lane.target)) for (const { id } of page) ids.add(id)
  return ids
}

/** Then it is asked for all the same. */
async function revoke(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  await armed()
  const revoked = await until(
    'the revoke is answered',
    async () => {
      const [reply] = await lane.executor.revoke([attempt.request], patience())
      return reply?.result !== 'unreachable' && reply?.result
    },
    PATIENT,
  )
  if (revoked !== 'revoked') throw new Error(`what never started is not revoked: ${revoked}`)
  const [reply] = await lane.start([attempt.request])
  if (reply?.result !== 'refused' || reply.code !== 'REVOKED')
    throw new Error(`what was revoked was not refused: ${JSON.stringify(reply)}`)
  return [{ ...attempt, neverRuns: 'revoked' }]
}

/** Leaves a process behind that has left the group, and waits. */
const WAIT_FOR_TERM = `exec 2>/dev/null
setsid sh -c '>"left-$TRON_ATTEMPT"; exec sleep 1000' >/dev/null &
trap : TERM
sleep 1000 >/dev/null &
>"ready-$TRON_ATTEMPT"; wait $!`

/** One of its processes is only found by the hunt. */
async function stop(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane, WAIT_FOR_TERM)
  const { id } = attempt.request
  await lane.start([attempt.request])
  await appears(lane, `left-${id}.`)
  await appears(lane, `ready-${id}.`)
  await armed()
  const from = lane.events.length
  await lane.executor.stop(attempt.request, { signal: 'TERM', graceMs: 60 })
  const { survivors } = await lane.wait(['stopped'], id, from)
  if (survivors.length > 0) throw new Error(`a stop left ${survivors.join(' ')}`)
  await lane.wait(['closed'], id, from)
  return [{ ...attempt, isStopped: true }]
}

async function releaseEnded(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = await finish(lane, newAttempt(lane))
  await armed()
  await release(lane, attempt)
  const from = lane.events.length
  await adopt(lane, attempt)
  const closed = await lane.wait(['closed'], attempt.request.id, from)
  if (JSON.stringify(closed.sizes) !== JSON.stringify(attempt.closed?.sizes))
    throw new Error(`after its release its sizes are ${JSON.stringify(closed.sizes)}`)
  return [attempt]
}

/** Removes the evidence of one that was released long ago. */
async function sweep(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = await finish(lane, newAttempt(lane))
  await release(lane, attempt)
  const folder = await folderOf(lane, attempt)
  await utimes(join(folder, 'r'), LONG_AGO_SECONDS, LONG_AGO_SECONDS)
  await armed()
  let rounds = 0
  await until(
    'it is swept away',
    () => {
      lane.clock.hurry(2)
      rounds += 1
      return rounds > 9 && !existsSync(folder)
    },
    { withinMs: DEADLINE_MS },
  )
  return [{ ...attempt, isSwept: true }]
}

async function connect(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  await armed()
  await lane.reconnect()
  return [await finish(lane, newAttempt(lane))]
}

/** Until its mode is put right. */
async function connectUnfit(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  await chmod(lane.spool, 0o755)
  await armed()
  lane.transport.cutAll()
  const refusal = (): Promise<string> => lane.executor.inspect(lane.target).then(() => '', String)
  await until(
    'it is refused, or somebody is dead',
    async () => lane.orders.isDone() || (await refusal()).includes('0700'),
    PATIENT,
  )
  await chmod(lane.spool, 0o700)
  return [await finish(lane, newAttempt(lane))]
}

async function rotate(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  await truncate(join(await generationOf(lane), 'journal'), LARGE_JOURNAL)
  return connect(lane, armed)
}

/** The node has no spool yet, or lost it. */
async function begin(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  await rm(lane.spool, { recursive: true, force: true })
  return connect(lane, armed)
}
