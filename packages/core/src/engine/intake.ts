import type { EventBatch, ExecutorEvent, Tail } from '@tron/executor'
import type { LogStore } from '@tron/logs'
import { type AttemptId, type Clock, isTronError, type Logger, messageOf } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import type { Input, ObservedEvent } from '../decide/input.ts'
import { logKey } from './attempt-refs.ts'
import type { GuardedExecutor } from './guard-executor.ts'

const RETRY_MS = 1_000
const STREAMS = ['stdout', 'stderr'] as const
const FORGED = 'a node told of an attempt that is not its own'

type TargetEvent = Extract<ExecutorEvent, { kind: 'target' }>

export interface IntakeOptions {
  readonly executor: GuardedExecutor
  readonly logs: LogStore
  readonly clock: Clock
  readonly log: Logger
  cursors(): Readonly<Record<string, string>>
  read(id: AttemptId): AttemptRow | undefined
  submit(input: Input): Promise<unknown>
  target(event: TargetEvent): void
  grown(id: AttemptId): void
  /** Whether a source of events is one target; others speak for many. */
  isTarget(source: string): boolean
}

/**
 * Pulls the events of one executor: output that came along is written first, then the batch is decided and committed with its cursor, and only then the
 * next is asked for. So a store that fails leaves events on the nodes, where they are safe.
 */
export function startIntake(options: IntakeOptions): { stop(): Promise<void> } {
  return new Intake(options)
}

class Intake {
  readonly #options: IntakeOptions
  readonly #stopping = new AbortController()
  readonly #worker: Promise<void>
  /** Sources that told of other targets' attempts, with those: each is warned of once. */
  readonly #forgers = new Set<string>()

  constructor(options: IntakeOptions) {
    this.#options = options
    this.#worker = this.#work()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#worker
  }

  async #work(): Promise<void> {
    const { signal } = this.#stopping
    const { clock, log, executor } = this.#options
    while (!signal.aborted) {
      try {
        await this.#pull(signal)
      } catch (error) {
        if (signal.aborted) return
        const fields = { executor: executor.name, error: messageOf(error) }
        log.warn('the events of an executor were interrupted; asking again', fields)
      }
      try {
        await clock.sleep(RETRY_MS, { signal })
      } catch {
        return
      }
    }
  }

  async #pull(signal: AbortSignal): Promise<void> {
    const { executor } = this.#options
    const from = this.#options.cursors()
    for await (const batch of executor.events(from, { signal })) {
      await this.#takeBatch(batch)
      if (signal.aborted) return
    }
  }

  async #takeBatch(batch: EventBatch): Promise<void> {
    const observed: ObservedEvent[] = []
    for (const event of batch.events) {
      if (event.kind === 'target') this.#options.target(event)
      else if (event.kind === 'progress') this.#options.grown(event.id)
      else if (this.#isForged(batch.source, event.id)) continue
      else observed.push({ event, complete: event.kind === 'closed' && (await this.#takeTail(event)) })
    }
    if (observed.length === 0) return
    const { source, cursor } = batch
    try {
      await this.#options.submit({ kind: 'events', source, cursor, events: observed })
    } catch (error) {
      if (!this.#isUnfit(error)) throw error
      await this.#takeOneByOne(batch, observed)
    }
  }

  /** Leaves out what cannot be taken in, or it would come again for ever, and all that comes after it would never. */
  async #takeOneByOne({ source, cursor }: EventBatch, events: readonly ObservedEvent[]): Promise<void> {
    // Until all are in, a crash must bring them again.
    const before = this.#options.cursors()[source] ?? ''
    for (const observed of events) {
      try {
        await this.#options.submit({ kind: 'events', source, cursor: before, events: [observed] })
      } catch (error) {
        if (!this.#isUnfit(error)) throw error
        const { kind, id } = observed.event
        const fields = { source, event: kind, attempt: id, error: messageOf(error) }
        this.#options.log.error('an event cannot be taken in and is left out', fields)
      }
    }
    await this.#options.submit({ kind: 'events', source, cursor, events: [] })
  }

  /** Whether an input was rejected for what it is, and not because nothing is taken in any more. */
  #isUnfit(error: unknown): boolean {
    return isTronError(error, 'INTERNAL') && !this.#stopping.signal.aborted
  }

  /** A node speaks of its own attempts only: whoever broke into one must not end the runs of others. One that is reached by two addresses tells all twice. */
  #isForged(source: string, id: AttemptId): boolean {
    const row = this.#options.read(id)
    if (row === undefined || row.targetKey === source || !this.#options.isTarget(source)) return false
    const pair = `${source} ${row.targetKey}`
    const fields = { attempt: id, source }
    if (this.#forgers.has(pair)) this.#options.log.debug(FORGED, fields)
    else this.#options.log.warn(FORGED, { ...fields, of: row.targetKey })
    this.#forgers.add(pair)
    return true
  }

  /** Whether all of the output is in the log store now. */
  async #takeTail(event: Extract<ExecutorEvent, { kind: 'closed' }>): Promise<boolean> {
    const row = this.#options.read(event.id)
    if (row === undefined) return false
    let complete = true
    for (const stream of STREAMS) {
      if (event.sizes[stream] === 0) continue
      const length = await this.#appendTail(row, stream, event.tail)
      if (length < event.sizes[stream]) complete = false
    }
    return complete
  }

  async #appendTail(row: AttemptRow, stream: 'stdout' | 'stderr', tail: Tail | undefined): Promise<number> {
    const { logs, log } = this.#options
    const key = logKey(row, stream)
    try {
      const length = await logs.length(key)
      const part = tail?.[stream]
      if (part === undefined || part.from > length) return length
      return await logs.append(key, part.from, part.bytes)
    } catch (error) {
      // A full disk or a broken file here must not hold back what happened to commands; the fetcher tries again.
      log.warn('output could not be written', { attempt: row.id, error: messageOf(error) })
      return 0
    }
  }
}
