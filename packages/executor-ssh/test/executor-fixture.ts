import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Executor, ExecutorEvent, ExecutorHost, Fence, StartRequest, TargetConfig } from '@tron/executor'
import { type ExecutorFixture, shellCommands, shellMarks, suiteFence } from '@tron/executor/testing'
import { executor as sshModule } from '@tron/executor-ssh'
import { type AttemptId, attemptIdOf } from '@tron/model'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { realClock, type Sshd, until } from '@tron/testkit'
import { accessTo, addressOf } from './fixture.ts'

/** The shipped executor as the daemon would make it. */
function createSshExecutor(fence: Partial<Fence> = {}): Promise<Executor> {
  const host: ExecutorHost = {
    name: 'ssh',
    log: createMemoryLogger(),
    clock: realClock,
    random: createSeededRandom(1),
    fence: suiteFence(fence),
    secret: () => Promise.reject(new Error('these tests have no secrets')),
  }
  return sshModule.create({}, host)
}

/** A private sshd as a target with a spool of its own. */
export function targetOn(sshd: Sshd, name: string): TargetConfig {
  const target = { executor: 'ssh', node: name, address: addressOf(sshd) }
  return {
    target,
    settings: accessTo(sshd, { spoolRoot: join(sshd.folder, `spool-${name}`), shell: 'login' }),
  }
}

let fixtures = 0

/** What the suite of the contract needs for one rule. */
export async function createExecutorFixture(sshd: Sshd): Promise<ExecutorFixture> {
  fixtures += 1
  const target = targetOn(sshd, `n${fixtures}`)
  const folder = join(sshd.folder, `commands-${fixtures}`)
  await mkdir(folder)
  const nowhere = { ...target.target, node: 'nowhere', address: `${sshd.userName}@127.0.0.1:1` }
  return {
    target,
    unreachable: { ...target, target: nowhere },
    commands: shellCommands(folder),
    open: createSshExecutor,
    marks: (mark) => shellMarks(folder, mark),
    // Commands that go on for ever look for the folder.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** An executor whose events are taken in as they come. */
export interface Watched extends AsyncDisposable {
  readonly executor: Executor
  readonly events: readonly ExecutorEvent[]
  /** Starts commands on the target, all in one request; answers their ids. @throws when one is not accepted */
  start(commands: readonly string[]): Promise<readonly AttemptId[]>
  /** Waits until the output of all of them is complete and returns their exit codes, in order. */
  exits(ids: readonly AttemptId[]): Promise<readonly (number | string)[]>
}

let started = 0

function isClosed(events: readonly ExecutorEvent[], id: AttemptId): boolean {
  return events.some((event) => event.kind === 'closed' && event.id === id)
}

export async function watch(target: TargetConfig): Promise<Watched> {
  const executor = await createSshExecutor()
  await executor.setTargets([target])
  const events: ExecutorEvent[] = []
  const ending = new AbortController()
  const take = async () => {
    for await (const batch of executor.events({}, { signal: ending.signal })) events.push(...batch.events)
  }
  const taking = take().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error
  })
  const codeOf = (id: AttemptId) => {
    const exit = events.find((event) => event.kind === 'exit' && event.id === id)
    if (exit?.kind !== 'exit') return 'none'
    return exit.outcome.type === 'exited' ? exit.outcome.code : exit.outcome.type
  }
  return {
    executor,
    events,
    async start(commands) {
      const requests = commands.map((command) => requestFor(target, command))
      const replies = await executor.start(requests, { signal: AbortSignal.timeout(120_000) })
      const refused = replies.filter((reply) => reply.result !== 'accepted')
      if (refused.length > 0) throw new Error(`refused: ${JSON.stringify(refused[0])}`)
      return requests.map((request) => request.id)
    },
    async exits(ids) {
      await until('all have ended', () => ids.every((id) => isClosed(events, id)), {
        withinMs: 120_000,
        explain: () => JSON.stringify(events.slice(-20)),
      })
      return ids.map(codeOf)
    },
    async [Symbol.asyncDispose]() {
      ending.abort()
      await executor[Symbol.asyncDispose]()
      await taking
    },
  }
}

function requestFor({ target }: TargetConfig, command: string): StartRequest {
  started += 1
  const startKey = `test.job/r${started}/0/act/0`
  const id = attemptIdOf(suiteFence().installation, startKey)
  return { id, startKey, runNumber: started, configHash: 'c0ffee', target, command, env: {}, spec: null }
}
