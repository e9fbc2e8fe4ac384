import type { ExecutorEvent } from '@tron/executor'
import { type ConfigSnapshot, type RunId, runParts } from '@tron/model'
import type { AttemptRow, Change, Row, RunRow, Store } from '@tron/store'
import type { Input } from '../decide/input.ts'
import { mayHaveStarted } from '../decide/take-over.ts'
import { createRunReader, type RunReader } from '../read/run-reader.ts'
import type { TronOptions } from '../tron.ts'
import { type ChangeFeed, createChangeFeed } from './change-feed.ts'
import { type ConfigIntake, startConfigIntake } from './config-intake.ts'
import type { GuardedExecutor } from './guard-executor.ts'
import { createHealth, type EngineHealth } from './health.ts'
import { createHousekeeper, type Housekeeper } from './housekeeper.ts'
import { createImporter, type Importer } from './importer.ts'
import { startIntake } from './intake.ts'
import { type CommittedBatch, createLoop, type Loop } from './loop.ts'
import type { OpenState } from './open-state.ts'
import { createOutputFetcher, type OutputFetcher } from './output-fetcher.ts'
import { nameTargets } from './parts.ts'
import { createReconciler, type Reconciler } from './reconciler.ts'
import { surveyNodes } from './survey.ts'
import { createTargets, type Targets } from './targets.ts'
import { createTicker, type Ticker } from './ticker.ts'
import { createTurns } from './turns.ts'

/** What to do about a scheduler that holds a node. */
const IF_GONE = 'If that one is gone for good, start with --take-over'

export interface EngineParts {
  readonly options: TronOptions
  readonly store: Store
  readonly state: OpenState
  readonly snapshot: ConfigSnapshot
  readonly executors: ReadonlyMap<string, GuardedExecutor>
  /** How often the clock is looked at when nothing is due; half a minute unless told. */
  readonly lookMs?: number
}

/** The parts of the engine and what connects them: what was committed is looked at by each, and each submits what it finds out. */
export class Engine {
  readonly health: EngineHealth
  readonly feed: ChangeFeed = createChangeFeed()
  readonly loop: Loop
  readonly targets: Targets
  readonly reader: RunReader
  readonly fetcher: OutputFetcher
  readonly configs: ConfigIntake
  readonly #parts: EngineParts
  readonly #reconciler: Reconciler
  readonly #turns = createTurns()
  readonly #ticker: Ticker
  readonly #housekeeper: Housekeeper
  readonly #importer: Importer
  #intakes: readonly { stop(): Promise<void> }[] = []
  #snapshot: ConfigSnapshot

