import { type Logger, messageOf } from '@tron/model'
import { createSeededRandom } from '@tron/model/testing'
import type { Commit } from '@tron/store'
import { createTronInside } from '../create-tron.ts'
import type { OpenState } from '../engine/open-state.ts'
import type { Tron } from '../tron.ts'
import type { Books } from './books.ts'
import { canTell } from './can-tell.ts'
import { chance, drawsOf } from './chance.ts'
import { type KillPlace, Life } from './life.ts'
import type { LogDisk } from './log-disk.ts'
import { mortalStoreModule, type StoreFault } from './mortal-store.ts'
import { observeInputs } from './observe-inputs.ts'
import { callToDieAt, isOrderRepeated } from './orders.ts'
import { type ActRules, createActRules, unaskedDemand } from './rules-of-acts.ts'
import { judgeAttempts } from './rules-of-attempts.ts'
import { judgeRuns } from './rules-of-runs.ts'
import { judgeSlots } from './rules-of-slots.ts'
import { judgeLastSuccess, judgeMemory } from './rules-of-the-whole.ts'
import { judgeConfiguration, judgeTimes, untold } from './rules-of-wishes.ts'
import { unrulyExecutorModule } from './unruly-executor.ts'
import type { World } from './world.ts'

const SECOND = 1_000
/** Between two looks at the clock; longer than in the product, so that they are not most of what happens. */
const LOOK_MS = 3_600_000
/** What is demanded is asked within this, where nothing is in the way. */
const ASKING_MS = 5 * 60 * SECOND
/** It is told, or asked, within this: longer than any pause between two tries. */
const TELLING_MS = 20 * 60 * SECOND
/** A scheduler that does not start so many times in a row will not by itself. */
const MOST_REFUSALS = 30

const quiet = (): void => undefined

/** What the engine logs only when a part of it is wrong. */
const DEFECTS: ReadonlySet<string> = new Set([
  'a decision failed; its input is left out',
  'the store refused a record',
])

/** A service that keeps one scheduler running: it starts it anew whenever it ends. */
export class Scheduler {
  readonly name: string
  readonly faults: StoreFault[] = []
  books: Books
  takeOver = false
  /** How long it stays down after its next end. */
  downMs = 0
  /** Where its next process is killed. */
  nextKill: KillPlace | null = null
  readonly #world: World
  readonly #logs: LogDisk
  readonly #host = { offsetMs: 0, setMs: -Infinity }
  #life: Life | null = null
  #tron: Tron | null = null
  #state: OpenState | null = null
  #rules: ActRules | null = null
  /** Since when it works, in true time. */
  #upMs = 0
  #starts = 0
  /** Starts in a row that were refused. */
  #refusals = 0
  #wanted = true
  /** Commits whose answer is under way: until then, memory lags behind the store. */
  #unanswered = 0
  /** The process that its store has told of another holder. */
  #refused: Life | null = null
  /** The process whose newest commit the store did not take. */
  #degraded: Life | null = null
  /** Of the lease of a shared store that it was given last. */
  #leaseLost: AbortSignal | null = null
  /** When its store last said no. */
  #troubledMs = 0
  readonly #lacking = new Map<string, { readonly what: string; readonly sinceMs: number }>()
  #crashed: Promise<unknown> = Promise.resolve()

  constructor(name: string, world: World, of: { readonly books: Books; readonly logs: LogDisk }) {
    this.name = name
    this.#world = world
    this.books = of.books
    this.#logs = of.logs
  }

  /** What is running now and answers; null while it is down or starting. */
  get tron(): Tron | null {
    return this.#tron
  }

  get life(): Life | null {
    return this.#life
  }

  get logs(): LogDisk {
    return this.#logs
  }

  setClock(byMs: number): void {
    this.#host.offsetMs += byMs
    this.#host.setMs = this.#world.time.nowMs()
  }

  /** Kills it for good. */
  remove(): void {
    this.#wanted = false
    this.#life?.kill('at once')
  }

  async stop(): Promise<void> {
    const tron = this.#tron
    const life = this.#life
    if (tron === null || life === null) return
    this.#world.story.tell(`${this.name} is stopped in good order`)
    this.#tron = null
    await tron[Symbol.asyncDispose]()
    life.kill('after it had stopped')
  }

