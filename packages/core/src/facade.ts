import { actionRunId, type ConfigRepository, TronError } from '@tron/model'
import type { Row, RunRow, Store } from '@tron/store'
import type { Command, CommandReply } from './command.ts'
import { answerAgain, recoveryWords, wordsOf } from './decide/answers.ts'
import { readTakeOver } from './decide/take-over.ts'
import type { Engine } from './engine/engine.ts'
import type { GuardedExecutor } from './engine/guard-executor.ts'
import type { OpenState } from './engine/open-state.ts'
import { disposeExecutors, releaseLease } from './engine/parts.ts'
import { readOutput } from './read/output.ts'
import { jobView } from './read/views.ts'
import type { EngineStatus, Tron, TronOptions } from './tron.ts'

export interface FacadeParts {
  readonly options: TronOptions
  readonly store: Store
  readonly state: OpenState
  readonly engine: Engine
  readonly executors: ReadonlyMap<string, GuardedExecutor>
}

/** The use cases of the engine, as `Tron` offers them. */
export function createFacade(parts: FacadeParts): Tron {
  const { options, store, state, engine } = parts
  const { view } = state.tables
  const startedMs = options.clock.nowMs()
  return {
    config: configOf(parts),
    status: () => statusOf(parts, startedMs),
    jobs: () => view.jobs.all().flatMap((row) => jobView(view, engine.snapshot, row) ?? []),
    job: (id) => {
      const row = view.jobs.get(id)
      return row === undefined ? undefined : jobView(view, engine.snapshot, row)
    },
    runs: (job, page) => engine.reader.runs(job, page),
    run: (job, which) => engine.reader.run(job, which),
    actionHistory: (job, action, page) => engine.reader.actionHistory(job, action, page),
    async slots(job, page) {
      const params = page.before === undefined ? { job } : { job, before: page.before }
      const { signal } = new AbortController()
      return (await store.query({ name: 'slotsOfJob', params, limit: page.limit }, { signal })).rows
    },
    async output(run, action, request) {
      const id = actionRunId(run, action)
      const found = (await engine.reader.byId(run))?.actions.find((candidate) => candidate.row.id === id)
      if (found === undefined)
        return { lines: [], bytes: 0, complete: true, reason: 'there is no such action' }
      const { logs, clock } = options
      const { fetcher } = engine
      return readOutput(
        { logs, clock, fetcher, read: (attempt) => view.attempts.get(attempt) },
        found,
        request,
      )
    },
    command: (command) => giveCommand(parts, command),
    changes: (subscription) => engine.feed.subscribe(subscription),
    answered: ({ requestId, asked }) => answered(parts, requestId, asked),
    recoverWithout: (node, by) => recoverWithout(parts, node, by),
    stats: () => ({
      seq: engine.loop.seq,
      backlog: engine.loop.backlog,
      jobs: view.jobs.all().length,
      liveRuns: view.runs.all().length,
      liveAttempts: view.attempts.all().length,
      works: engine.works,
      fetches: engine.fetcher.size,
    }),
    [Symbol.asyncDispose]: once(() => dispose(parts)),
  }
}

function once(call: () => Promise<void>): () => Promise<void> {
  let called: Promise<void> | undefined
  return () => (called ??= call())
}

async function dispose({ options, store, state, engine, executors }: FacadeParts): Promise<void> {
  await engine.stop()
  await disposeExecutors(executors, options)
  await releaseLease(state.lease, options)
  await store[Symbol.asyncDispose]()
}

function statusOf({ state, engine }: FacadeParts, startedMs: number): EngineStatus {
  return {
    state: engine.health.state(),
    reason: engine.health.reason(),
    installation: state.installation,
    epoch: state.lease.epoch,
    startedMs,
    seq: engine.loop.seq,
    waitingFor: readTakeOver(state.tables.view).nodes,
    targets: engine.targets.statuses(),
  }
}

/** The answer that a request got, wherever it is kept; null for a new one. */
async function answered(
  { store, state }: FacadeParts,
  request: string,
  words: string,
): Promise<CommandReply | null> {
  const known = state.tables.view.audit.get(request)
  if (known !== undefined) return answerAgain(known, words)
  const query = { name: 'request', params: { request }, limit: 1 } as const
  const found = (await store.query(query, { signal: new AbortController().signal })).rows[0]
  return found === undefined ? null : answerAgain(found, words)
}

/** What an engine answers that takes no commands now; null when it does. */
function refusalOf({ health }: Engine): CommandReply | null {
  if (health.state() === 'working') return null
  const outcome = health.state() === 'fenced' ? 'fenced' : 'degraded'
  return { outcome, text: health.reason() ?? '', runs: [] }
}

/** The configuration, with an update that is refused as a command is, and is not done before it is committed. */
function configOf({ options: { config }, engine }: FacadeParts): ConfigRepository {
  // Each method by itself: somebody's repository may be a class.
  return {
    texts: () => config.texts(),
    read: () => config.read(),
    check: (namespace, text, hash) => config.check(namespace, text, hash),
    faults: () => config.faults(),
    onChange: (listener) => config.onChange(listener),
    async update(namespace, text, hash) {
      const refusal = refusalOf(engine)
      if (refusal !== null) {
        throw new TronError(refusal.outcome === 'fenced' ? 'FENCED' : 'STORE_DEGRADED', refusal.text)
      }
      const result = await config.update(namespace, text, hash)
      if (result.ok) await engine.configs.committed()
      return result
    },
  }
}

const UNDECIDED: CommandReply = { outcome: 'refused', text: 'the command was not decided', runs: [] }

async function recoverWithout(
  parts: FacadeParts,
  node: string,
  by: Parameters<Tron['recoverWithout']>[1],
): Promise<CommandReply> {
  const { engine } = parts
  const early = (await answered(parts, by.requestId, recoveryWords(node))) ?? refusalOf(engine)
  if (early !== null) return early
  return (await engine.loop.submit({ kind: 'recover-without', node, ...by })) ?? UNDECIDED
}

/** A request that was answered before gets the same answer, also of an engine that takes no commands; the others are decided. */
async function giveCommand(parts: FacadeParts, command: Command): Promise<CommandReply> {
  const early = (await answered(parts, command.requestId, wordsOf(command))) ?? refusalOf(parts.engine)
  return early ?? (await decided(parts.engine, command)) ?? UNDECIDED
}

function decided(engine: Engine, command: Command): Promise<CommandReply | null> {
  const { subject } = command
  const submit = (history: readonly Row[], succeededBefore?: RunRow) =>
    engine.loop.submit({
      kind: 'command',
      command,
      history,
      ...(succeededBefore === undefined ? {} : { succeededBefore }),
    })
  if (subject.kind === 'job') return submit([])
  const stops = subject.verb === 'stop' || subject.verb === 'kill'
  return engine.withHistory([subject.run], async (history) => {
    if (stops) return submit([...history, ...(await engine.reader.leftBehind(subject.run))])
    return subject.verb === 'fail'
      ? submit(history, await engine.reader.succeededBefore(subject.run))
      : submit(history)
  })
}
