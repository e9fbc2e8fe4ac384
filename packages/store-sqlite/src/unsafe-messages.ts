import { workerData } from 'node:worker_threads'
import type { Call, CommitArgs, Reply, WorkerSettings } from './messages.ts'

/** What the two threads, which are of one build, send each other. */
export function callsOf(message: unknown): readonly Call[] {
  return message === null ? [] : (message as readonly Call[])
}

export function repliesOf(message: unknown): readonly Reply[] {
  return message as readonly Reply[]
}

/** The result of a call, as its kind says. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows the kind of the call
export function resultOf<T>(result: unknown): T {
  return result as T
}

export function commitsOf(args: readonly unknown[]): readonly CommitArgs[] {
  return args as readonly CommitArgs[]
}

/** Handlers by name; each gets the arguments of its own kind. */
export function handlerMap(handlers: object): ReadonlyMap<string, (args: unknown) => unknown> {
  return new Map(Object.entries(handlers) as [string, (args: unknown) => unknown][])
}

/** What this thread was started with. */
export function settingsOfWorker(): WorkerSettings {
  return workerData as WorkerSettings
}
