import {
  type Clock,
  type JobId,
  type Logger,
  messageOf,
  parseStartKey,
  type RunId,
  runId,
  type Target,
} from '@tron/model'
import type { Row, Store } from '@tron/store'
import type { Input } from '../decide/input.ts'
import { nodesToImport, readTakeOver } from '../decide/take-over.ts'
import { readCovering } from './covering.ts'
import type { GuardedExecutor } from './guard-executor.ts'
import type { EngineHealth } from './health.ts'
import { loadSpecs, type OpenState } from './open-state.ts'
import { type Found, readInventories, surveyNodes } from './survey.ts'
import type { Targets } from './targets.ts'

/** A node that is reachable and not ours yet is asked again after this. */
const RETRY_MS = 2_000

export interface ImporterOptions {
  readonly executors: ReadonlyMap<string, GuardedExecutor>
  readonly store: Store
  readonly state: Pick<OpenState, 'tables' | 'specs' | 'lease'>
  readonly health: EngineHealth
  readonly targets: Targets
  readonly clock: Clock
  readonly log: Logger
  withHistory<T>(runs: readonly RunId[], decide: (history: readonly Row[]) => Promise<T>): Promise<T>
  submit(input: Input): Promise<unknown>
  /** Asks what became of all that is, or may be, at a target. */
  adoptAll(target: Target): void
}

/** Brings into the store what nodes hold after a take-over, and this store may not know. */
export interface Importer {
  /** Nodes that a take-over has yet to import from. */
  pending(): readonly string[]
  /** Imports from those that can be asked; the others follow when they are met. */
  importAll(): Promise<void>
  /** Imports from a node that could not be asked before; tries again while it is not ours. */
  importFrom(node: string): void
  /** Forgets what is to be tried again; nothing may be acted any more when it is called. */
  stop(): void
}

export function createImporter(options: ImporterOptions): Importer {
  return new TakeOverImporter(options)
}

class TakeOverImporter implements Importer {
  readonly #options: ImporterOptions
  /** What cancels the next tries. */
  readonly #retries = new Set<() => void>()

  constructor(options: ImporterOptions) {
    this.#options = options
  }

  pending(): readonly string[] {
    return nodesToImport(this.#takeOver())
  }

  async importAll(): Promise<void> {
    const { nodes } = this.#takeOver()
    if (nodes.length === 0) return
    this.#options.health.takingOver(`importing what ${nodes.join(', ')} hold`)
    await this.#import(nodes)
  }

  importFrom(node: string): void {
    const { clock, log, health } = this.#options
    const waits = () => this.pending().includes(node)
    this.#importMet(node)
      .catch((error: unknown) => {
        log.warn('what a node holds was not imported', { node, error: messageOf(error) })
      })
      .finally(() => {
        if (!waits() || !health.mayAct()) return
        const cancel = clock.timer(RETRY_MS, () => {
          this.#retries.delete(cancel)
          if (waits() && health.mayAct()) this.importFrom(node)
        })
        this.#retries.add(cancel)
      })
  }

  stop(): void {
    for (const cancel of this.#retries) cancel()
  }

  async #importMet(node: string): Promise<void> {
    const options = this.#options
    await this.#import([node])
    // What runs there became known only now.
    for (const target of options.targets.configured()) if (target.node === node) options.adoptAll(target)
  }

  #takeOver() {
    return readTakeOver(this.#options.state.tables.view)
  }

  async #import(nodes: readonly string[]): Promise<void> {
    const options = this.#options
    const { executors, state, store, clock, log } = options
    const { first } = this.#takeOver()
    const targets = options.targets.all().filter(({ node }) => nodes.includes(node))
    const asking = { executors, targets, clock, log }
    const { found, unasked } = await readInventories(asking)
    const { unknown, runs } = await this.#sift(found)
    const covering = await readCovering(store, unknown)
    await loadSpecs(
      store,
      state.specs,
      covering.flatMap(({ specHash }) => specHash ?? []),
    )
    // A node that still holds the other's pair may not be counted as taken over: after a crash, this start would be the foreign one there.
    const { foreign, silent } = await surveyNodes(asking, state.lease)
    const open = new Set([...unasked, ...silent, ...foreign.map(({ target }) => target.node)])
    // One that left the configuration is not asked, and not done with either: that is for an operator to say.
    const done = targets.map(({ node }) => node).filter((node) => !open.has(node))
    await options.withHistory(runs, (history) =>
      options.submit({ kind: 'import', history, covering, found: unknown, done, first }),
    )
    log.info('what the nodes hold was imported', { found: found.length, imported: unknown.length, done })
  }

  /** Keeps what this store does not know, and the runs that it belongs to. */
  async #sift(found: readonly Found[]): Promise<{ unknown: readonly Found[]; runs: readonly RunId[] }> {
    const { store } = this.#options
    const unknown: Found[] = []
    const runs = new Set<RunId>()
    const { signal } = new AbortController()
    for (const item of found) {
      const query = { name: 'attempt', params: { id: item.entry.id }, limit: 1 } as const
      if ((await store.query(query, { signal })).rows.length > 0) continue
      const job = this.#jobOf(item)
      if (job === null) continue
      unknown.push(item)
      runs.add(runId(job, item.entry.runNumber))
    }
    return { unknown, runs: [...runs] }
  }

  /** Null for what does not say what it was: a revoke that came first left an id and nothing else. */
  #jobOf({ target, entry }: Found): JobId | null {
    try {
      return parseStartKey(entry.startKey).job
    } catch (error) {
      const fields = { node: target.node, attempt: entry.id, phase: entry.phase, error: messageOf(error) }
      this.#options.log.warn('a node holds something that cannot be imported', fields)
      return null
    }
  }
}
