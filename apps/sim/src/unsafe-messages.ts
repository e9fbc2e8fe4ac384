import type { SeedRequest, SeedResult, WorkerTask } from './seed-work.ts'

/** What the main thread made a worker with. */
export function readTask(data: unknown): WorkerTask {
  return data as WorkerTask
}

/** What the main thread asks a worker. */
export function readRequest(message: unknown): SeedRequest {
  return message as SeedRequest
}

/** What a worker answers. */
export function readResult(message: unknown): SeedResult {
  return message as SeedResult
}
