import type {
  ExecutorEvent,
  ExecutorHost,
  Holder,
  InventoryEntry,
  RevokeReply,
  StartReply,
  StartRequest,
} from '@tron/executor'
import {
  type AttemptId,
  isTronError,
  type JsonValue,
  type Logger,
  messageOf,
  type Target,
  targetKey,
} from '@tron/model'
import { type Adoption, createAdoption } from './adoption.ts'
import type { Story } from './attempt-story.ts'
import { type AttemptTracker, createAttemptTracker } from './attempt-tracker.ts'
import { type Closer, createCloser } from './closing.ts'
import { type Connector, createConnector } from './connector.ts'
import { createEventQueue, type EventQueue } from './event-queue.ts'
import { createHolding, type Holding } from './holding.ts'
import { createJournalIntake, type JournalIntake } from './journal-intake.ts'
import type { Transport } from './link.ts'
import { createLooks, type Looks } from './looks.ts'
import { listAttempts, listLive, ping } from './node-requests.ts'
import { openInTime } from './open-in-time.ts'
import { type OutputRange, readOutput } from './output.ts'
import { createPlaces } from './places.ts'
import { releaseAttempts } from './release.ts'
import { revokeAttempt } from './revoke.ts'
import type { Session } from './session.ts'
import { ReplacedError } from './spool-access.ts'
import { createStarts, type Starts } from './starts.ts'
import { createStops, type StopHow, type Stops } from './stops.ts'
import { createUpkeep, type Upkeep } from './upkeep.ts'

export interface NodeOptions {
  readonly target: Target
  readonly transport: Transport
  readonly host: ExecutorHost
  /** The POSIX shell on the node. */
  readonly shell: string
  /** A connection older than this is made anew; null: never. */
  readonly sessionMaxAgeMs: number | null
  /** Wakes whoever waits for events. */
  readonly onPush: () => void
}

/** A journal larger than this begins anew at the next connection. */
const MAX_JOURNAL = 4 * 1024 * 1024
const BULK_CHANNELS = 2

/** One target: its connection, its fence, and all that is under way on it. */
export class Node {
  readonly queue: EventQueue
  readonly #options: NodeOptions
  readonly #log: Logger
  readonly #connector: Connector
  readonly #closer: Closer
  readonly #tracker: AttemptTracker
  readonly #holding: Holding
  readonly #starts: Starts
  readonly #stops: Stops
  readonly #upkeep: Upkeep
  readonly #bulk = createPlaces(BULK_CHANNELS)
  readonly #adoption: Adoption
  readonly #looks: Looks
  #settings: JsonValue = null
  readonly #journal: JournalIntake
  /** Whether all that lives must be told again. */
  #mustRetell = false
  #told: Extract<ExecutorEvent, { kind: 'target' }>['state'] | 'nothing' = 'nothing'

