import { Worker, type WorkerOptions } from 'node:worker_threads'
import { messageOf, TronError } from '@tron/model'
import type { Call, WorkerSettings } from './messages.ts'
import { repliesOf, resultOf } from './unsafe-messages.ts'
import { revive } from './wire-error.ts'

/** What a thread does. */
export type ThreadModule = 'writer-worker' | 'reader-worker'

const MODULES: Readonly<Record<ThreadModule, URL>> = {
  'writer-worker': new URL('./writer-worker.ts', import.meta.url),
  'reader-worker': new URL('./reader-worker.ts', import.meta.url),
}

/** Run from source, a thread's imports must resolve to source as well. */
const IS_SOURCE = import.meta.url.endsWith('.ts')

/** How a thread is started. */
export type StartWorker = (module: URL, options: WorkerOptions) => Worker

/** The plain way. */
export const startThread: StartWorker = (module, options) => new Worker(module, options)

type AnyCalls<Calls> = Record<keyof Calls, { readonly args: unknown; readonly result: unknown }>

export interface WorkerClientOptions {
  readonly module: ThreadModule
  readonly settings: WorkerSettings
  readonly startWorker: StartWorker
  /** Told of an end that nobody asked for. */
  readonly onCrash: (error: Error) => void
}

/** A thread as seen from the one that started it. It is started by the first call, and again by the first one after it crashed. */
export interface WorkerClient<Calls extends AnyCalls<Calls>> {
  /** @throws what the handler threw; WorkerCrashed when the thread ended before it answered */
  call<K extends keyof Calls & string>(kind: K, args: Calls[K]['args']): Promise<Calls[K]['result']>
  /** Resolves when all calls that were sent are answered. */
  idle(): Promise<void>
  /** Answers what was sent, then ends the thread. It may be called again. */
  stop(): Promise<void>
}

/** The thread ended before it answered: nobody knows what became of the call. */
export class WorkerCrashed extends TronError {
  constructor(cause: Error) {
    super('STORE_DEGRADED', `the thread that keeps the records ended: ${messageOf(cause)}`, { cause })
  }
}

/** Makes a client; nothing is started yet. */
export function createWorkerClient<Calls extends AnyCalls<Calls>>(
  options: WorkerClientOptions,
): WorkerClient<Calls> {
  let running: RunningWorker | null = null
  return {
    async call(kind, args) {
      if (running === null || running.ended) running = new RunningWorker(options)
      return resultOf(await running.call(kind, args))
    },
    async idle() {
      await running?.idle()
    },
    async stop() {
      const stopping = running
      running = null
      await stopping?.stop()
    },
  }
}

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

class RunningWorker {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #exited = Promise.withResolvers<void>()
  readonly #options: WorkerClientOptions
  #outbox: Call[] = []
  #lastId = 0
  #idle = Promise.withResolvers<void>()
  #stopping = false
  ended = false

  constructor(options: WorkerClientOptions) {
    this.#options = options
    this.#idle.resolve()
    this.#worker = start(options)
    this.#worker.on('message', (message: unknown) => this.#receive(message))
    this.#worker.on('error', (error: unknown) =>
      this.#crash(error instanceof Error ? error : new Error(String(error))),
    )
    this.#worker.on('exit', (code) => {
      this.#crash(new Error(`exit code ${code}`))
      this.#exited.resolve()
    })
  }

  call(kind: string, args: unknown): Promise<unknown> {
    const id = (this.#lastId += 1)
    if (this.#waiting.size === 0) this.#idle = Promise.withResolvers<void>()
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#waiting.set(id, { resolve, reject })
    // Calls of one turn go in one message.
    if (this.#outbox.length === 0) queueMicrotask(() => this.#send())
    this.#outbox.push({ id, kind, args })
    return promise
  }

  idle(): Promise<void> {
    return this.#idle.promise
  }

  async stop(): Promise<void> {
    this.#send()
    this.#stopping = true
    this.#worker.postMessage(null, [])
    await this.#exited.promise
  }

  #send(): void {
    if (this.#outbox.length === 0) return
    this.#worker.postMessage(this.#outbox, [])
    this.#outbox = []
  }

  #receive(message: unknown): void {
    for (const reply of repliesOf(message)) {
      const waiting = this.#waiting.get(reply.id)
      this.#waiting.delete(reply.id)
      if (reply.ok) waiting?.resolve(reply.result)
      else waiting?.reject(revive(reply.error))
    }
    if (this.#waiting.size === 0) this.#idle.resolve()
  }

  #crash(error: Error): void {
    if (this.ended) return
    this.ended = true
    if (!this.#stopping) this.#options.onCrash(error)
    for (const { reject } of this.#waiting.values()) reject(new WorkerCrashed(error))
    this.#waiting.clear()
    this.#idle.resolve()
  }
}

/** Small limits: what a thread holds is one message and the page cache of SQLite, which is not in V8's heap. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128, stackSizeMb: 2 }

function start({ module, settings, startWorker }: WorkerClientOptions): Worker {
  const options = { workerData: settings, resourceLimits: LIMITS, name: module }
  if (IS_SOURCE) {
    return startWorker(MODULES[module], { ...options, execArgv: ['--conditions=@tron/source'] })
  }
  // The compiler rewrites the endings of imports, not of URLs.
  return startWorker(new URL(MODULES[module].href.replace(/\.ts$/, '.js')), options)
}
