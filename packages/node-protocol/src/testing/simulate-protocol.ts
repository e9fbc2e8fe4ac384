import type { Fence, FencePair, TargetConfig } from '@tron/executor'
import { messageOf } from '@tron/model'
import { type CommittedState, isDone } from './attempt-row.ts'
import { createBook } from './book.ts'
import { watchCrashes } from './crash-watch.ts'
import { createDice } from './dice.ts'
import { endFaults, isHeldByOthers, startFaults } from './faults.ts'
import { createFenceJudge } from './fence-judge.ts'
import { createHostileMind } from './hostile-node.ts'
import { createModelBulk } from './model-bulk.ts'
import { ModelNode } from './model-node.ts'
import { ModelShell } from './model-shell.ts'
import { createQuickClock, settleTurn } from './quick-clock.ts'
import { createRequests, type Requests } from './requests.ts'
import { SchedulerLife } from './scheduler-life.ts'
import { createSimNetwork, type SimNetwork } from './sim-network.ts'
import type { World } from './world.ts'

/** One run of the simulation. */
export interface ProtocolRun {
  readonly seed: number
  /** Timers that fired and pieces that were delivered. */
  readonly steps: number
  /** The distinct names of what happened. */
  readonly coverage: readonly string[]
  /** Of all that happened, so that equal seeds can be compared. */
  readonly digest: string
  /** The rule that was broken and what happened before it, in plain words; null when all rules held. */
  readonly violation: { readonly rule: string; readonly story: readonly string[] } | null
}

const STEPS = 1_500
/** After faults cease, everything must have ended within this time. */
const ENDING_MS = 600_000
const INSTALLATION = 'aaaaaaaaaaaaaaaaaaaaaaaaaa'

/**
 * Runs the TypeScript side of the node protocol against models of nodes, with everything that can go wrong in between, all of it from a seed: time
 * is virtual, bytes come in any pieces or not at all, and some nodes say whatever they like.
 * @param options.steps how many steps faults go on for; then all must come to its end
 */
export async function simulateProtocol(options: {
  readonly seed: number
  readonly steps?: number
}): Promise<ProtocolRun> {
  const { seed, steps = STEPS } = options
  const simulation = new Simulation(seed)
  await simulation.run(steps)
  return simulation.result()
}