  constructor(options: NodeOptions) {
    const { target, host } = options
    const { clock } = host
    this.#options = options
    this.#log = host.log.child({ node: target.node })
    const push = (event: ExecutorEvent): void => {
      this.queue.push(event)
    }
    this.queue = createEventQueue({
      source: targetKey(target),
      cursor: () => this.#journal.cursor(this.#tracker.neededFrom()),
      onPush: options.onPush,
    })
    this.#journal = createJournalIntake((entry, place) => {
      this.#tracker.hear(entry, place)
      this.#starts.hear(entry)
    })
    this.#closer = createCloser({ session: () => this.#connector.current(), push, log: this.#log })
    this.#tracker = createAttemptTracker({
      clock,
      push,
      close: (track, closing) => {
        this.#closer.close(track, closing)
      },
    })
    this.#connector = this.#createConnector()
    this.#holding = this.#createHolding()
    this.#starts = this.#createStarts()
    this.#looks = createLooks({
      clock,
      connector: this.#connector,
      open: () => this.#open(new AbortController().signal),
    })
    this.#adoption = this.#createAdoption(push)
    this.#stops = createStops({
      clock,
      log: this.#log,
      held: () => this.#heldSession(),
      onExit: (id, call) => this.#tracker.onExit(id, call),
      push,
    })
    this.#upkeep = createUpkeep({
      ...host,
      log: this.#log,
      tracker: this.#tracker,
      connector: this.#connector,
      maxAgeMs: options.sessionMaxAgeMs,
      parts: [this.#starts, this.#stops, this.#adoption, this.#looks, this.#bulk],
      see: (session, ids) => this.#check(session, ids),
      ping: (session) => this.#ping(session),
    })
  }

  /** Whether to be connected, and how. */
  configure(settings: JsonValue): void {
    this.#settings = settings
    this.#connector.want(true)
  }

  /** Not a target any more: its connection is not made again unless somebody asks for it. */
  retire(): void {
    this.#connector.want(false)
  }

  /** Somebody begins to take events in from a cursor: what this process has passed on already and that cursor does not cover is told again. */
  resumeFrom(cursor: string | undefined): void {
    const acknowledged = this.queue.acknowledged()
    if (this.#journal.resume(cursor)) return
    if (acknowledged !== undefined && cursor !== acknowledged) this.#retell()
  }

  /** There is room for events that were dropped. */
  refill(): void {
    if (this.queue.takeOverflow()) this.#retell()
  }

  async start(request: StartRequest): Promise<StartReply> {
    return this.#starts.start(request)
  }

  revoke(id: AttemptId): Promise<RevokeReply> {
    return revokeAttempt({ log: this.#log, hold: () => this.#holding.hold() }, id)
  }

  async adopt(ids: readonly AttemptId[]): Promise<void> {
    this.#adoption.want(ids)
    try {
      const session = await this.#connector.ready()
      await this.#adoption.answer(session)
    } catch (error) {
      this.#tell('unreachable', messageOf(error), true)
    }
  }

  stop(id: AttemptId, how: StopHow): void {
    this.#stops.want(id, how)
    this.#background(this.#carryOut())
  }

  async release(ids: readonly AttemptId[]): Promise<readonly AttemptId[]> {
    const session = await this.#holding.hold()
    if (typeof session === 'string') return []
    const released = await releaseAttempts(session, ids)
    for (const id of released) this.#tracker.forget(id)
    return released
  }

  read(range: OutputRange): AsyncGenerator<Uint8Array> {
    const { target, host, shell } = this.#options
    const ready = (): Promise<Session> => this.#connector.ready()
    const { random, clock } = host
    return readOutput({ node: target.node, shell, random, clock, ready, bulk: this.#bulk }, range)
  }

  inspect(): Promise<Holder | null> {
    return this.#looks.inspect()
  }

  inventory(): AsyncGenerator<readonly InventoryEntry[]> {
    return this.#looks.inventory()
  }

  async dispose(): Promise<void> {
    this.#upkeep.dispose()
    this.#stops.dispose()
    this.#tracker.dispose()
    this.#adoption.dispose()
    await this.#connector.dispose()
  }

  #createConnector(): Connector {
    const { clock, random } = this.#options.host
    return createConnector({
      clock,
      random,
      connect: (signal) => this.#connect(signal),
      onUp: (session) => {
        this.#up(session)
      },
      onDown: (reason) => {
        this.#down(reason)
      },
      onFailed: (error) => {
        this.#failed(error)
      },
    })
  }

  #createHolding(): Holding {
    const { target, host } = this.#options
    return createHolding({
      target,
      host,
      ready: () => this.#connector.ready(),
      onFenced: (reason) => {
        this.#tell('fenced', reason)
      },
      beginAnew: (session, reason) => {
        this.#beginAnew(session, reason)
      },
    })
  }

  #createStarts(): Starts {
    const { target, host } = this.#options
    return createStarts({
      node: target.node,
      clock: host.clock,
      hold: () => this.#holding.hold(),
      onFull: (reason) => {
        this.#tell('full', reason)
      },
      onRoom: () => {
        if (this.#told === 'full') this.#tell('reachable', 'its disk has room again')
      },
      look: async (session, id) => (await this.#check(session, [id])).at(0) ?? null,
    })
  }

  #createAdoption(push: (event: ExecutorEvent) => void): Adoption {
    return createAdoption({
      clock: this.#options.host.clock,
      tracker: this.#tracker,
      push,
      revoke: (id) => this.revoke(id),
      isStarting: (id) => this.#starts.isUnderWay(id),
      onDue: () => {
        const session = this.#connector.current()
        // The next connection answers all the same.
        if (session !== null) this.#background(this.#adoption.answer(session))
      },
    })
  }

  #open(signal: AbortSignal): Promise<Session> {
    const { target, transport, host, shell } = this.#options
    const { clock, random, fence } = host
    return openInTime({
      transport,
      target,
      settings: this.#settings,
      installation: fence.installation,
      clock,
      random,
      shell,
      onFenced: () => {
        this.#background(this.#carryOut())
      },
      onJournal: (line, place) => {
        this.#journal.hear(line, place)
      },
      signal,
    })
  }

  async #connect(signal: AbortSignal): Promise<Session> {
    const session = await this.#open(signal)
    try {
      await this.#holding.claim(session)
      await this.#followJournal(session)
      return session
    } catch (error) {
      await session.close(messageOf(error))
      throw error
    }
  }

  async #carryOut(): Promise<void> {
    await this.#holding.hold()
    this.#stops.carryOut()
  }

  /** What the connection heard may not have been all: the next one takes nothing for told. */
  #beginAnew(session: Session, reason: string): void {
    this.#journal.lose()
    session.control.end(reason)
  }

  #heldSession(): Session | null {
    const session = this.#connector.current()
    return session?.isHeld() === true ? session : null
  }

  /** Follows the journal from where it was left, and compares what lives with what is expected. */
  async #followJournal(session: Session): Promise<void> {
    if (session.folder() === null) return
    const knows = this.#journal.knows(session.journal())
    if (session.isHeld() && session.journal().size > MAX_JOURNAL) await session.rotate()
    const from = this.#journal.follow(session.journal(), knows)
    this.#mustRetell ||= from.isAnew
    const asked = session.control.ask({ header: `follow ${from.offset}` })
    if (this.#mustRetell) await Promise.all([asked, this.#retellNow(session)])
    else {
      await asked
      await this.#check(session, this.#tracker.unfinished())
    }
  }

  #up(session: Session): void {
    const { launcher, follower } = session.hello
    if (session.isHeld()) this.#tell('reachable', `connected; launcher ${launcher}, follower ${follower}`)
    this.#closer.resume()
    this.#stops.carryOut()
    this.#upkeep.begin()
    this.#background(this.#adoption.answer(session))
  }

  #down(reason: string): void {
    this.#upkeep.pause()
    this.#tell('unreachable', reason)
  }

  #failed(error: unknown): void {
    const isReplaced = error instanceof ReplacedError
    this.#tell(isReplaced ? 'replaced' : 'unreachable', messageOf(error))
  }

  #tell(state: Extract<ExecutorEvent, { kind: 'target' }>['state'], reason: string, again = false): void {
    if (state === this.#told && !again) return
    this.#told = state
    this.queue.push({ kind: 'target', target: this.#options.target, state, reason })
    this.#log.info('a node changed its state', { state, reason })
  }

  #retell(): void {
    this.#mustRetell = true
    const session = this.#connector.current()
    if (session !== null && session.folder() !== null) this.#background(this.#retellNow(session))
  }

  /** The records tell the beginnings of what the journal says meanwhile. */
  #retellNow(session: Session): Promise<void> {
    return this.#journal.holdBack(async () => {
      const { boot } = session.hello
      const unfinished = new Set(this.#tracker.unfinished())
      const open = this.#tracker.open()
      const alive = await listLive(session)
      this.#mustRetell = false
      for (const attempt of alive) {
        unfinished.delete(attempt.id)
        // What waits for adopt is answered there.
        if (attempt.go?.kind !== 'revoked') this.#tracker.see(attempt, { boot, again: true, open })
      }
      await this.#check(session, [...unfinished])
      this.#journal.caughtUp()
    })
  }

  async #check(session: Session, ids: readonly AttemptId[]): Promise<readonly Story[]> {
    if (ids.length === 0) return []
    const { boot } = session.hello
    const open = this.#tracker.open()
    const found = await listAttempts(session, ids)
    return found.map((attempt) => this.#tracker.see(attempt, { boot, again: false, open }))
  }

  async #ping(session: Session): Promise<void> {
    const loss = await ping(session)
    if (loss === 'journal')
      this.#beginAnew(session, 'another journal stands in the place of the followed one, or none')
    // A claim may have come to nothing before.
    if (loss === 'fence' && this.#told !== 'fenced') await this.#holding.hold()
  }

  #background(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (isTronError(error, 'UNREACHABLE')) return
      this.#log.warn('what a node holds could not be read', { error: messageOf(error) })
    })
  }
}
