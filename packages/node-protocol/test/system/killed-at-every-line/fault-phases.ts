import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '@tron/testkit'
import { isOf, patience } from '../node-in-namespace.ts'
import {
  type Attempt,
  adopt,
  appears,
  finish,
  folderOf,
  newAttempt,
  newLongAttempt,
  PATIENT,
  release,
  run,
  WAIT_FOR_GO,
} from './attempt.ts'
import { FILE, LAST_RING, RECORD, TAKEN_UP } from './landmarks.ts'
import type { Lane } from './lane.ts'
import type { Phase } from './phase.ts'

/** What only happens on a node that is out of order, or to a program that is told nonsense. A full disk is one where nothing can be written. */
export const FAULT_PHASES: readonly Phase[] = [
  { name: 'have no room for the pipes', needs: [TAKEN_UP], act: noPipes },
  { name: 'have no room for the record', needs: [RECORD], act: noRecord },
  { name: 'have no room for the file', needs: [FILE], act: noFile },
  { name: 'look at a record that nobody wrote', act: falseRecord },
  { name: 'release before the supervisor is gone', needs: [LAST_RING], act: releaseEarly },
  { name: 'look at one that outlives its records', act: outlive },
  { name: 'be told nonsense', act: nonsense },
]

/** They are gone before anybody uses them; then it is asked for again. */
async function noPipes(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(TAKEN_UP))
  const running = run(lane, attempt)
  await held.reached()
  const folder = await folderOf(lane, attempt)
  for (const name of await readdir(folder)) {
    if (/^[oe]\./.test(name)) await rm(join(folder, name))
  }
  await armed()
  await held.letGo()
  return running
}

/** The go is made, and whose it is cannot be written into it: so it does not run. Then it is asked for again, and revoked. */
async function noRecord(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(RECORD))
  const starting = lane.start([attempt.request])
  await held.reached()
  const go = join(await folderOf(lane, attempt), 'go')
  await rm(go)
  await mkdir(go)
  await armed()
  await held.letGo()
  await starting
  await lane.executor.revoke([attempt.request], patience())
  return [{ ...attempt, neverRuns: 'full' }]
}

/** Until there is room. */
async function noFile(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newLongAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(FILE))
  const starting = lane.executor.start([attempt.request], patience()).catch(() => [])
  await held.reached()
  const [, nonce] = /\bnonce=(\w+) sh=/.exec(lane.program.sent().text) ?? []
  const obstacle = join(await folderOf(lane, attempt), `cmd.${nonce}`)
  await mkdir(obstacle)
  await armed()
  await held.letGo()
  await starting
  await rm(obstacle, { recursive: true, force: true })
  return run(lane, attempt)
}

/** Its numbers are those of no process that can be signalled. */
async function falseRecord(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = await finish(lane, newAttempt(lane))
  const go = join(await folderOf(lane, attempt), 'go')
  const record = await readFile(go, 'latin1')
  await writeFile(go, record.replace(/^G \d+ \d+ \d+ \d+/, 'G 0 0 0 0'))
  await armed()
  const from = lane.events.length
  await adopt(lane, attempt)
  await lane.wait(['closed'], attempt.request.id, from)
  return [attempt]
}

/** Its records are whole, and it still has to ring for that. */
async function releaseEarly(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  const held = await lane.orders.hold(lane.lineOf(LAST_RING))
  await lane.start([attempt.request])
  await held.reached()
  await armed()
  await release(lane, attempt)
  await held.letGo()
  await held.gone()
  return [attempt]
}

/** Somebody removed its folder: it runs, and then nothing is known of it. */
async function outlive(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane, WAIT_FOR_GO)
  const { id } = attempt.request
  await lane.start([attempt.request])
  const hold = await appears(lane, `hold-${id}.`)
  await rm(await folderOf(lane, attempt), { recursive: true })
  await armed()
  const from = lane.events.length
  await adopt(lane, attempt)
  const { reason } = await lane.wait(['started'], id, from)
  if (reason === undefined) throw new Error('what lost its records is told as if it had them')
  const fifo = await open(hold, 'r+')
  await fifo.write('go on\n')
  const look = (): boolean => {
    lane.clock.hurry()
    return lane.events.slice(from).some((event) => isOf(event, 'absent', id))
  }
  await until('it is told that nothing of it is left', look, PATIENT)
  await fifo.close()
  return [{ ...attempt, isSwept: true }]
}

/** A line that is not whole, and a request that there is not, whose answer nobody waits for. */
async function nonsense(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]> {
  const attempt = newAttempt(lane)
  await armed()
  lane.program.say('nonsense\nx nonsense .\n')
  return run(lane, attempt)
}
