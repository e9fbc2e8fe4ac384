import { Worker } from 'node:worker_threads'
import type { SeedRequest, SeedResult } from './seed-work.ts'
import { readResult } from './unsafe-messages.ts'

/** Threads that simulate seeds, each one seed at a time. */
export interface Crew extends AsyncDisposable {
  /** Simulates all of them and yields the results as they come, until the caller has enough. */
  results(requests: readonly SeedRequest[]): AsyncGenerator<SeedResult>
}

/** @param defect what the threads are to load the product with; null for the product as it is */
export function createCrew({
  size,
  defect,
}: {
  readonly size: number
  readonly defect: string | null
}): Crew {
  const workers = Array.from(
    { length: size },
    () =>
      new Worker(new URL('./seed-worker.ts', import.meta.url), {
        execArgv: ['--conditions=@tron/source'],
        workerData: { defect },
      }),
  )
  return {
    async *results(requests) {
      const waiting = [...requests]
      const idle = [...workers]
      const running = new Map<Worker, Promise<{ readonly worker: Worker; readonly result: SeedResult }>>()
      while (waiting.length > 0 || running.size > 0) {
        for (const worker of idle.splice(0)) {
          const request = waiting.shift()
          if (request !== undefined) running.set(worker, ask(worker, request))
        }
        const { worker, result } = await Promise.race(running.values())
        running.delete(worker)
        idle.push(worker)
        yield result
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask(
  worker: Worker,
  request: SeedRequest,
): Promise<{ readonly worker: Worker; readonly result: SeedResult }> {
  return new Promise((resolve, reject) => {
    const settle = (message: unknown): void => {
      worker.off('error', reject)
      resolve({ worker, result: readResult(message) })
    }
    worker.once('message', settle)
    worker.once('error', reject)
    worker.postMessage(request, [])
  })
}
