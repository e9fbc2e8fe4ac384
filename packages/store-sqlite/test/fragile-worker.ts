import { Worker, type WorkerOptions } from 'node:worker_threads'

/** How the next call to a thread is to end: it dies before it takes the call, or after it has done all and before its answer arrives. */
export type Death = 'before the call' | 'before the answer'

/** Threads that die on demand. */
export class FragileWorkers {
  #death: Death | null = null

  /** The next call to any of the threads meets this. */
  dieNext(death: Death): void {
    this.#death = death
  }

  start(module: URL, options: WorkerOptions): Worker {
    const takeDeath = (death: Death) => {
      const isDue = this.#death === death
      if (isDue) this.#death = null
      return isDue
    }
    return new FragileWorker(module, options, takeDeath)
  }
}

class FragileWorker extends Worker {
  readonly #takeDeath: (death: Death) => boolean

  constructor(module: URL, options: WorkerOptions, takeDeath: (death: Death) => boolean) {
    super(module, options)
    this.#takeDeath = takeDeath
  }

  override postMessage(message: unknown): void {
    if (this.#takeDeath('before the call')) void this.terminate()
    else super.postMessage(message, [])
  }

  override emit(event: string | symbol, ...args: readonly unknown[]): boolean {
    if (event !== 'message' || !this.#takeDeath('before the answer')) return super.emit(event, ...args)
    void this.terminate()
    return true
  }
}