  boot(): void {
    if (!this.#wanted || (this.#life !== null && !this.#life.dead)) return
    this.#starts += 1
    const start = { seed: this.#world.plan.seed, scheduler: this.name, starts: this.#starts }
    this.takeOver &&= isOrderRepeated(start, this.books.records)
    const life = new Life(this.name, this.#host, (where) => {
      this.#died(where)
    })
    this.#life = life
    if (this.nextKill !== null) life.killAt(this.nextKill)
    this.nextKill = null
    const fatal = this.takeOver ? callToDieAt(start) : null
    if (fatal !== null) life.killAtCall(fatal)
    this.#unanswered = 0
    void this.#start(life)
  }

  async #start(life: Life): Promise<void> {
    const { coverage, story } = this.#world
    try {
      await this.#crashed
      const tron = await this.#create(life)
      if (life.dead) return
      this.#tron = tron
      this.takeOver = false
      this.#refusals = 0
      this.#upMs = this.#world.time.nowMs()
      const { state, reason } = tron.status()
      coverage.add(`start: ${state}`)
      story.tell(`${this.name} is up: ${reason ?? state}`)
    } catch (error) {
      if (life.dead) return
      coverage.add('start: refused')
      story.tell(`${this.name} does not start: ${messageOf(error)}`)
      this.#refusals += 1
      if (this.#refusals > MOST_REFUSALS) {
        this.#world.verdict.fail('never-stuck', `${this.name} does not start: ${messageOf(error)}`, [])
      }
      this.downMs = Math.max(this.downMs, 30 * SECOND)
      life.kill('at its start')
    }
  }

  #died(where: string): void {
    const world = this.#world
    const { downMs } = this
    this.#tron = null
    this.#state = null
    this.#lacking.clear()
    this.downMs = 5 * SECOND
    world.coverage.add('kill')
    world.coverage.add(`kill: ${where}`)
    world.story.tell(`${this.name} is killed, ${where}`)
    const { storage } = this.books
    this.#crashed = world.turnstile.inTurn(() => storage.crash())
    if (this.#wanted)
      world.time.at(world.time.nowMs() + downMs, () => {
        this.boot()
      })
  }

