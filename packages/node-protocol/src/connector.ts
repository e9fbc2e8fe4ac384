import { type Clock, messageOf, type Random, TronError } from '@tron/model'
import type { Session } from './session.ts'

/** Keeps one node connected while it is wanted, and tells those who need it now whether it is. */
export interface Connector {
  /** The live session; null while there is none. */
  current(): Session | null
  /** The live session, or the one that the next try gives. @throws what that try failed with */
  ready(): Promise<Session>
  /** Whether to be connected also when nobody asks. */
  want(isWanted: boolean): void
  isWanted(): boolean
  /** Ends the live session on this side: no news of the node, whether it is made again or not. */
  end(reason: string): void
  dispose(): Promise<void>
}

export interface ConnectorOptions {
  readonly clock: Clock
  readonly random: Random
  /** Makes a session that is ready for use. */
  readonly connect: (signal: AbortSignal) => Promise<Session>
  readonly onUp: (session: Session) => void
  readonly onDown: (reason: string) => void
  readonly onFailed: (error: unknown) => void
}

const FIRST_PAUSE_MS = 250
const MAX_PAUSE_MS = 30_000
/** A failure this young answers whoever asks: the node is not bothered again at once. */
const FRESH_FAILURE_MS = 1_000

export function createConnector(options: ConnectorOptions): Connector {
  return new NodeConnector(options)
}

class NodeConnector implements Connector {
  readonly #options: ConnectorOptions
  readonly #life = new AbortController()
  readonly #asking = new Set<PromiseWithResolvers<Session>>()
  readonly #working: Promise<void>
  #session: Session | null = null
  #ended: Session | null = null
  #isWanted = false
  #isTrying = false
  #failures = 0
  #lastFailure: { readonly error: unknown; readonly atMs: number } | null = null
  #bell = Promise.withResolvers<void>()

  constructor(options: ConnectorOptions) {
    this.#options = options
    this.#working = this.#work()
  }

  current(): Session | null {
    return this.#session?.control.isOpen() === true ? this.#session : null
  }

  ready(): Promise<Session> {
    if (this.#life.signal.aborted) return Promise.reject(closedError())
    const session = this.current()
    if (session !== null) return Promise.resolve(session)
    const failure = this.#freshFailure()
    if (failure !== null) return Promise.reject(failure)
    const one = Promise.withResolvers<Session>()
    this.#asking.add(one)
    this.#bell.resolve()
    return one.promise
  }

  want(isWanted: boolean): void {
    this.#isWanted = isWanted
    if (isWanted) this.#bell.resolve()
  }

  async dispose(): Promise<void> {
    this.#life.abort()
    this.#bell.resolve()
    this.#answer((one) => {
      one.reject(closedError())
    })
    await this.#session?.close('the executor is closed')
    await this.#working
  }

  isWanted(): boolean {
    return this.#isWanted
  }

  end(reason: string): void {
    this.#ended = this.current()
    this.#ended?.control.end(reason)
  }

  #freshFailure(): Error | null {
    if (this.#lastFailure === null || this.#failures === 0 || this.#isTrying) return null
    const ageMs = this.#options.clock.monotonicMs() - this.#lastFailure.atMs
    return ageMs < FRESH_FAILURE_MS ? asError(this.#lastFailure.error) : null
  }

  #answer(give: (one: PromiseWithResolvers<Session>) => void): void {
    for (const one of this.#asking) give(one)
    this.#asking.clear()
  }

  #isDue(): boolean {
    return this.#isWanted || this.#asking.size > 0
  }

  async #work(): Promise<void> {
    const { signal } = this.#life
    while (!signal.aborted) {
      if (!this.#isDue()) await this.#bell.promise
      this.#bell = Promise.withResolvers<void>()
      if (signal.aborted || !this.#isDue()) continue
      const session = await this.#tryOnce()
      if (session === null) {
        if (this.#asking.size === 0) await this.#pause()
        continue
      }
      const reason = await session.closed
      this.#session = null
      await session.close(reason)
      if (!signal.aborted && this.#ended !== session) this.#options.onDown(reason)
      this.#ended = null
    }
  }

  async #tryOnce(): Promise<Session | null> {
    const { signal } = this.#life
    this.#isTrying = true
    try {
      const session = await this.#options.connect(signal)
      if (signal.aborted) {
        // It came too late: nobody else knows of it, so nobody else would close it.
        await session.close('the executor is closed')
        return null
      }
      this.#failures = 0
      this.#session = session
      this.#options.onUp(session)
      this.#answer((one) => {
        one.resolve(session)
      })
      return session
    } catch (error) {
      this.#fail(error)
      return null
    } finally {
      this.#isTrying = false
    }
  }

  #fail(error: unknown): void {
    this.#failures += 1
    this.#lastFailure = { error, atMs: this.#options.clock.monotonicMs() }
    if (!this.#life.signal.aborted) this.#options.onFailed(error)
    this.#answer((one) => {
      one.reject(error)
    })
  }

  /** Until the next try: longer after each failure, never quite as long as for others, and over at once when somebody asks. */
  async #pause(): Promise<void> {
    const { clock, random } = this.#options
    const longest = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 10))
    const over = new AbortController()
    const signal = AbortSignal.any([over.signal, this.#life.signal])
    const slept = clock.sleep(longest * (0.5 + random.next() / 2), { signal }).catch(() => undefined)
    await Promise.race([this.#bell.promise, slept])
    over.abort()
  }
}

function closedError(): TronError {
  return new TronError('UNREACHABLE', 'the executor is closed')
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown))
}
