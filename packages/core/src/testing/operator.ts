import { isActive, type JobId, jobId, messageOf, type RunId, runId } from '@tron/model'
import type { RunRow } from '@tron/store'
import type { Command, CommandReply } from '../command.ts'
import { chance } from './chance.ts'
import type { Aim, Wish } from './plan.ts'
import type { Records } from './records.ts'
import { actionsOf } from './rules-of-runs.ts'
import type { World } from './world.ts'

const SECOND = 1_000
/** How long somebody waits for an answer before asking again, under the same request id. */
const PATIENCE_MS = 90 * SECOND
const MOST_TRIES = 200

type Subject = Command['subject']

/** The people who give commands: they repeat what was not answered, sometimes also what was. */
export interface Operator {
  /** Resolves with the answer, or null when there was none in the end. */
  give(subject: Subject, again: 'no' | 'at once' | 'later'): Promise<CommandReply | null>
  /** Looks at what an action has written; the answer must be true. */
  look(action: { readonly run: RunId; readonly action: string }): Promise<void>
  /** Goes on without a node that a take-over waits for, if it still does. */
  giveUp(node: string): Promise<void>
  /** What a wish means now; null when there is nothing that it could be about. */
  find(wish: Wish): Subject | null
}

export function createOperator(world: World, prefix = 'request'): Operator {
  let requests = 0
  return {
    async give(subject, again) {
      requests += 1
      const requestId = `${prefix}-${requests}`
      const command: Command = { requestId, actor: 'ann', source: 'simulation', subject }
      world.counts.commands += 1
      const first = ask(world, command)
      if (again === 'no') return first
      if (again === 'at once') {
        const second = ask(world, command)
        compare(world, command, [await first, await second])
        return first
      }
      const reply = await first
      await world.delay(chance(world.plan.seed, 'again', requestId) * 3_600 * SECOND)
      compare(world, command, [reply, await ask(world, command)])
      return reply
    },
    look: (action) => look(world, action),
    async giveUp(node) {
      requests += 1
      const by = { actor: 'ann', source: 'simulation', requestId: `${prefix}-${requests}` }
      const tron = world.schedulers.find((scheduler) => scheduler.tron !== null)?.tron
      if (tron == null) return
      const reply = await answerOf(world, tron.recoverWithout(node, by))
      if (reply !== null) world.story.tell(`ann gives up ${node}: ${reply.text}`, [node])
    },
    find: (wish) => findSubject(world, wish),
  }
}

async function look(
  world: World,
  { run, action }: { readonly run: RunId; readonly action: string },
): Promise<void> {
  const scheduler = world.schedulers.find(({ tron }) => tron !== null)
  const { attempts } = scheduler?.books.records.tables ?? {}
  if (scheduler?.tron == null || attempts === undefined) return
  const view = await scheduler.tron.output(run, action, { stream: 'stdout', lines: 10 }).catch(() => null)
  const all = [...attempts.values()].filter((row) => row.action === `${run}.${action}`)
  const written = all.reduce((sum, row) => sum + world.nodes.written(row.startKey, 'stdout').length, 0)
  if (view === null || view.bytes <= written) return
  const text = `${run}.${action} is shown with ${view.bytes} bytes of output, and wrote ${written}`
  world.verdict.fail('logs-equal', text, [run])
}

/** Asks until there is an answer. */
async function ask(world: World, command: Command): Promise<CommandReply | null> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const tron = world.schedulers.find((scheduler) => scheduler.tron !== null)?.tron ?? null
    const reply =
      tron === null
        ? null
        : await Promise.race([answerOf(world, tron.command(command)), world.delay(PATIENCE_MS)])
    if (reply != null && reply.outcome !== 'fenced' && reply.outcome !== 'degraded') {
      judgeAnswer(world, command, reply)
      return reply
    }
    await world.delay(PATIENCE_MS)
  }
  return null
}

async function answerOf(world: World, answer: Promise<CommandReply>): Promise<CommandReply | null> {
  try {
    return await answer
  } catch (error) {
    world.coverage.add('command: rejected')
    world.story.tell(`a command was not answered: ${messageOf(error)}`)
    return null
  }
}

function judgeAnswer(world: World, command: Command, reply: CommandReply): void {
  const { requestId, subject } = command
  world.coverage.add(`command: ${reply.outcome}`)
  world.story.tell(`ann asks for ${textOf(subject)}: ${reply.text}`, [nameOf(subject)])
  const kept = world.schedulers.some(({ books }) => books.records.tables.audit.has(requestId))
  if (kept) return
  world.verdict.fail('request-once', `the answer to ${textOf(subject)} was given before it was committed`, [
    nameOf(subject),
  ])
}

function compare(world: World, { subject }: Command, [a, b]: readonly (CommandReply | null)[]): void {
  if (a == null || b == null || a.text === b.text) return
  // What was answered before the records were put back to an older copy is not known there.
  if (world.restored) return
  const text = `${textOf(subject)}, asked twice, was answered "${a.text}", then "${b.text}"`
  world.verdict.fail('request-once', text, [nameOf(subject)])
}

export function textOf(subject: Subject): string {
  return `${subject.verb} of ${nameOf(subject)}`
}

function nameOf(subject: Subject): string {
  if (subject.kind === 'job') return subject.job
  return subject.kind === 'run' ? subject.run : `${subject.run}.${subject.action}`
}

function findSubject(world: World, wish: Wish): Subject | null {
  const job = jobId(`MASTER.${wish.job}`)
  if (wish.on === 'job') return { kind: 'job', job, verb: wish.verb }
  const records = world.schedulers[0]?.books.records
  const run = records === undefined ? null : findRun(records, job, wish)
  if (records === undefined || run === null) return null
  if (wish.on === 'run') return { kind: 'run', run, verb: wish.verb }
  const all = actionsOf(records, run)
  const active = all.filter(({ state }) => isActive(state))
  const next = wish.on === 'action' && wish.next === true ? 1 : 0
  const action = pickOf(wish.aim === 'any' || active.length === 0 ? all : active, wish.pick * 97 + next)
  return action === undefined ? null : { kind: 'action', run, action: action.name, verb: wish.verb }
}

function findRun(records: Records, job: JobId, { aim, pick }: Exclude<Wish, { on: 'job' }>): RunId | null {
  const run = aim === 'any' ? undefined : pickOf(candidates(records, aim), pick * 1009)
  if (run !== undefined) return run.id
  const number = records.tables.jobs.get(job)?.nextNumber ?? 0
  // The newest runs are what people look at.
  return number === 0 ? null : runId(job, Math.max(0, number - 1 - Math.floor(pick * pick * 6)))
}

function candidates(records: Records, aim: Exclude<Aim, 'any'>): readonly RunRow[] {
  if (aim === 'left running') {
    const left = [...records.tables.attempts.values()].filter(({ leftRunning }) => leftRunning > 0)
    return left.flatMap(({ run }) => records.tables.runs.get(run) ?? [])
  }
  const runs = [...records.tables.runs.values()]
  if (aim === 'queued') return runs.filter(({ phase }) => phase === 'queued')
  if (aim === 'ended')
    return runs.filter(({ state }) => state === 'unknown' || state === 'failed' || state === 'cancelled')
  const open = runs.filter(({ phase, live }) => phase === 'open' && live)
  return aim === 'starting' ? open.slice(-1) : open
}

function pickOf<T>(list: readonly T[], number: number): T | undefined {
  return list[Math.floor(number) % Math.max(1, list.length)]
}