  constructor(parts: EngineParts) {
    const { options, store, state, executors } = parts
    const { view } = state.tables
    this.#parts = parts
    this.#snapshot = parts.snapshot
    state.specs.addAll(parts.snapshot)
    this.health = createHealth(options.log)
    const snapshot = () => this.#snapshot
    const { clock, log, logs } = options
    const acting = { executors, logs, clock, log, ...this.#access(), mayAct: () => this.health.mayAct() }
    this.targets = createTargets({ snapshot, attempts: () => view.attempts.all() })
    this.reader = createRunReader({ store, view, specs: state.specs, snapshot })
    this.fetcher = createOutputFetcher(acting)
    this.#reconciler = createReconciler({
      ...acting,
      all: () => view.attempts.all(),
      mayHaveStarted: (row) => mayHaveStarted(view, row),
      fenced: (reason) => {
        this.health.fenced(reason)
      },
    })
    this.#ticker = this.#makeTicker()
    this.#housekeeper = this.#makeHousekeeper()
    this.#importer = this.#makeImporter()
    this.loop = this.#makeLoop()
    this.health.onChange((to) => {
      if (to === 'working') this.#resumeActing()
      if (to === 'fenced') this.#stopActing()
    })
    this.#watchLease()
    const { config } = options
    const apply = (next: ConfigSnapshot) => this.#configure(next, 'the configuration')
    this.configs = startConfigIntake({ config, health: this.health, log, apply })
  }

  /** It may be lost already: records and configuration take their time to be read. */
  #watchLease(): void {
    const { lost } = this.#parts.state.lease
    const fence = () => {
      this.health.fenced('the lease of the store was lost; another scheduler may hold it now')
    }
    if (lost.aborted) fence()
    else lost.addEventListener('abort', fence)
  }

  /** What parts that act need of the records. */
  #access() {
    const { view } = this.#parts.state.tables
    return {
      read: (id: AttemptRow['id']) => view.attempts.get(id),
      submit: (input: Input) => this.loop.submit(input),
    }
  }

  #makeTicker(): Ticker {
    const { options, state, lookMs } = this.#parts
    return createTicker({
      clock: options.clock,
      ...(lookMs === undefined ? {} : { lookMs }),
      read: (id) => state.tables.view.runs.get(id),
      submit: this.#access().submit,
      warn: (error) => {
        if (this.health.mayDecide()) options.log.warn('a look at the clock was not taken in', { error })
      },
    })
  }

  #makeHousekeeper(): Housekeeper {
    const { options, store, state } = this.#parts
    const { view } = state.tables
    return createHousekeeper({
      store,
      lease: state.lease,
      logs: options.logs,
      clock: options.clock,
      log: options.log,
      spec: (job) => this.#snapshot.jobs[job],
      isLive: (run) => view.runs.get(run) !== undefined,
      trash: () => view.trash.all(),
      inTurn: (run, remove) => this.#turns.take([run], remove),
      submit: this.#access().submit,
    })
  }

  #makeImporter(): Importer {
    const { options, store, state, executors } = this.#parts
    const { clock, log } = options
    return createImporter({
      executors,
      store,
      state,
      clock,
      log,
      health: this.health,
      targets: this.targets,
      withHistory: (runs, decide) => this.withHistory(runs, decide),
      submit: this.#access().submit,
      adoptAll: (target) => {
        this.#reconciler.adoptAll(target)
      },
    })
  }

  #makeLoop(): Loop {
    const { options, store, state } = this.#parts
    const { tables, specs, lease, seq, installation } = state
    const { clock, log } = options
    return createLoop({
      tables,
      store,
      lease,
      seq,
      clock,
      log,
      health: this.health,
      context: () => ({
        nowMs: clock.nowMs(),
        installation,
        snapshot: this.#snapshot,
        spec: (hash) => specs.spec(hash),
        schedule: (spec) => specs.schedule(spec),
      }),
      ...(options.record === undefined ? {} : { record: options.record }),
      applying: (batch) => {
        this.feed.publish(batch, tables.view)
      },
      committed: (batch) => {
        this.#committed(batch)
      },
    })
  }

  /** Attempts that something is still to be asked of. */
  get works(): number {
    return this.#reconciler.size
  }

  get snapshot(): ConfigSnapshot {
    return this.#snapshot
  }

  /** Looks at the nodes, catches up with what happened meanwhile, then works; or finds out that somebody else does, and only reads. */
  async start(): Promise<void> {
    if (!this.health.mayDecide()) return
    await this.#nameTargets()
    if (await this.#isForeign()) return
    await this.#importer.importAll()
    await this.#resume()
    await this.#configure(this.#snapshot, 'the start')
    for (const run of this.#parts.state.tables.view.runs.all()) this.#ticker.note(run)
    this.health.ready()
    this.#ticker.start()
    this.#housekeeper.start(this.#parts.state.tables.view.jobs.all())
  }

  async stop(): Promise<void> {
    this.configs.stop()
    this.#ticker.stop()
    this.#reconciler.stop()
    const parts = [...this.#intakes, this.fetcher, this.#housekeeper]
    this.#intakes = []
    const stopped = parts.map((part) => part.stop())
    // Before they are waited for: what they have submitted waits for the store, and where that cannot commit, for ever. What is refused comes again.
    // The next start knows from the tick since when nobody watched the clock.
    await this.loop.stop({ kind: 'tick', due: [] })
    await Promise.all(stopped)
    this.health.stopped()
    this.#importer.stop()
  }

  #nameTargets(): Promise<void> {
    const { executors, options } = this.#parts
    return nameTargets(executors, { targets: this.targets, log: options.log })
  }

  #asking() {
    const { executors, options } = this.#parts
    return { executors, targets: this.targets.configured(), clock: options.clock, log: options.log }
  }

  async #isForeign(): Promise<boolean> {
    const { foreign } = await surveyNodes(this.#asking(), this.#parts.state.lease)
    const pending = new Set(this.#importer.pending())
    const others = foreign.filter(({ target }) => !pending.has(target.node))
    for (const { target, holder } of others) {
      const reason = `node ${target.node} is held by another scheduler: ${holder}`
      // Nobody takes in what the executors say of it: a fenced engine does not act.
      this.targets.seen({ kind: 'target', target, state: 'fenced', reason })
      this.health.fenced(`${reason}. ${IF_GONE}`)
    }
    return others.length > 0
  }

  /**
   * Decides on runs that may be history: their rows are read, and nobody else decides on them from then until that is committed. What two would read
   * at the same time, the second would put back over what the first made of it. Nor on other runs of their jobs: what is decided on one may turn on
   * which of the others succeeded.
   */
  withHistory<T>(runs: readonly RunId[], decide: (history: readonly Row[]) => Promise<T>): Promise<T> {
    const keys = new Set(runs.flatMap((run) => [run, runParts(run).job]))
    return this.#turns.take([...keys], async () => {
      const rows = await Promise.all(runs.map((run) => this.reader.hydrate(run)))
      return decide(rows.flat())
    })
  }

  async #resume(): Promise<void> {
    const lastTick = this.#parts.state.tables.view.meta.get('lastTick')?.value
    if (typeof lastTick === 'number') await this.loop.submit({ kind: 'resume', sinceMs: lastTick })
  }

  async #configure(snapshot: ConfigSnapshot, actor: string): Promise<void> {
    this.#parts.state.specs.addAll(snapshot)
    await this.loop.submit({ kind: 'configure', snapshot, actor })
  }

  #committed(batch: CommittedBatch): void {
    // At once, before anything else is decided: the next batch must see the configuration that was committed.
    for (const input of batch.inputs) if (input.kind === 'configure') this.#snapshot = input.snapshot
    const attempts = new Map<AttemptRow['id'], AttemptRow>()
    for (const { put } of batch.changes) {
      if (put?.table === 'attempts') attempts.set(put.row.id, put.row)
      else if (put?.table === 'runs') this.#noteRun(put.row)
    }
    if (batch.inputs.some(({ kind }) => kind === 'configure')) this.#noteJobs(batch.changes)
    // Before anything is asked there: whoever is asked must have been told how to reach it.
    if (batch.inputs.some(changesTargets)) void this.#nameTargets()
    this.#reconciler.consider(attempts.values())
    for (const row of attempts.values()) if (row.output === 'closed') this.fetcher.ended(row.id)
  }

  /** A job whose configuration changed may keep fewer runs now. */
  #noteJobs(changes: readonly Change[]): void {
    for (const { put } of changes) if (put?.table === 'jobs') this.#housekeeper.note(put.row.id)
  }

  #noteRun(row: RunRow): void {
    this.#ticker.note(row)
    if (!row.live) this.#housekeeper.note(row.job)
  }

  /** Everything that is live is looked at anew: after the start, and when a store works again. */
  #resumeActing(): void {
    const { executors, options, state } = this.#parts
    const view = state.tables.view
    const attempts = view.attempts.all()
    this.#reconciler.resume(attempts)
    for (const row of attempts) if (row.output === 'closed') this.fetcher.ended(row.id)
    if (this.#intakes.length > 0) return
    this.#intakes = [...executors.values()].map((executor) =>
      startIntake({
        executor,
        logs: options.logs,
        clock: options.clock,
        log: options.log,
        cursors: () => Object.fromEntries(view.cursors.all().map((row) => [row.source, row.cursor])),
        read: (id) => view.attempts.get(id),
        submit: (input) => this.loop.submit(input),
        target: (event) => {
          this.#targetSeen(event)
        },
        isTarget: (source) => this.targets.has(source),
        grown: (id) => {
          this.fetcher.grown(id)
        },
      }),
    )
  }

  #stopActing(): void {
    this.#ticker.stop()
    this.#reconciler.stop()
    const intakes = this.#intakes
    this.#intakes = []
    void Promise.all(intakes.map((intake) => intake.stop()))
  }

  #targetSeen(event: Extract<ExecutorEvent, { kind: 'target' }>): void {
    const { log } = this.#parts.options
    const before = this.targets.seen(event)
    const fields = { node: event.target.node, state: event.state, reason: event.reason }
    if (event.state === 'reachable') log.info('a node is reachable', fields)
    else log.warn('a node is not as it should be', fields)
    if (event.state === 'fenced') this.health.fenced(`${event.reason}. ${IF_GONE}`)
    const waits = this.#importer.pending().includes(event.target.node)
    // What was lost on the node meanwhile, its disk with it, nobody tells but who is asked.
    if (event.state === 'reachable' && before !== undefined) this.#reconciler.adoptAll(event.target)
    if (event.state === 'reachable' && waits) this.#importer.importFrom(event.target.node)
  }
}

/** A new configuration, and a command on what was history: that may stand on a node which the configuration does not name any more. */
function changesTargets(input: Input): boolean {
  if (input.kind === 'configure') return true
  return input.kind === 'command' && input.history.some(({ table }) => table === 'attempts')
}
