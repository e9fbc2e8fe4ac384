import type { AttemptRef, EventBatch, Executor, Fence, TargetConfig } from '@tron/executor'
import { type AttemptId, type Logger, messageOf, type Target, targetKey } from '@tron/model'
import { createMemoryLogger } from '@tron/model/testing'
import { createNodeExecutor } from '../node-executor.ts'
import {
  type AttemptRow,
  applyEvent,
  type CommittedState,
  endUnstarted,
  isToBeStopped,
} from './attempt-row.ts'
import type { Dice } from './dice.ts'
import { checkEvent } from './event-check.ts'
import type { ModelNode } from './model-node.ts'
import { readOutputOf } from './output-reading.ts'
import { askRelease, askRevoke, askStart } from './scheduler-calls.ts'
import type { SimNetwork } from './sim-network.ts'
import type { AttemptEvent } from './truth-check.ts'
import type { World } from './world.ts'

/** What a scheduler of a simulation works with. */
export interface LifeOptions {
  readonly world: World
  readonly network: SimNetwork
  readonly state: CommittedState
  readonly nodes: ReadonlyMap<string, ModelNode>
  readonly targets: readonly TargetConfig[]
  readonly fence: Fence
}

/** How long a call may take before its result counts as unknown. */
const DEADLINE_MS = 120_000
/** What a node that can be reached has to answer is answered within this. */
const ANSWER_LIMIT_MS = 40_000

/** One process of a scheduler: takes events in, and asks for what the rows demand. Nothing of it but the committed state outlives it. */
export class SchedulerLife {
  readonly options: LifeOptions
  readonly executor: Executor
  readonly dice: Dice
  readonly #log: Logger = createMemoryLogger()
  readonly #ending = new AbortController()
  readonly #told = new Map<AttemptId, Parameters<typeof checkEvent>[0]['told']>()
  readonly #busy = new Set<AttemptId>()
  readonly #stops = new Map<AttemptId, string>()
  readonly #adopting = new Map<AttemptId, { readonly node: string; readonly atMs: number }>()
  /** Stops that were asked for and not told, each with when its node could be reached since; null while it cannot. */
  readonly #stopping = new Map<AttemptId, { readonly node: string; sinceMs: number | null }>()
  /** Nodes that were last told to be so. */
  readonly #reachable = new Set<string>()
  readonly #askedEarly = new Set<AttemptId>()
  #cancelTick: () => void = () => undefined
  #taking: Promise<void> = Promise.resolve()
  #mayCommit = true

  constructor(options: LifeOptions) {
    const { world, network, fence } = options
    this.options = options
    this.dice = world.dice.fork()
    this.executor = createNodeExecutor({
      transport: network.transport(),
      host: {
        name: 'model',
        log: this.#log,
        clock: world.clock,
        random: this.dice.fork(),
        fence,
        secret: () => Promise.reject(new Error('a simulation has no secrets')),
      },
    })
  }

  /** Takes up what is committed: adopts what may run, and begins to take events in. */
  async begin(): Promise<void> {
    await this.executor.setTargets(this.options.targets)
    this.#taking = this.#takeEvents()
    const open = [...this.options.state.rows.values()].filter(
      (row) =>
        row.phase === 'running' || (row.phase === 'ended' ? row.output === 'open' : this.dice.happens(0.4)),
    )
    if (open.length > 0) this.adopt(open)
    this.#tick()
  }

  /** It is still there, and nothing that it learns is committed any more: another one has taken over. */
  depose(): void {
    this.#mayCommit = false
    this.#cancelTick()
    this.#ending.abort(new Error('deposed'))
  }

  async end(): Promise<void> {
    this.depose()
    await this.executor[Symbol.asyncDispose]()
    await this.#taking
  }

  isCurrent(): boolean {
    return this.#mayCommit
  }

  row(id: AttemptId): AttemptRow | undefined {
    return this.options.state.rows.get(id)
  }

  nodeOf(row: AttemptRow): ModelNode {
    const node = this.options.nodes.get(row.request.target.node)
    if (node === undefined) throw new Error('a row without a node')
    return node
  }

  ref({ id, request }: AttemptRow): AttemptRef {
    return { id, target: request.target }
  }