  #create(life: Life): Promise<Tron> {
    const world = this.#world
    const { books } = this
    const options = {
      store: { module: mortalStoreModule(books.storage, life, this.#storeWatch(life, books)), options: {} },
      executors: { fake: { module: unrulyExecutorModule(this.#executorParts(life, books)), options: {} } },
      logs: this.#logs.open(life),
      config: world.config.open(life),
      clock: world.time.clockOf(life),
      random: createSeededRandom(
        Math.floor(chance(world.plan.seed, 'random', this.name, this.#starts) * 2 ** 32),
      ),
      log: this.#logger(),
      secrets: { resolve: () => Promise.reject(new Error('there are no secrets here')) },
      owner: { host: this.name, pid: this.#starts },
      takeOver: this.takeOver,
      record: observeInputs(books, world.coverage),
    }
    const inside = {
      lookMs: LOOK_MS,
      opened: (state: OpenState) => {
        if (life.dead) return
        this.#state = state
        world.nodes.installation = state.installation
        this.judge()
      },
    }
    return createTronInside(options, inside)
  }

  #executorParts(life: Life, books: Books) {
    const world = this.#world
    const { nodes, verdict, coverage } = world
    const { numbers, time } = world
    const rules = createActRules({
      books,
      logs: this.#logs,
      nodes,
      verdict,
      numbers,
      nowMs: () => time.nowMs(),
      refused: () => this.#refused === life,
      degraded: () => this.#degraded === life,
    })
    this.#rules = rules
    const draw = drawsOf(world.plan.seed, `messages of ${this.name} ${this.#starts}`)
    const watch = {
      ...rules,
      happened: (name: string) => {
        coverage.add(name)
      },
      latencyMs: () => (world.calm || draw.often(0.5) ? 0 : draw.whole(1, draw.often(0.05) ? 20_000 : 300)),
      delay: (ms: number) => world.delay(ms),
      extra: () => world.extraEvents.splice(0),
    }
    return {
      cluster: nodes.cluster,
      life,
      watch,
      draw: drawsOf(world.plan.seed, `events of ${this.name} ${this.#starts}`),
      orderly: () => world.calm,
      onDeath: (call: () => void) => {
        life.onDeath(call)
      },
    }
  }

  #storeWatch(life: Life, books: Books) {
    const world = this.#world
    return {
      committed: (commit: Commit) => {
        this.#committed(books, commit)
      },
      acquired: (lost: AbortSignal) => {
        this.#acquired(lost)
      },
      hearsLoss: () => chance(world.plan.seed, 'hears', this.name, this.#starts) < 0.5,
      underWay: (by: 1 | -1) => {
        this.#unanswered += by
        if (by === 1 && this.#refused === life)
          world.verdict.fail('none-beside', `${this.name} goes on committing`, [])
      },
      pruned: (runs: readonly string[]) => {
        books.records.prune(runs)
        for (const run of runs) this.#pruned(books, run)
      },
      answered: (name: string) => {
        if (name !== 'ok') this.#troubledMs = world.time.nowMs()
        if (name === 'fenced' || name === 'conflict') this.#isRefused(life)
        this.#degraded = name === 'full' || name === 'unavailable' ? life : null
        world.coverage.add(`commit: ${name}`)
      },
      fault: () => (world.calm ? undefined : this.faults.shift()),
      delay: (ms: number) => world.delay(ms),
      inTurn: <T>(call: () => Promise<T>) => world.turnstile.inTurn(call),
    }
  }

  /** A lease that its holder renews is not given to another. */
  #acquired(lost: AbortSignal): void {
    const { verdict, schedulers } = this.#world
    const holder = schedulers.find((other) => other !== this && other.#holdsLease())
    this.#leaseLost = lost
    if (holder === undefined) return
    verdict.fail('lease-kept', `${this.name} is given the lease that ${holder.name} holds and renews`, [])
  }

  #holdsLease(): boolean {
    return this.#tron?.status().state === 'working' && this.#leaseLost?.aborted === false
  }

  /** The store said that another one holds it: from now on it is fenced, and says so. */
  #isRefused(life: Life): void {
    const { time, verdict } = this.#world
    this.#refused = life
    time.at(time.nowMs(), () => {
      const state = life.dead || this.#life !== life ? 'fenced' : (this.#tron?.status().state ?? 'fenced')
      if (state !== 'fenced')
        verdict.fail('none-beside', `${this.name} was refused by the store, and says it is ${state}`, [])
    })
  }

  /** No run goes while its job has no more than it may keep. */
  #pruned(books: Books, run: string): void {
    const job = run.slice(0, run.lastIndexOf('.'))
    const least = Math.min(...(this.#world.limits.get(job) ?? [0]))
    let kept = 0
    for (const other of books.records.tables.runs.values()) if (other.job === job) kept += 1
    if (kept >= least) return
    const text = `${run} was removed, and of ${least} runs that its job keeps there are ${kept}`
    this.#world.verdict.fail('run-limit', text, [job])
  }

  get starts(): number {
    return this.#starts
  }

  #committed(books: Books, commit: Commit): void {
    const { verdict, nodes } = this.#world
    const { records, ledger } = books
    const seen = records.take(commit)
    const judging = { seen, records, verdict }
    judgeRuns(judging)
    judgeSlots({
      ...judging,
      rhythms: this.#world.rhythms,
      ledger,
      hasRun: (job, slotMs) =>
        canTell(nodes.ranOn(job, slotMs), { books, world: this.#world, asked: this.#rules }),
    })
    judgeAttempts({ ...judging, nodes, log: (key) => this.#logs.peek(key).bytes })
    this.#world.observe(seen)
  }

  /** Compares the whole of its memory with what was committed. */
  judge(): void {
    if (this.#state === null || this.#unanswered > 0) return
    const { records } = this.books
    const seq = this.#tron?.stats()['seq'] ?? this.#state.seq
    // One that was deposed, and does not know it yet, is behind.
    if (
      (this.#tron?.status().state ?? 'working') !== 'working' ||
      (records.seq !== null && records.seq !== seq)
    )
      return
    judgeMemory({ view: this.#state.tables.view, records, verdict: this.#world.verdict })
    judgeLastSuccess(records, this.#world.verdict)
  }

  /** Whether all that the records demand has been asked of the nodes, and all that nodes tell was taken in, once there was the time for that. */
  judgeWishes(): void {
    const { time, verdict } = this.#world
    const rules = this.#rules
    if (rules === null || this.#state === null || !this.#isQuiet()) return
    const nowMs = time.nowMs()
    const { records } = this.books
    judgeConfiguration(records, this.#world)
    // A clock that was set is noticed at the next look at it.
    const isClockKnown = this.#host.setMs + 2 * LOOK_MS < nowMs
    if (isClockKnown) judgeTimes(records, verdict, nowMs + this.#host.offsetMs)
    for (const row of this.#state.tables.view.attempts.all()) {
      const reachable = this.#world.nodes.cluster.isReachable(row.target.node)
      const lacking = unaskedDemand(row, { asked: rules, nowMs, reachable }) ?? untold(row, this.#world.nodes)
      const known = this.#lacking.get(row.id)
      if (lacking === null) this.#lacking.delete(row.id)
      else if (known?.what !== lacking) this.#lacking.set(row.id, { what: lacking, sinceMs: nowMs })
      else if (nowMs - known.sinceMs >= TELLING_MS) {
        verdict.fail('wishes-asked', `${lacking} of ${row.action} on ${row.target.node}`, [
          row.action,
          row.id,
        ])
      }
    }
  }

  /** It works, and nothing has been in its way for a while. */
  #isQuiet(): boolean {
    const quietMs = this.#world.time.nowMs() - Math.max(this.#upMs, this.#troubledMs)
    return quietMs >= ASKING_MS && this.#unanswered === 0 && this.#tron?.status().state === 'working'
  }

  #logger(): Logger {
    const { verdict } = this.#world
    const logger: Logger = {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (message, fields) => {
        if (DEFECTS.has(message)) verdict.fail('no-defect', `${message}: ${JSON.stringify(fields ?? {})}`, [])
      },
      child: () => logger,
    }
    return logger
  }
}