class Simulation {
  readonly #seed: number
  readonly #world: World
  readonly #nodes = new Map<string, ModelNode>()
  readonly #network: SimNetwork
  readonly #targets: readonly TargetConfig[]
  readonly #state: CommittedState = { rows: new Map(), cursors: {} }
  readonly #fences = createFenceJudge((text) => {
    this.#world.book.broken('fence', text)
  })
  readonly #issued: FencePair[] = []
  readonly #requests: Requests
  readonly #deposed: SchedulerLife[] = []
  #life: SchedulerLife | null = null
  #hasFaults = true
  #steps = 0

  constructor(seed: number) {
    const clock = createQuickClock()
    const world: World = {
      clock,
      dice: createDice(seed),
      book: createBook(clock),
      hasFaults: () => this.#hasFaults,
    }
    this.#seed = seed
    this.#world = world
    const names = world.dice.happens(0.35) ? ['first', 'hostile'] : ['first', 'second']
    const hosts = names.map((name) => this.#createHost(name))
    this.#network = createSimNetwork(world, hosts)
    this.#targets = names.map((node) => ({
      target: { executor: 'model', node, address: '' },
      settings: { connectTimeoutMs: 10_000, shell: 'sh' },
    }))
    this.#requests = createRequests({
      world,
      installation: INSTALLATION,
      targets: this.#targets,
      state: this.#state,
    })
  }

  async run(steps: number): Promise<void> {
    const crashes = watchCrashes(this.#world.book)
    try {
      await this.#begin([])
      startFaults(this.#world, this.#network, [...this.#nodes.values()])
      this.#requests.begin()
      this.#planRestarts()
      await this.#stepUntil(() => this.#steps >= steps)
      await this.#endAll()
    } catch (error) {
      this.#world.book.broken('crash', `thrown: ${messageOf(error)}`)
    } finally {
      crashes.end()
    }
  }

  result(): ProtocolRun {
    const { book } = this.#world
    return {
      seed: this.#seed,
      steps: this.#steps,
      coverage: book.coverage(),
      digest: book.digest(),
      violation: book.violation(),
    }
  }

  #createHost(name: string): Parameters<typeof createSimNetwork>[1][number] {
    const world = this.#world
    const node = new ModelNode({
      world,
      name,
      planOf: (command) => this.#requests.planOf(command),
      onLaunch: (folder, text) => this.#requests.checkLaunch(folder, text),
      onClaim: (...change) => this.#fences.claimed(...change),
      isConfirmed: (id) => (this.#state.rows.get(id)?.phase ?? 'starting') !== 'starting',
      onCrash: () => {
        node.reboot()
        this.#network.cut(name, 'the node lost its power')
      },
      onRelease: (folder) => this.#requests.checkRelease(folder),
    })
    this.#nodes.set(name, node)
    const mind =
      name === 'hostile'
        ? createHostileMind({
            world,
            node: () => node,
            others: () =>
              [...this.#state.rows.values()].filter(({ isHostile }) => !isHostile).map(({ id }) => id),
            probability: world.dice.pick([0.02, 0.08, 0.25]),
          })
        : null
    return {
      name,
      isUp: () => node.isUp,
      run: (output, kind) =>
        kind === 'control'
          ? new ModelShell(node, output, mind)
          : createModelBulk(node, output, (request) => mind?.bulk(output, request) ?? false),
    }
  }

  /** A scheduler starts: the next epoch, with a nonce of its own. */
  async #begin(takeOver: readonly string[]): Promise<void> {
    const epoch = this.#issued.length + 1
    const nonce = `n${epoch}x${this.#world.dice.between(1, 9_999)}`
    const fence: Fence = {
      installation: INSTALLATION,
      epoch,
      nonce,
      holder: `scheduler-${epoch}`,
      issued: [...this.#issued],
      takeOver,
    }
    this.#issued.push({ epoch, nonce })
    this.#fences.begun({ epoch, nonce }, takeOver)
    this.#world.book.tell(`scheduler ${epoch} starts`)
    this.#life = new SchedulerLife({
      world: this.#world,
      network: this.#network,
      state: this.#state,
      nodes: this.#nodes,
      targets: this.#targets,
      fence,
    })
    await this.#life.begin()
  }

  #planRestarts(): void {
    const { clock, dice, hasFaults } = this.#world
    clock.timer(dice.between(5_000, 240_000), () => {
      if (!hasFaults()) return
      this.#restart(dice.happens(0.3) ? [...this.#nodes.keys()] : []).then(
        () => this.#planRestarts(),
        (error: unknown) => {
          this.#world.book.broken('crash', `a restart failed: ${messageOf(error)}`)
        },
      )
    })
  }

  /** The old scheduler ends, or is only cut off from its store and does not know it yet. */
  async #restart(takeOver: readonly string[]): Promise<void> {
    const { book, dice } = this.#world
    const old = this.#life
    book.cover('scheduler restarted')
    if (takeOver.length > 0) book.cover('fence taken back by the operator')
    if (old !== null && dice.happens(0.3)) {
      old.depose()
      this.#deposed.push(old)
      book.cover('deposed scheduler tried to start')
    } else await old?.end()
    await this.#begin(takeOver)
    const deposed = this.#deposed.at(-1)
    const starting = [...this.#state.rows.values()].filter(
      ({ phase, never }) => phase === 'starting' && never === null,
    )
    if (deposed === undefined || starting.length === 0) return
    for (const row of starting) row.maybeSent = true
    const requests = starting.map(({ request }) => request)
    deposed.executor.start(requests, { signal: new AbortController().signal }).catch(() => undefined)
  }

  async #endAll(): Promise<void> {
    const { clock, book, dice } = this.#world
    this.#hasFaults = false
    book.tell('faults cease')
    const isCut = dice.happens(0.5)
    for (const [name, node] of this.#nodes) {
      endFaults(node)
      if (isCut) this.#network.cut(name, 'the last of the old connections')
    }
    // A foreign fence needs an operator and a new scheduler; all else must heal by itself.
    const isForeign = [...this.#nodes.values()].some(isHeldByOthers)
    if (isForeign || dice.happens(0.3)) await this.#carry(this.#restart([...this.#nodes.keys()]))
    const limitMs = clock.monotonicMs() + ENDING_MS
    await this.#stepUntil(() => clock.monotonicMs() > limitMs || [...this.#state.rows.values()].every(isDone))
    for (const row of this.#state.rows.values()) {
      if (isDone(row) || row.isHostile) continue
      book.broken('ends', `${row.id} on ${row.request.target.node} is ${row.phase}, its output ${row.output}`)
    }
    const lives = [...this.#deposed, ...(this.#life === null ? [] : [this.#life])]
    await this.#carry(Promise.all(lives.map((life) => life.end())))
  }

  /** Lets time go on until some work is over. */
  async #carry(work: Promise<unknown>): Promise<void> {
    const { clock, book } = this.#world
    const limitMs = clock.monotonicMs() + ENDING_MS
    let isOver = false
    const wait = async (): Promise<void> => {
      await work
      isOver = true
    }
    wait().catch((error: unknown) => {
      book.broken('crash', `a scheduler does not end: ${messageOf(error)}`)
    })
    await settleTurn()
    await this.#stepUntil(() => isOver || clock.monotonicMs() > limitMs)
    if (!isOver && book.violation() === null) book.broken('crash', 'a scheduler does not end')
  }

  async #stepUntil(isEnough: () => boolean): Promise<void> {
    const { clock, book } = this.#world
    while (!isEnough() && book.violation() === null) {
      if (!clock.step()) {
        await settleTurn()
        if (!clock.step()) return
      }
      this.#steps += 1
      await settleTurn()
    }
  }
}