  adopt(rows: readonly AttemptRow[]): void {
    const { world } = this.options
    for (const row of rows) {
      if (row.phase === 'starting') this.#askedEarly.add(row.id)
      this.#adopting.set(row.id, { node: row.request.target.node, atMs: world.clock.monotonicMs() })
    }
    this.call(rows, (signal) =>
      this.executor.adopt(
        rows.map((row) => this.ref(row)),
        { signal },
      ),
    )
  }

  /** Makes a call about some rows, which are left alone meanwhile and for a while after. */
  call(rows: readonly AttemptRow[], make: (signal: AbortSignal) => Promise<unknown>): void {
    const { clock, book } = this.options.world
    const late = new AbortController()
    for (const { id } of rows) this.#busy.add(id)
    const cancel = clock.timer(DEADLINE_MS, () => {
      late.abort(new Error('no answer in time'))
    })
    const run = async (): Promise<void> => {
      try {
        await make(late.signal)
      } catch (error) {
        book.mark(`a call failed: ${messageOf(error)}`)
      }
      cancel()
      clock.timer(this.dice.between(20, 3_000), () => {
        for (const { id } of rows) this.#busy.delete(id)
      })
    }
    void run()
  }

  #tick(): void {
    if (!this.#mayCommit) return
    this.#cancelTick = this.options.world.clock.timer(this.dice.between(30, 600), () => {
      this.#act()
      this.#checkAdopted()
      this.#checkStopped()
      this.#tick()
    })
  }

  #act(): void {
    const idle = [...this.options.state.rows.values()].filter(
      (row) => !row.released && !this.#busy.has(row.id),
    )
    const fits = (test: (row: AttemptRow) => boolean): AttemptRow[] =>
      idle.filter(test).slice(0, this.dice.between(1, 6))
    const starts = fits(({ phase, revokeWanted }) => phase === 'starting' && !revokeWanted)
    if (starts.length > 0) this.call(starts, (signal) => askStart(this, starts, signal))
    const revokes = fits(({ phase, revokeWanted }) => phase === 'starting' && revokeWanted)
    if (revokes.length > 0) this.call(revokes, (signal) => askRevoke(this, revokes, signal))
    for (const row of fits((each) => isToBeStopped(each) && each.stopWanted !== this.#stops.get(each.id))) {
      this.#askStop(row)
    }
    const releases = fits(
      (each) => each.phase === 'ended' && each.output === 'complete' && !isToBeStopped(each),
    )
    if (releases.length > 0 && this.dice.happens(0.5)) this.call(releases, () => askRelease(this, releases))
    for (const row of fits((each) => this.#wantsOutput(each)).slice(0, 2)) {
      this.call([row], () => readOutputOf(this, row))
    }
    if (this.dice.happens(0.02)) this.#look()
    if (this.dice.happens(0.05)) this.#askAgain(idle)
  }

  /** Asks for what was told before, as one does whose records may lack it; that something vanished is to be told unasked. */
  #askAgain(idle: readonly AttemptRow[]): void {
    const row = idle.find(
      (each) => each.phase !== 'starting' && each.never === null && !this.nodeOf(each).removed.has(each.id),
    )
    if (row === undefined) return
    this.options.world.book.tell(`asks again what became of ${row.id.slice(0, 6)}`)
    this.adopt([row])
  }

  #wantsOutput({ phase, output }: AttemptRow): boolean {
    return (phase === 'ended' && output === 'closed') || (phase === 'running' && this.dice.happens(0.05))
  }

  #askStop(row: AttemptRow): void {
    const { stopWanted, id } = row
    if (stopWanted === null) return
    this.#stops.set(id, stopWanted)
    const { node } = row.request.target
    const sinceMs = this.#reachable.has(node) ? this.options.world.clock.monotonicMs() : null
    this.#stopping.set(id, { node, sinceMs })
    const how = { signal: stopWanted, graceMs: this.dice.between(100, 8_000) } as const
    this.call([row], () => this.executor.stop(this.ref(row), how))
  }

  /** Looks at a node as people do. */
  #look(): void {
    const { targets } = this.options
    const target = targets[this.dice.between(0, targets.length - 1)]?.target
    if (target === undefined) return
    this.call([], async () => {
      await this.executor.inspect(target)
      this.options.world.book.cover('holder inspected')
    })
    this.call([], async () => {
      for await (const page of this.executor.inventory(target))
        this.options.world.book.mark(`${page.length} entries`)
      this.options.world.book.cover('inventory read')
    })
  }

  async #takeEvents(): Promise<void> {
    const { state, world } = this.options
    const { signal } = this.#ending
    for await (const batch of this.executor.events({ ...state.cursors }, { signal })) {
      // A store takes its time; a process that ends meanwhile has committed nothing.
      if (world.hasFaults() && this.dice.happens(0.3)) {
        await world.clock.sleep(this.dice.between(1, 2_000), { signal }).catch(() => undefined)
      }
      if (!this.#mayCommit) {
        world.book.cover('scheduler restarted before its commit')
        return
      }
      this.#takeBatch(batch)
    }
  }

  #takeBatch({ source, cursor, events }: EventBatch): void {
    const { state, nodes } = this.options
    for (const event of events) {
      if (event.kind === 'target') {
        this.#hearTarget(event.target, event.state)
        continue
      }
      const row = state.rows.get(event.id)
      const node = row === undefined ? undefined : nodes.get(row.request.target.node)
      if (row === undefined || node === undefined || row.source !== source) this.#foreign(source, event.id)
      else this.#takeEvent(event, row, node)
    }
    state.cursors[source] = cursor
  }

  #takeEvent(event: AttemptEvent, row: AttemptRow, node: ModelNode): void {
    const { book } = this.options.world
    book.tell(`told: ${describe(event)}`)
    this.#adopting.delete(event.id)
    if (event.kind === 'stopped') {
      this.#stopping.delete(event.id)
      this.#stops.delete(event.id)
    }
    const context = {
      book,
      row,
      node,
      told: this.#told.get(event.id) ?? 'nothing',
      wasAskedEarly: this.#askedEarly.has(event.id),
    } as const
    this.#told.set(event.id, checkEvent(context, event))
    applyEvent(row, event)
    if (event.kind === 'absent' && event.proof === 'never-started' && row.phase === 'starting') {
      endUnstarted(row, { rule: 'absent', why: 'it was told absent, for good' })
    }
  }

  #hearTarget(target: Target, state: string): void {
    this.options.world.book.tell(`told: ${target.node} is ${state}`)
    if (state === 'replaced') this.options.world.book.cover('another machine answered')
    for (const [id, { node }] of this.#adopting) {
      if (node === target.node && state !== 'reachable') this.#adopting.delete(id)
    }
    if (state === 'reachable') this.#reachable.add(target.node)
    else this.#reachable.delete(target.node)
    const sinceMs = state === 'reachable' ? this.options.world.clock.monotonicMs() : null
    for (const stop of this.#stopping.values()) if (stop.node === target.node) stop.sinceMs = sinceMs
  }

  /** An event of an id that is not this node's to speak of. */
  #foreign(source: string, id: AttemptId): void {
    const { book } = this.options.world
    const isInvented = this.options.targets.some(
      ({ target }) => targetKey(target) === source && target.node.startsWith('hostile'),
    )
    if (isInvented) book.cover('hostile: event of another node left out')
    else book.broken('known', `${source} tells of ${id}, which it was never asked for`)
  }

  #checkStopped(): void {
    const { clock, book } = this.options.world
    for (const [id, { node, sinceMs }] of this.#stopping) {
      if (sinceMs === null || clock.monotonicMs() - sinceMs < ANSWER_LIMIT_MS) continue
      this.#stopping.delete(id)
      const row = this.row(id)
      if (row?.isHostile === false && isToBeStopped(row))
        book.broken('stopped in time', `${id} on ${node} was to be stopped, and nothing came of it`)
    }
  }

  #checkAdopted(): void {
    const { clock, book } = this.options.world
    for (const [id, { node, atMs }] of this.#adopting) {
      if (clock.monotonicMs() - atMs < ANSWER_LIMIT_MS) continue
      this.#adopting.delete(id)
      if (this.row(id)?.isHostile === false)
        book.broken('adopt', `${id} was adopted on ${node} and never answered`)
    }
  }
}

function describe(event: AttemptEvent): string {
  const { kind, id } = event
  const sizes = 'sizes' in event ? ` with ${event.sizes.stdout} and ${event.sizes.stderr} bytes` : ''
  const left = kind === 'closed' ? `, ${event.leftRunning} left running` : ''
  return `${kind} of ${id.slice(0, 6)}${sizes}${left}`
}
