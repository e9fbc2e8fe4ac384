import type { Command, CommandReply, EngineStatus, JobView, OutputView, RunView, Tron } from '@tron/core'
import { actionRunId, type JobId } from '@tron/model'
import { done, type Kept, notFound, obey, refusalOf, reused, throwRefusal } from './fake-commands.ts'
import { createFakeConfig } from './fake-config.ts'

/** A Tron in memory for tests of what is in front of it: it keeps what it is given and obeys commands at once, without a node. */
export interface FakeTron extends Tron {
  /** Every command that came, also the repeated ones. */
  readonly commands: readonly Command[]
  /** Every wish to go on without a node, also the repeated ones. */
  readonly recoveries: readonly Recovery[]
  /** Adds a job, or replaces the one of that name; its runs newest first. */
  setJob(view: JobView, runs?: readonly RunView[]): void
  removeJob(job: JobId): void
  setStatus(status: Partial<EngineStatus>): void
  /** What `output` gives for one stream of one action run. */
  setOutput(actionRun: string, stream: 'stdout' | 'stderr', output: OutputView): void
  /** Makes each use case throw this until it is called with undefined. */
  failWith(error: Error | undefined): void
}

type Recovery = { readonly node: string } & Parameters<Tron['recoverWithout']>[1]

export interface FakeTronOptions {
  readonly configs?: Readonly<Record<string, string>>
}

interface State {
  readonly jobs: Map<JobId, Kept>
  readonly outputs: Map<string, OutputView>
  status: EngineStatus
  failure: Error | undefined
}

/** @param options what it begins with; no jobs and an empty MASTER by default */
export function createFakeTron(options: FakeTronOptions = {}): FakeTron {
  const state: State = { jobs: new Map(), outputs: new Map(), status: workingStatus, failure: undefined }
  return {
    config: createFakeConfig(options.configs ?? { MASTER: 'jobs: {}\n' }, () => {
      throwRefusal(state.status)
    }),
    ...reads(state),
    ...writes(state),
    setJob: (view, runs = []) => {
      state.jobs.set(view.row.id, { view, runs })
    },
    removeJob: (job) => {
      state.jobs.delete(job)
    },
    setStatus: (parts) => {
      state.status = { ...state.status, ...parts }
    },
    setOutput: (actionRun, stream, output) => {
      state.outputs.set(`${actionRun}/${stream}`, output)
    },
    failWith: (error) => {
      state.failure = error
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

function unlessFailing<T>(state: State, value: T): T {
  if (state.failure !== undefined) throw state.failure
  return value
}

type Reads = Pick<
  Tron,
  'status' | 'jobs' | 'job' | 'runs' | 'run' | 'actionHistory' | 'slots' | 'output' | 'changes' | 'stats'
>

function reads(state: State): Reads {
  const runsOf = (job: JobId) => unlessFailing(state, state.jobs.get(job)?.runs ?? [])
  return {
    status: () => unlessFailing(state, state.status),
    jobs: () =>
      unlessFailing(
        state,
        [...state.jobs.values()].map((kept) => kept.view),
      ),
    job: (id) => unlessFailing(state, state.jobs.get(id)?.view),
    runs: async (job, { limit, before = Number.POSITIVE_INFINITY }) =>
      Promise.resolve(
        runsOf(job)
          .filter((run) => run.row.number < before)
          .slice(0, limit),
      ),
    run: async (job, which) =>
      Promise.resolve(
        'number' in which
          ? runsOf(job).find((run) => run.row.number === which.number)
          : runsOf(job)[which.fromNewest],
      ),
    actionHistory: async (job, action, { limit }) =>
      Promise.resolve(
        runsOf(job)
          .flatMap((run) => run.actions.filter((one) => one.row.name === action))
          .slice(0, limit),
      ),
    slots: () => Promise.resolve(unlessFailing(state, [])),
    output: async (run, action, { stream, lines }) => {
      const kept = state.outputs.get(`${actionRunId(run, action)}/${stream}`) ?? emptyOutput
      return Promise.resolve(unlessFailing(state, { ...kept, lines: kept.lines.slice(-lines) }))
    },
    async *changes() {
      // Nothing changes by itself here.
    },
    stats: () => unlessFailing(state, { jobs: state.jobs.size }),
  }
}

type Writes = Pick<FakeTron, 'commands' | 'recoveries' | 'command' | 'answered' | 'recoverWithout'>

function writes(state: State): Writes {
  const commands: Command[] = []
  const recoveries: Recovery[] = []
  const answers = new Map<string, { readonly asked: string | undefined; readonly reply: CommandReply }>()
  const answered = (requestId: string, asked: string | undefined): CommandReply | null => {
    const before = answers.get(requestId)
    if (before === undefined) return null
    return before.asked === asked ? before.reply : reused(`used for another command: ${before.asked}`)
  }
  const once = (requestId: string, asked: string | undefined, answer: () => CommandReply) => {
    const before = answered(requestId, asked)
    if (before !== null) return before
    const reply = unlessFailing(state, refusalOf(state.status) ?? answer())
    answers.set(requestId, { asked, reply })
    return reply
  }
  return {
    commands,
    recoveries,
    async command(command) {
      commands.push(command)
      const { requestId, asked } = command
      return Promise.resolve(once(requestId, asked, () => obey(state.jobs, command)))
    },
    answered: ({ requestId, asked }) => Promise.resolve(answered(requestId, asked)),
    async recoverWithout(node, by) {
      recoveries.push({ node, ...by })
      return Promise.resolve(once(by.requestId, `recover without ${node}`, () => giveUp(state, node)))
    },
  }
}

function giveUp(state: State, node: string): CommandReply {
  const { waitingFor } = state.status
  if (!waitingFor.includes(node)) return notFound(`No take-over waits for node "${node}"`)
  state.status = { ...state.status, waitingFor: waitingFor.filter((other) => other !== node) }
  return done(`Going on without ${node}`)
}

const workingStatus: EngineStatus = {
  state: 'working',
  reason: null,
  installation: 'abcdefghijklmnopqrstuvwxyz',
  epoch: 3,
  startedMs: 1_767_571_200_000,
  seq: 7,
  waitingFor: [],
  targets: [],
}

const emptyOutput: OutputView = { lines: [], bytes: 0, complete: true, reason: null }
